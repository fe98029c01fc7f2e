import { setTimeout as nap } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { poolTypes, postgresOptions } from '../../src/db/connection.ts'
import { eventsPast } from '../../src/domain/journal/queries.ts'
import type { JournalEvent } from '../../src/domain/journal/types.ts'
import type { Break } from '../../src/live/chain.ts'
import { mergeLanes } from '../../src/live/merge.ts'
import { Reader } from '../../src/live/reader.ts'
import { Vector } from '../../src/live/vector.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../support/journal-writer.ts'
import { addOldEvent, oldSeq } from '../support/old-months.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let world: JournalWorld

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createJournalWorld(database.sql)
})

afterAll(() => database.drop())

const idsOf = (events: readonly JournalEvent[]) => events.map((event) => event.id)

const whole = () => eventsPast(database, [], 1_000_000)

interface Following {
  readonly reader: Reader
  readonly events: JournalEvent[]
  readonly breaks: Break[]
}

/** A reader with small pages, which the ticker alone drives. */
function follow(tickMs: number, laneRows = 40): Following {
  const events: JournalEvent[] = []
  const breaks: Break[] = []
  const reader = new Reader({
    ctx: { sql: database.sql, log: silentLog },
    laneRows,
    tickMs,
    gapMs: 0,
    onStart: () => undefined,
    onEvents: (read) => void events.push(...read),
    onBreak: (found) => void breaks.push(found),
  })
  reader.start()
  return { reader, events, breaks }
}

/** Several writers at once; resolves when all have committed their share. */
async function write(writers: number, each: number, seed: number): Promise<void> {
  const { target } = database
  const open = await Promise.all(
    Array.from({ length: writers }, (_, n) => JournalWriter.open({ target, world, seed: seed + n })),
  )
  await Promise.all(open.map((writer) => writer.write(each)))
  await Promise.all(open.map((writer) => writer.close()))
}

/** Where a reader's record of a feed breaks the order of a player. */
function versionBreaks(events: readonly JournalEvent[]): number {
  const versions = new Map<string, bigint>()
  let breaks = 0
  for (const { playerId, playerVersion } of events) {
    if (playerId === null || playerVersion === null) continue
    const before = versions.get(playerId)
    if (before !== undefined && playerVersion !== before + 1n) breaks += 1
    versions.set(playerId, playerVersion)
  }
  return breaks
}

