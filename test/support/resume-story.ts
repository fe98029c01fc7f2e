// A client that follows the journal through two processes and drops again and again: told once, and lived by streams
// in memory and by sockets alike.
import { expect } from 'vitest'
import { type EventFilter, matchesFilter } from '../../src/domain/journal/filter.ts'
import { eventsPast, journalHeads, type Place } from '../../src/domain/journal/queries.ts'
import { parseCursor } from '../../src/live/cursor.ts'
import type { Live } from '../../src/live/live.ts'
import { mergeLanes } from '../../src/live/merge.ts'
import { Vector } from '../../src/live/vector.ts'
import type { TestDatabase } from './database.ts'
import { JournalWriter, type JournalWorld } from './journal-writer.ts'
import { type Random, seeded } from './random.ts'
import { until } from './until.ts'

export type Message =
  | { readonly kind: 'EVENT'; readonly cursor: string; readonly replayed: boolean; readonly place: string }
  | { readonly kind: 'LIVE' | 'HEARTBEAT' | 'LAGGED'; readonly cursor: string }

/** One process, as a client sees it. */
export interface Door {
  open(filter: EventFilter, after: string): Promise<AsyncIterator<Message>>
  readonly status: Live['status']
}

export interface Stage {
  readonly database: TestDatabase
  readonly world: JournalWorld
  /** The brands that the client may see. */
  readonly brandIds: readonly string[]
  readonly doors: readonly Door[]
  readonly ringEvents: number
}

export type Drop = 'CATCHING_UP' | 'LIVE' | 'BEHIND_RING'

/** Drops at will and goes on at the next door with the last cursor that it got. */
export class Client {
  /** `lane.seq` of each event. */
  readonly received: string[] = []
  readonly drops: Drop[] = []
  cursor: string
  live = false
  readonly #stage: Stage
  readonly #filter: EventFilter
  #messages: AsyncIterator<Message> | undefined
  #turns: number

  constructor(stage: Stage, filter: EventFilter, cursor: string, turns = 0) {
    this.#stage = stage
    this.#filter = filter
    this.cursor = cursor
    this.#turns = turns
  }

  async resume(): Promise<void> {
    this.#turns += 1
    this.live = false
    this.#messages = await this.#door().open(this.#filter, this.cursor)
  }

  async take(): Promise<Message> {
    const { value, done } = (await this.#messages?.next()) ?? { done: true }
    if (done) throw new Error('the subscription has ended')
    const message: Message = value
    if (message.kind === 'EVENT') {
      expect(message.replayed).toBe(!this.live)
      this.received.push(message.place)
    }
    if (message.kind === 'LIVE') this.live = true
    this.cursor = message.cursor
    if (message.kind === 'LAGGED') await this.resume()
    return message
  }

  async takeUntil(enough: (message: Message) => boolean): Promise<void> {
    while (!enough(await this.take()));
  }

  /** What is under way when it drops never arrives. */
  async drop(): Promise<void> {
    const behind = this.behindRing()
    const underWay = this.#messages?.next()
    await this.#messages?.return?.()
    await underWay
    this.drops.push(this.live ? 'LIVE' : behind ? 'BEHIND_RING' : 'CATCHING_UP')
    this.#messages = undefined
  }

  behindRing(): boolean {
    const place = parseCursor(this.cursor).vector
    const heads = [...this.#door().status().headByLane]
    const missing = heads.map(([lane, head]) => Number(head - place.seq(lane)))
    return missing.reduce((sum, one) => sum + one, 0) > this.#stage.ringEvents
  }

  #door(): Door {
    const { doors } = this.#stage
    return doors[this.#turns % doors.length] ?? expect.fail('there is no door')
  }
}

/** Drops behind the ring, while catching up and while live; then everything up to the head of the journal. */
export async function resumeStory(stage: Stage, seed: number): Promise<readonly Drop[]> {
  const random = seeded(seed)
  const { database, world } = stage
  const filter = filterOf(stage, random, seed)
  const start = await somewhere(stage, random)
  const client = new Client(stage, filter, start.cursor(), seed)
  const writers = await Promise.all(
    [0, 1].map((n) => JournalWriter.open({ target: database.target, world, seed: seed * 10 + n })),
  )
  const write = (each: number) => Promise.all(writers.map((writer) => writer.write(each)))

  await write(3 * stage.ringEvents + random.int(stage.ringEvents))
  await everyoneRead(stage)
  await client.resume()
  for (let n = seed % 2 === 0 ? random.int(10) : 0; n >= 0; n -= 1) await client.take()
  expect(client.behindRing()).toBe(true)
  await client.drop()

  await client.resume()
  const background = write(stage.ringEvents / 2)
  await client.takeUntil(() => !client.behindRing())
  await client.drop()

  await client.resume()
  await client.takeUntil(({ kind }) => kind === 'LIVE')
  await background
  for (let n = random.int(3); n >= 0 || !client.live; n -= 1) await client.take()
  await client.drop()

  await client.resume()
  const more = write(stage.ringEvents / 4)
  await client.takeUntil(({ kind }) => kind === 'LIVE')
  await more
  for (const writer of writers) await writer.close()
  const end = Vector.of(await journalHeads(database))
  await client.takeUntil(({ cursor }) => parseCursor(cursor).vector.covers(end))
  await client.drop()
  expect(client.drops).toContain('BEHIND_RING')
  expect(client.drops).toContain('LIVE')
  await expectExactly(stage, client, start, filter)
  return client.drops
}

function filterOf({ world, brandIds }: Stage, random: Random, seed: number): EventFilter {
  if (seed % 2 === 0) return { brandIds: new Set(brandIds) }
  return {
    brandIds: new Set([random.pick(brandIds)]),
    ...(random.chance(0.5) ? { types: new Set(['BetPlaced', 'WinRecorded'] as const) } : {}),
    ...(random.chance(0.5) ? { playerIds: new Set(world.playerIds.slice(0, 8)) } : {}),
    ...(random.chance(0.5) ? { amount: { currency: 'EUR', gteMinor: 200n } } : {}),
  }
}

/** A place in the middle of what is there. */
async function somewhere({ database }: Stage, random: Random): Promise<Vector> {
  const { events } = mergeLanes(await eventsPast(database, [], 1_000_000), 1_000_001)
  const place = new Vector()
  for (const event of events.slice(0, random.int(events.length + 1))) place.advance(event)
  return place
}

async function everyoneRead({ database, doors }: Stage): Promise<void> {
  const heads = await journalHeads(database)
  await until(() =>
    doors.every((door) => heads.every(({ lane, seq }) => door.status().headByLane.get(lane) === seq)),
  )
}

async function expectExactly(
  stage: Stage,
  client: Client,
  start: Vector,
  filter: EventFilter,
): Promise<void> {
  const written = await eventsPast(stage.database, start.places(), 1_000_000)
  const expected = written.filter((event) => matchesFilter(filter, event))
  const events = new Map(expected.map((event) => [placeOf(event), event]))
  const { received } = client
  expect(new Set(received).size).toBe(received.length)
  expect(new Set(received)).toEqual(new Set(events.keys()))
  const versions = new Map<string | null, bigint>()
  for (const place of received) {
    const { playerId = null, playerVersion } = events.get(place) ?? {}
    expect(playerVersion ?? 0n).toBeGreaterThan(versions.get(playerId) ?? -1n)
    versions.set(playerId, playerVersion ?? 0n)
  }
}

export const placeOf = ({ lane, seq }: Place): string => `${lane}.${seq}`
