import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventFilter } from '../../src/domain/journal/filter.ts'
import { eventsPast, journalHeads } from '../../src/domain/journal/queries.ts'
import { parseCursor } from '../../src/live/cursor.ts'
import { Vector } from '../../src/live/vector.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../support/journal-writer.ts'
import { type LiveProcess, nextOf, nextOfKind, openLiveProcess } from '../support/live-process.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let world: JournalWorld
let writer: JournalWriter
let everything: EventFilter
const open: LiveProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createJournalWorld(database.sql)
  writer = await JournalWriter.open({ target: database.target, world, seed: 1 })
  everything = { brandIds: new Set(world.brandIds) }
})

afterAll(async () => {
  await writer.close()
  for (const one of open) await one.close()
  await database.drop()
})

type Options = Parameters<typeof openLiveProcess>[1]

function aProcess(options: Options = {}): LiveProcess {
  const opened = openLiveProcess(database.target, options)
  open.push(opened)
  return opened
}

const newest = async () => Vector.of(await journalHeads(database))

const hasRead = async ({ live, sql }: LiveProcess) => {
  const heads = await journalHeads({ sql })
  await until(() => heads.every(({ lane, seq }) => live.status().headByLane.get(lane) === seq))
}

describe('a subscription', () => {
  test('without a cursor is live at once and gets what comes, each with a cursor of its own', async () => {
    const { live } = aProcess()
    await writer.write(5)
    const stream = await live.subscribe({ filter: everything })
    const first = await nextOf(stream)
    expect(first.kind).toBe('LIVE')
    const start = parseCursor(first.cursor).vector
    await writer.write(5)
    const expected = await eventsPast(database, start.places(), 100)
    for (const event of expected) {
      const message = await nextOf(stream)
      expect(message).toMatchObject({ kind: 'EVENT', replayed: false, event: { id: event.id } })
      start.advance(event)
      expect(message.cursor).toBe(start.cursor(event.lane))
    }
    await stream.return()
  })

  test('after a cursor gets what it missed as replayed, then the word that it is live', async () => {
    const after = await newest()
    await writer.write(3)
    const { live } = aProcess()
    const stream = await live.subscribe({ filter: everything, after: after.cursor() })
    for (const { id } of await eventsPast(database, after.places(), 100)) {
      expect(await nextOf(stream)).toMatchObject({ kind: 'EVENT', replayed: true, event: { id } })
    }
    expect(await nextOf(stream)).toEqual({ kind: 'LIVE', cursor: (await newest()).cursor() })
    await stream.return()
  })

  test('ends at once while it waits', async () => {
    const { live } = aProcess()
    const stream = await live.subscribe({ filter: everything })
    await nextOfKind(stream, 'LIVE')
    const waiting = stream.next()
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(live.status().streams).toBe(0)
  })

  test('gets a heartbeat after a silence, whose cursor is past what was filtered out', async () => {
    const { live } = aProcess({ heartbeatMs: 200 })
    const stream = await live.subscribe({ filter: { ...everything, types: new Set(['TokenRevoked']) } })
    const { cursor } = await nextOfKind(stream, 'LIVE')
    await writer.write(5)
    const end = await newest()
    const beats = [await nextOf(stream), await nextOf(stream)]
    expect(beats.map(({ kind }) => kind)).toEqual(['HEARTBEAT', 'HEARTBEAT'])
    expect(beats[1]?.cursor).toBe(end.cursor())
    expect(cursor).not.toBe(end.cursor())
    await stream.return()
  })

  test('of a brand gets nothing of another, and nothing without a brand', async () => {
    const one = aProcess()
    const brandId = world.brandIds[0]
    const stream = await one.live.subscribe({ filter: { brandIds: new Set([brandId]) } })
    const { cursor } = await nextOfKind(stream, 'LIVE')
    await writer.write(40)
    const past = await eventsPast(database, parseCursor(cursor).vector.places(), 1000)
    const mine = past.filter((event) => event.brandId === brandId)
    expect([past.length > mine.length, mine.length > 0]).toEqual([true, true])
    for (const { id } of mine) expect(await nextOf(stream)).toMatchObject({ event: { id } })
    const nobody = await one.live.subscribe({ filter: { brandIds: new Set() }, after: cursor })
    expect((await nextOf(nobody)).kind).toBe('LIVE')
    await Promise.all([stream.return(), nobody.return()])
  })

  test('that is not read lags, is told where to go on, and others do not notice', async () => {
    const one = aProcess({ ringEvents: 32 })
    const [slow, quick] = await Promise.all([1, 2].map(() => one.live.subscribe({ filter: everything })))
    if (!slow || !quick) throw new Error('no streams')
    const { cursor } = await nextOfKind(slow, 'LIVE')
    await nextOfKind(quick, 'LIVE')
    let received = 0
    for (let n = 0; n < 10; n += 1) {
      const before = await newest()
      await writer.write(6)
      for (const { id } of await eventsPast(database, before.places(), 100)) {
        expect(await nextOf(quick)).toMatchObject({ kind: 'EVENT', event: { id } })
        received += 1
      }
    }
    expect(await nextOf(slow)).toEqual({ kind: 'LAGGED', cursor })
    expect(await slow.next()).toEqual({ done: true, value: undefined })
    const again = await one.live.subscribe({ filter: everything, after: cursor })
    for (let n = 0; n < received; n += 1) expect((await nextOf(again)).kind).toBe('EVENT')
    expect((await nextOf(again)).kind).toBe('LIVE')
    await Promise.all([quick.return(), again.return()])
  })

  test('whose cursor is ahead of this process waits for it and gets nothing twice', async () => {
    const behind = aProcess({ tickMs: 600_000, heartbeatMs: 50 })
    await until(() => behind.live.status().lagMs !== undefined)
    await writer.write(10)
    const ahead = await newest()
    const stream = await behind.live.subscribe({ filter: everything, after: ahead.cursor() })
    expect(await nextOf(stream)).toEqual({ kind: 'HEARTBEAT', cursor: ahead.cursor() })
    await writer.write(3)
    const rest = await eventsPast(database, ahead.places(), 100)
    behind.live.wake()
    for (const { id } of rest) expect(await nextOfKind(stream, 'EVENT')).toMatchObject({ event: { id } })
    await nextOfKind(stream, 'LIVE')
    await stream.return()
  })

  test('all subscriptions end when the process closes', async () => {
    const one = openLiveProcess(database.target)
    const stream = await one.live.subscribe({ filter: everything })
    await nextOfKind(stream, 'LIVE')
    const waiting = stream.next()
    await one.close()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await expect(one.live.subscribe({ filter: everything })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('a listener hears of its type until it is taken off', async () => {
    const one = aProcess()
    await hasRead(one)
    const heard: string[] = []
    const off = one.live.on('BetPlaced', ({ type }) => heard.push(type))
    await writer.write(40)
    await hasRead(one)
    const count = heard.length
    expect(new Set(heard)).toEqual(new Set(['BetPlaced']))
    off()
    await writer.write(40)
    await hasRead(one)
    expect(heard.length).toBe(count)
  })
})

const subscribe = (after: string) => aProcess().live.subscribe({ filter: everything, after })

describe('a journal that was put back to an earlier state', () => {
  test('ends subscriptions with LAGGED, refuses their cursors, and is followed from its new head', async () => {
    const other = await createTestDatabase()
    const there = await createJournalWorld(other.sql)
    const filter = { brandIds: new Set(there.brandIds) }
    const options = { target: other.target, world: there, seed: 3, abortShare: 0 }
    const lost = await JournalWriter.open(options)
    const one = openLiveProcess(other.target)
    await lost.write(10)
    const earlier = await journalHeads(other)
    await hasRead(one)
    const stream = await one.live.subscribe({ filter })
    await lost.write(10)
    const last = await nextOfKind(stream, 'EVENT')
    await lost.close()

    await other.sql`delete from journal where seq > ${earlier[0]?.seq ?? 0n}`
    const lagged = await nextOfKind(stream, 'LAGGED')
    await expect(one.live.subscribe({ filter, after: lagged.cursor })).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    })
    await expect(one.live.subscribe({ filter, after: last.cursor })).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    })

    const again = await one.live.subscribe({ filter, after: Vector.of(earlier).cursor() })
    expect((await nextOf(again)).kind).toBe('LIVE')
    const writer = await JournalWriter.open(options)
    await writer.write(1)
    expect((await nextOf(again)).kind).toBe('EVENT')
    await writer.close()
    await again.return()
    await one.close()
    await other.drop()
  })
})

describe('a cursor', () => {
  test('that was forged is refused as expired', async () => {
    const [place] = (await newest()).places()
    const forged = new Vector()
    forged.set(place?.lane ?? 0, place?.seq ?? 0n, 0x1234_5678)
    await expect(subscribe(forged.cursor())).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })

  test('beyond the head of the journal is refused as expired', async () => {
    const future = await newest()
    const [place] = future.places()
    future.set(place?.lane ?? 0, (place?.seq ?? 0n) + 1n, 7)
    await expect(subscribe(future.cursor())).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })

  test('that is no cursor at all is refused as invalid', async () => {
    await expect(subscribe('nonsense')).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
  })

  test('of another database is refused as expired', async () => {
    const other = await createTestDatabase()
    const elsewhere = await createJournalWorld(other.sql)
    const stranger = await JournalWriter.open({ target: other.target, world: elsewhere, seed: 9 })
    await stranger.write(5)
    const foreign = Vector.of(await journalHeads(other)).cursor()
    await stranger.close()
    await other.drop()
    await expect(subscribe(foreign)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })
})