describe('the reader', () => {
  test('sees every event once, lanes without holes and players in order, while writers race and abort', async () => {
    const before = new Set(idsOf(await whole()))
    const [quick, drowsy] = [follow(5), follow(40)]
    await until(() => quick.reader.lagMs() !== undefined && drowsy.reader.lagMs() !== undefined)
    await write(4, 600, 100)
    const written = (await whole()).filter(({ id }) => !before.has(id))
    expect(written.length).toBeGreaterThanOrEqual(2400)
    for (const { reader, events, breaks } of [quick, drowsy]) {
      await until(() => events.length >= written.length)
      expect(new Set(idsOf(events)).size).toBe(events.length)
      expect(new Set(idsOf(events))).toEqual(new Set(idsOf(written)))
      expect(versionBreaks(events)).toBe(0)
      expect(breaks).toEqual([])
      await reader.close()
    }
  })

  test('from every cursor of one reader another reads exactly the rest', async () => {
    const start = Vector.of([])
    await write(3, 200, 200)
    const first = await readOn(start)
    await write(3, 100, 300)
    const rest = await readOn(first.place)
    const all = idsOf([...first.events, ...rest.events])
    expect(new Set(all)).toEqual(new Set(idsOf(await whole())))
    expect(new Set(all).size).toBe(all.length)
    const everything = idsOf(await whole())
    for (let cut = 0; cut <= first.events.length; cut += 113) {
      const place = Vector.of(first.events.slice(0, cut))
      const complement = await readOn(place)
      const expected = new Set(everything)
      for (const event of first.events.slice(0, cut)) expected.delete(event.id)
      expect(new Set(idsOf(complement.events))).toEqual(expected)
      expect(complement.events.length).toBe(expected.size)
    }
  })

  test('rows of a lane whose clock stood months back are read too, before those that follow them', async () => {
    const { sql } = database
    const [old, fresh] = [
      { lane: 50, months: -2 },
      { lane: 50, months: 0, prev: oldSeq({ lane: 50, months: -2 }) },
    ]
    const { reader, events, breaks } = follow(5)
    await until(() => reader.lagMs() !== undefined)
    // The row of now alone is near enough to be looked for at every read.
    const ids = await sql.begin(async (tx) => [await addOldEvent(tx, old), await addOldEvent(tx, fresh)])
    await until(() => events.some(({ id }) => id === ids[1]))
    expect(idsOf(events)).toEqual(ids)
    expect(breaks).toEqual([])
    const alone = await addOldEvent(sql, { lane: 51, months: -2 })
    await until(() => events.some(({ id }) => id === alone))
    await reader.close()
  })

  test('a reader that remembers the last id or the last time loses events of the same journal', async () => {
    const byId: { last: string; seen: Set<string> } = { last: '', seen: new Set() }
    const byTime: { last: bigint; seen: Set<string> } = { last: 0n, seen: new Set() }
    const before = new Set(idsOf(await whole()))
    const state = { writing: true }
    const poll = async () => {
      const rows = await database.sql<{ id: string; us: bigint }[]>`
        select id::text, (extract(epoch from recorded_at) * 1000000)::bigint as us from journal`
      const newer = rows.filter(({ id }) => id > byId.last)
      for (const { id } of newer) byId.seen.add(id)
      byId.last = newer.reduce((max, { id }) => (id > max ? id : max), byId.last)
      const later = rows.filter(({ us }) => us > byTime.last)
      for (const { id } of later) byTime.seen.add(id)
      byTime.last = later.reduce((max, { us }) => (us > max ? us : max), byTime.last)
    }
    const polling = async () => {
      while (state.writing) {
        await poll()
        await nap(1)
      }
    }
    const round = async (seed: number) => {
      state.writing = true
      const polled = polling()
      await write(6, 400, seed)
      state.writing = false
      await polled
      await poll()
      const written = (await whole()).filter(({ id }) => !before.has(id)).length
      const missed = ({ seen }: { seen: Set<string> }) =>
        written - [...seen].filter((id) => !before.has(id)).length
      return [missed(byId), missed(byTime)] as const
    }
    // A poll must fall between two writers: on a busy machine few do.
    let missed = await round(400)
    for (let more = 1; more <= 10 && missed.includes(0); more++) missed = await round(400 + 10 * more)
    expect(Math.min(...missed)).toBeGreaterThan(0)
  })

  test('a hole in a lane and a hole among the versions of a player are reported, and reading goes on', async () => {
    const following = follow(5)
    await until(() => following.reader.lagMs() !== undefined)
    const playerId = world.playerIds[0] ?? ''
    const insert = (seq: bigint, prev: bigint, version: bigint) => database.sql`
      insert into journal (lane, seq, prev, id, type, version, player_id, player_version, occurred_at,
        recorded_at, actor_kind, trace, facts)
      values (60, ${seq}, ${prev}, gen_random_uuid(), 'PlayerBlocked', 1, ${playerId}, ${version}, now(),
        clock_timestamp(), 'SYSTEM', 'test', '{}')`
    await insert(1n, 0n, 1_000_000n)
    await insert(2n, 1n, 1_000_001n)
    await insert(5n, 4n, 1_000_002n)
    await insert(6n, 5n, 1_000_004n)
    await until(() => following.events.length === 4)
    await following.reader.close()
    expect(following.breaks).toEqual([
      { kind: 'LANE', lane: 60, seq: 5n, playerId, expected: 2n, found: 4n },
      { kind: 'PLAYER', lane: 60, seq: 6n, playerId, expected: 1_000_003n, found: 1_000_004n },
    ])
  })

  test('a wake is answered at once, whatever the ticker says', async () => {
    const following = follow(60_000)
    await until(() => following.reader.lagMs() !== undefined)
    await write(1, 1, 500)
    expect(following.events.length).toBe(0)
    following.reader.wake()
    await until(() => following.events.length > 0)
    await following.reader.close()
  })

  test('reading goes on where it was when the database comes back', async () => {
    const before = new Set(idsOf(await whole()))
    const following = follow(5)
    await until(() => following.reader.lagMs() !== undefined)
    for (let cut = 0; cut < 3; cut += 1) {
      await write(2, 50, 600 + cut)
      await cutConnections()
      await write(2, 50, 700 + cut)
    }
    const written = (await whole()).filter(({ id }) => !before.has(id))
    await until(() => following.events.length >= written.length)
    await following.reader.close()
    expect(new Set(idsOf(following.events))).toEqual(new Set(idsOf(written)))
    expect(following.events.length).toBe(written.length)
    expect(following.breaks).toEqual([])
  })

  test('never waits for less than nothing before it tries again, however short the rest of a wait is', async () => {
    const away = postgres({ ...postgresOptions(database.target, { max: 1 }), ...poolTypes })
    await away.end()
    let nowMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 0.3))
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const reader = new Reader({
      ctx: { sql: away, log: silentLog },
      laneRows: 40,
      tickMs: 1,
      gapMs: 0,
      onStart: () => undefined,
      onEvents: () => undefined,
      onBreak: () => undefined,
    })
    reader.start()
    await until(() => timers.mock.calls.length > 40)
    await reader.close()
    const waits = timers.mock.calls.map(([, ms]) => ms ?? 0)
    clock.mockRestore()
    timers.mockRestore()
    expect(waits.filter((ms) => ms < 0)).toEqual([])
  })
})

/** Ends every connection of this database but the one that says so, and waits until they are gone. */
async function cutConnections(): Promise<void> {
  const single = postgres({ ...postgresOptions(database.target, { max: 1 }), ...poolTypes })
  const ended = await single<{ pid: number }[]>`
    select pid, pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`
  const pids = ended.map(({ pid }) => pid)
  await until(
    async () => (await single`select pid from pg_stat_activity where pid in ${single(pids)}`).length === 0,
  )
  await single.end()
}

/** Reads from a place to the end through a reader's own pages. */
async function readOn(place: Vector): Promise<{ events: JournalEvent[]; place: Vector }> {
  const at = place.clone()
  const events: JournalEvent[] = []
  for (;;) {
    const merged = mergeLanes(await eventsPast(database, at.places(), 40), 40)
    for (const event of merged.events) at.advance(event)
    events.push(...merged.events)
    if (!merged.cut) return { events, place: at }
  }
}
