import type { JournalEvent } from '../domain/journal/types.ts'
import type { Vector } from './vector.ts'

/** A promise of the journal that does not hold: a bug, a second writer of a lane, or history that was changed. */
export interface Break {
  readonly kind: 'LANE' | 'PLAYER'
  readonly lane: number
  readonly seq: bigint
  readonly playerId: string | null
  readonly expected: bigint
  readonly found: bigint
}

const playersMax = 50_000

/** Asserts what the journal promises: no hole in a lane, and a player's versions rising by one. */
export class Chain {
  /** The newest version of the players lately seen, least lately seen first. */
  readonly #versions = new Map<string, bigint>()

  /** `place` is where the event's lane stands before it. Undefined when all is well. */
  check(event: JournalEvent, place: Vector): Break | undefined {
    const before = place.seq(event.lane)
    const player = this.#checkPlayer(event)
    if (event.prev !== before) return broken('LANE', event, before, event.prev)
    return player
  }

  #checkPlayer(event: JournalEvent): Break | undefined {
    if (event.playerId === null || event.playerVersion === null) return undefined
    const before = this.#versions.get(event.playerId)
    this.#versions.delete(event.playerId)
    this.#versions.set(event.playerId, event.playerVersion)
    if (this.#versions.size > playersMax) this.#forgetOldest()
    if (before === undefined || event.playerVersion === before + 1n) return undefined
    return broken('PLAYER', event, before + 1n, event.playerVersion)
  }

  #forgetOldest(): void {
    const oldest = this.#versions.keys().next()
    if (!oldest.done) this.#versions.delete(oldest.value)
  }
}

/** Whether in every lane the events go on exactly where the place is, without a hole between them. */
export function goesOn(events: readonly JournalEvent[], place: Vector): boolean {
  const ends = new Map<number, bigint>()
  return events.every((event) => {
    const before = ends.get(event.lane) ?? place.seq(event.lane)
    ends.set(event.lane, event.seq)
    return event.prev === before
  })
}

function broken(kind: Break['kind'], event: JournalEvent, expected: bigint, found: bigint): Break {
  return { kind, lane: event.lane, seq: event.seq, playerId: event.playerId, expected, found }
}
