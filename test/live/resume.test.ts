import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EventFilter, matchesFilter } from '../../src/domain/journal/filter.ts'
import { eventsPast, journalHeads } from '../../src/domain/journal/queries.ts'
import type { JournalEvent } from '../../src/domain/journal/types.ts'
import { parseCursor } from '../../src/live/cursor.ts'
import { mergeLanes } from '../../src/live/merge.ts'
import type { LiveMessage, Stream } from '../../src/live/stream.ts'
import { Vector } from '../../src/live/vector.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../support/journal-writer.ts'
import { type LiveProcess, nextOf, openLiveProcess } from '../support/live-process.ts'
import { type Random, seeded } from '../support/random.ts'
import { until } from '../support/until.ts'

const ringEvents = 64

let database: TestDatabase
let world: JournalWorld
let processes: readonly LiveProcess[]

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createJournalWorld(database.sql)
  const options = { ringEvents, laneRows: 25, heartbeatMs: 50 }
  processes = [openLiveProcess(database.target, options), openLiveProcess(database.target, options)]
})

afterAll(async () => {
  for (const one of processes) await one.close()
  await database.drop()
})

type Drop = 'CATCHING_UP' | 'LIVE' | 'BEHIND_RING'

const dropped = new Set<Drop>()

/** A client that drops at will and goes on at the other process with the last cursor that it got. */
class Client {
  readonly received: JournalEvent[] = []
  readonly drops: Drop[] = []
  cursor: string
  live = false
  #stream: Stream | undefined
  #turns: number
  readonly #filter: EventFilter

  constructor(filter: EventFilter, cursor: string, turns: number) {
    this.#filter = filter
    this.cursor = cursor
    this.#turns = turns
  }

