// Writes journal rows as the product does: lanes of their own, players locked, the product's own append. What the
// events say is made up; a share of the transactions is rolled back after having written.
import type { ConnectionTarget, Sql } from '../../src/db/connection.ts'
import { isDatabaseError, type Lane, openLane } from '../../src/db/lane.ts'
import { StatementBuilder } from '../../src/db/statement.ts'
import { appendJournal, guarded, journalGuards, type PlacedEvent } from '../../src/domain/journal/append.ts'
import { lockPlayers, type PlayerLock, toPlayerLock } from '../../src/domain/journal/lock-players.ts'
import type { EventType } from '../../src/domain/journal/types.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { type Random, seeded } from './random.ts'

export interface JournalWorld {
  readonly brandIds: readonly [string, string]
  readonly playerIds: readonly string[]
  readonly gameIds: readonly string[]
}

const types: readonly EventType[] = [
  'BetPlaced',
  'RoundStarted',
  'WinRecorded',
  'LossRecorded',
  'SessionClosed',
]

/** Two brands with half of the players each; the first one may be there already. */
export async function createJournalWorld(sql: Sql, brandId?: string): Promise<JournalWorld> {
  const now = new Date()
  const brandIds = [brandId ?? uuidv7(now), uuidv7(now)] as const
  for (const [n, id] of brandIds.entries()) {
    if (id === brandId) continue
    await sql`insert into brands ${sql({
      id,
      code: `brand-${n}-${id.slice(-6)}`,
      name: `Brand ${n}`,
      time_zone: 'UTC',
      currency: 'EUR',
      created_at: now,
    })}`
  }
  const playerIds = Array.from({ length: 12 }, () => uuidv7(now))
  for (const [n, id] of playerIds.entries()) {
    await sql`insert into players ${sql({
      id,
      brand_id: brandIds[n % 2] ?? '',
      external_id: `p${n}`,
      status: 'ACTIVE',
      country: 'MT',
      version: 0n,
      last_at: now,
      created_at: now,
    })}`
  }
  return { brandIds, playerIds, gameIds: [uuidv7(now), uuidv7(now), uuidv7(now)] }
}

export interface WriterOptions {
  readonly target: ConnectionTarget
  readonly world: JournalWorld
  readonly seed: number
  readonly abortShare?: number
}

export class JournalWriter {
  readonly #lane: Lane
  readonly #options: WriterOptions
  readonly #random: Random

  constructor(lane: Lane, options: WriterOptions) {
    this.#lane = lane
    this.#options = options
    this.#random = seeded(options.seed)
  }

  static async open(options: WriterOptions): Promise<JournalWriter> {
    return new JournalWriter(await openLane(options.target), options)
  }

  get lane(): number {
    return this.#lane.number
  }

  /** Commits at least this many events, in transactions of one to four. */
  async write(count: number): Promise<void> {
    for (let written = 0; written < count; ) written += await this.transaction()
  }

  /** Returns how many events were committed: none when it was aborted. */
  async transaction(): Promise<number> {
    const { world, abortShare = 0.05 } = this.#options
    const chosen = [
      ...new Set([this.#random.pick(world.playerIds), this.#random.pick(world.playerIds)]),
    ].sort()
    const [, locked] = await this.#lane.burst([{ text: 'begin' }, lockPlayers(chosen)])
    if (!locked || !('rows' in locked)) return await this.#rollback()
    const players = new Map(locked.rows.map(toPlayerLock).map((player) => [player.id, player]))
    const events = this.#events(chosen, players)
    const abort = this.#random.chance(abortShare)
    const end = { text: abort ? 'rollback' : 'commit' }
    const replies = await this.#lane.burst([this.#append(events, players), end])
    if (replies.some(isDatabaseError)) return await this.#rollback()
    return abort ? 0 : events.length
  }

  /** Writes one event of the player and leaves the transaction open; the answer commits it. */
  async hold(playerId: string): Promise<() => Promise<void>> {
    const [, locked] = await this.#lane.burst([{ text: 'begin' }, lockPlayers([playerId])])
    if (!locked || !('rows' in locked)) throw new Error('the player cannot be locked')
    const players = new Map(locked.rows.map(toPlayerLock).map((player) => [player.id, player]))
    await this.#lane.run(this.#append(this.#events([playerId], players).slice(0, 1), players))
    return async () => {
      await this.#lane.run({ text: 'commit' })
    }
  }

  async close(): Promise<void> {
    await this.#lane.close()
  }

  async #rollback(): Promise<number> {
    await this.#lane.burst([{ text: 'rollback' }])
    return 0
  }

  #events(chosen: readonly string[], players: ReadonlyMap<string, PlayerLock>): PlacedEvent[] {
    const versions = new Map([...players].map(([id, player]) => [id, player.version]))
    return Array.from({ length: 1 + this.#random.int(4) }, () => {
      const playerId = this.#random.pick(chosen)
      const playerVersion = (versions.get(playerId) ?? 0n) + 1n
      versions.set(playerId, playerVersion)
      return {
        type: this.#random.pick(types),
        brandId: players.get(playerId)?.brandId ?? null,
        playerId,
        playerVersion,
        gameId: this.#random.pick(this.#options.world.gameIds),
        amountMinor: BigInt(this.#random.int(1000)),
        currency: 'EUR',
        occurredAt: new Date(),
        actor: { kind: 'SYSTEM', id: null },
        trace: 'writer',
        facts: this.#random.chance(0.3) ? { late: true } : {},
      } as const
    })
  }

  #append(events: readonly PlacedEvent[], players: ReadonlyMap<string, PlayerLock>) {
    const to = new Map(events.map((event) => [event.playerId ?? '', event.playerVersion ?? 0n]))
    const lastUs = [...players.values()].reduce((max, one) => (one.lastUs > max ? one.lastUs : max), 0n)
    const moves = [...to].map(([id, version]) => ({ id, from: players.get(id)?.version ?? 0n, to: version }))
    const append = { lane: this.#lane.number, events, players: moves, lastUs, now: new Date() }
    const builder = new StatementBuilder()
    appendJournal(builder, append)
    return builder.build('test: append events', guarded(journalGuards(builder, append)))
  }
}