  async resume(): Promise<void> {
    this.#turns += 1
    const process = processes[this.#turns % processes.length]
    this.live = false
    this.#stream = await process?.live.subscribe({ filter: this.#filter, after: this.cursor })
  }

  async take(): Promise<LiveMessage> {
    if (!this.#stream) throw new Error('not subscribed')
    const message = await nextOf(this.#stream)
    if (message.kind === 'EVENT') {
      expect(message.replayed).toBe(!this.live)
      this.received.push(message.event)
    }
    if (message.kind === 'LIVE') this.live = true
    this.cursor = message.cursor
    if (message.kind === 'LAGGED') await this.resume()
    return message
  }

  async takeUntil(enough: (message: LiveMessage) => boolean): Promise<void> {
    while (!enough(await this.take()));
  }

  /** What is under way when it drops never arrives. */
  async drop(): Promise<void> {
    const behind = this.behindRing()
    const underWay = this.#stream?.next()
    await this.#stream?.return()
    await underWay
    this.drops.push(this.live ? 'LIVE' : behind ? 'BEHIND_RING' : 'CATCHING_UP')
    this.#stream = undefined
  }

  behindRing(): boolean {
    const status = processes[this.#turns % processes.length]?.live.status()
    const place = parseCursor(this.cursor).vector
    const missing = [...(status?.headByLane ?? [])].map(([lane, head]) => Number(head - place.seq(lane)))
    return missing.reduce((sum, one) => sum + one, 0) > ringEvents
  }
}

function filterOf(random: Random, seed: number): EventFilter {
  const brandIds = new Set<string>(world.brandIds)
  if (seed % 2 === 0) return { brandIds }
  return {
    brandIds: new Set([random.pick(world.brandIds)]),
    ...(random.chance(0.5) ? { types: new Set(['BetPlaced', 'WinRecorded'] as const) } : {}),
    ...(random.chance(0.5) ? { playerIds: new Set(world.playerIds.slice(0, 8)) } : {}),
    ...(random.chance(0.5) ? { amount: { currency: 'EUR', gteMinor: 200n } } : {}),
  }
}

const isLive = (message: LiveMessage) => message.kind === 'LIVE'

/** One story: at least one drop of each kind, then everything up to the head of the journal. */
async function story(seed: number): Promise<void> {
  const random = seeded(seed)
  const { target } = database
  const filter = filterOf(random, seed)
  const start = await startVector(random)
  const client = new Client(filter, start.cursor(), seed)
  const writers = await Promise.all(
    [0, 1].map((n) => JournalWriter.open({ target, world, seed: seed * 10 + n })),
  )
  const write = (each: number) => Promise.all(writers.map((writer) => writer.write(each)))

  await write(70 + random.int(40))
  await everyoneRead()
  await client.resume()
  for (let n = random.int(10); n >= 0; n -= 1) await client.take()
  expect(client.behindRing()).toBe(true)
  await client.drop()

  await client.resume()
  const background = write(40)
  await client.takeUntil(() => !client.behindRing())
  await client.drop()

  await client.resume()
  await client.takeUntil(isLive)
  await background
  for (let n = random.int(3); n >= 0 || !client.live; n -= 1) await client.take()
  await client.drop()

  await client.resume()
  const more = write(20)
  await client.takeUntil(isLive)
  await more
  for (const writer of writers) await writer.close()
  const end = Vector.of(await heads())
  await client.takeUntil(({ cursor }) => parseCursor(cursor).vector.covers(end))
  for (const kind of client.drops) dropped.add(kind)
  expect(client.drops).toContain('BEHIND_RING')
  expect(client.drops).toContain('LIVE')
  await expectExactly(client, start, filter)
}

const heads = () => journalHeads(database)

/** A place in the middle of what is there. */
async function startVector(random: Random): Promise<Vector> {
  const { events } = mergeLanes(await eventsPast(database, [], 1_000_000), 1_000_001)
  const place = new Vector()
  for (const event of events.slice(0, random.int(events.length + 1))) place.advance(event)
  return place
}

async function everyoneRead(): Promise<void> {
  const newest = await heads()
  await until(() =>
    processes.every(({ live }) =>
      newest.every(({ lane, seq }) => live.status().headByLane.get(lane) === seq),
    ),
  )
}

async function expectExactly(client: Client, start: Vector, filter: EventFilter): Promise<void> {
  const written = await eventsPast(database, start.places(), 1_000_000)
  const expected = written.filter((event) => matchesFilter(filter, event))
  const ids = client.received.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(ids)).toEqual(new Set(expected.map(({ id }) => id)))
  const versions = new Map<string, bigint>()
  for (const { playerId, playerVersion } of client.received) {
    expect(playerVersion ?? 0n).toBeGreaterThan(versions.get(playerId ?? '') ?? -1n)
    versions.set(playerId ?? '', playerVersion ?? 0n)
  }
}

describe('a subscription that is dropped and resumed at another process', () => {
  test.each(Array.from({ length: 20 }, (_, n) => n + 1))(
    'gets everything once, in order per player (seed %i)',
    (seed) => story(seed),
  )

  test('all kinds of drop have happened', () => {
    expect([...dropped].sort()).toEqual(['BEHIND_RING', 'CATCHING_UP', 'LIVE'])
  })

  test('a client that goes on after the last id or time it saw loses what its cursor keeps', async () => {
    const { target } = database
    const [slow, quick] = await Promise.all(
      [1, 2].map((seed) => JournalWriter.open({ target, world, seed, abortShare: 0 })),
    )
    if (!slow || !quick) throw new Error('no writers')
    const client = new Client({ brandIds: new Set(world.brandIds) }, Vector.of(await heads()).cursor(), 0)
    await client.resume()
    const commit = await slow.hold(world.playerIds[0] ?? '')
    await (await quick.hold(world.playerIds[1] ?? ''))()
    await client.takeUntil(({ kind }) => kind === 'EVENT')
    await client.drop()
    await commit()
    await client.resume()
    await client.takeUntil(({ kind }) => kind === 'EVENT')
    await client.drop()
    await Promise.all([slow.close(), quick.close()])
    const [first, second] = client.received
    expect(client.received.map(({ lane }) => lane)).toEqual([quick.lane, slow.lane])
    expect((second?.recordedUs ?? 0n) > (first?.recordedUs ?? 0n)).toBe(false)
    expect((second?.id ?? '') > (first?.id ?? '')).toBe(false)
  })
})
