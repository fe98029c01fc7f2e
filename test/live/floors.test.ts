import { afterEach, beforeEach, expect, test } from 'vitest'
import { retain } from '../../src/db/retention.ts'
import { journalHeads } from '../../src/domain/journal/queries.ts'
import type { JournalEvent } from '../../src/domain/journal/types.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Break } from '../../src/live/chain.ts'
import { openCursor } from '../../src/live/cursor.ts'
import { eventsPage } from '../../src/live/events-page.ts'
import { Reader } from '../../src/live/reader.ts'
import { idMark, Vector } from '../../src/live/vector.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../support/journal-writer.ts'
import { nextOf, openLiveProcess } from '../support/live-process.ts'
import { addOldEvent, beginPartitionsAt, inMonths, type OldRow, oldSeq } from '../support/old-months.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let world: JournalWorld

/** Lanes 0 and 9 were last written six months ago, lane 7 four months ago; retention keeps five months. */
const firstRow = { lane: 0, months: -6 }
const lastRow = { lane: 0, months: -6, n: 1, prev: oldSeq(firstRow) }
let ids: { first: string; last: string; nine: string; seven: string }

beforeEach(async () => {
  database = await createTestDatabase()
  const { sql } = database
  world = await createJournalWorld(sql)
  await beginPartitionsAt(sql, -6)
  ids = {
    first: await addOldEvent(sql, firstRow),
    last: await addOldEvent(sql, lastRow),
    nine: await addOldEvent(sql, { lane: 9, months: -6 }),
    seven: await addOldEvent(sql, { lane: 7, months: -4 }),
  }
})
afterEach(() => database.drop())

const dropOld = () =>
  retain({
    target: database.target,
    policy: { callsMonths: 0, journalMonths: 5, ledgerMonths: 0 },
    now: inMonths(0),
    log: silentLog,
  })

const writer = () => JournalWriter.open({ target: database.target, world, seed: 1, abortShare: 0 })

type Standing = readonly [row: OldRow, id: string]

/** A cursor that stands at these rows. */
function cursorAt(...rows: readonly Standing[]): string {
  const vector = new Vector()
  for (const [row, id] of rows) vector.set(row.lane, oldSeq(row), idMark(id))
  return vector.cursor()
}
const nine = { lane: 9, months: -6 }
const seven = { lane: 7, months: -4 }
const openAt = (...rows: readonly Standing[]) => openCursor(database, cursorAt(...rows))

test('a lane whose rows are all gone goes on behind its newest one', async () => {
  const written = await writer()
  expect(written.lane).toBe(0)
  await dropOld()
  expect(await database.sql`select from journal where lane = 0`).toHaveLength(0)
  await written.write(1)
  const [row] = await database.sql`select seq, prev from journal where lane = 0 order by seq limit 1`
  expect(row?.['prev']).toBe(oldSeq(lastRow))
  expect(row?.['seq']).toBeGreaterThan(oldSeq(lastRow))
  await written.close()
})

test('its numbers do not come again, even when the clock stood in the future when it was last written', async () => {
  const ahead = { lane: 0, months: 2 }
  await database.sql`insert into lane_floors values (0, ${oldSeq(ahead)}, ${ids.last}, ${inMonths(2)})`
  const written = await writer()
  await written.write(1)
  const [row] = await database.sql<{ seq: bigint; prev: bigint; recorded_at: Date }[]>`
    select seq, prev, recorded_at from journal where lane = 0 order by seq desc limit 1`
  expect(row?.prev).toBeGreaterThanOrEqual(oldSeq(ahead))
  expect(row?.seq).toBe((row?.prev ?? 0n) + 1n)
  expect(row?.recorded_at.getTime()).toBeGreaterThanOrEqual(inMonths(2).getTime())
  await written.close()
})

function follow() {
  const [events, breaks]: [JournalEvent[], Break[]] = [[], []]
  const reader = new Reader({
    ctx: { sql: database.sql, log: silentLog },
    laneRows: 40,
    tickMs: 5,
    gapMs: 0,
    onStart: () => undefined,
    onEvents: (read) => void events.push(...read),
    onBreak: (found) => void breaks.push(found),
  })
  reader.start()
  return { reader, events, breaks }
}

test('readers from before and after the drop see the lane go on without a break', async () => {
  const before = follow()
  await until(() => before.reader.lagMs() !== undefined)
  await dropOld()
  const after = follow()
  await until(() => after.reader.lagMs() !== undefined)
  const written = await writer()
  await written.write(5)
  await written.close()
  for (const { reader, events, breaks } of [before, after]) {
    await until(() => events.length >= 5)
    expect(breaks).toEqual([])
    await reader.close()
  }
})

test('a cursor on the newest dropped rows is good, and goes on exactly behind them', async () => {
  const cursor = cursorAt([lastRow, ids.last], [nine, ids.nine], [seven, ids.seven])
  await dropOld()
  await openCursor(database, cursor)
  expect(Vector.of(await journalHeads(database)).cursor()).toBe(cursor)
  const written = await writer()
  await written.write(3)
  await written.close()
  const process = openLiveProcess(database.target)
  const brandIds = new Set(world.brandIds)
  const stream = await process.live.subscribe({ filter: { brandIds }, after: cursor })
  const message = await nextOf(stream)
  expect(message).toMatchObject({ kind: 'EVENT', event: { lane: 0, prev: oldSeq(lastRow) } })
  const page = await eventsPage(database, { brandIds }, { first: 1, after: cursor })
  expect(page.rows.map(({ id }) => id)).toEqual([message.kind === 'EVENT' && message.event.id])
  await process.close()
})

test('below them, or as another history has them, a cursor is refused in words that say why', async () => {
  const rest = [
    [nine, ids.nine],
    [seven, ids.seven],
  ] as const
  await openAt([firstRow, ids.first], ...rest)
  await dropOld()
  const past = {
    code: 'CURSOR_EXPIRED',
    message: 'what follows this place is past retention and no longer in the journal: start without a cursor',
  }
  await expect(openAt([firstRow, ids.first], ...rest)).rejects.toMatchObject(past)
  // A lane that it knows nothing of has lost rows since.
  await expect(openAt(...rest)).rejects.toMatchObject(past)
  await expect(openCursor(database, new Vector().cursor())).rejects.toMatchObject(past)
  await expect(openAt([lastRow, ids.first], ...rest)).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    message: 'this place is not, or no longer, in the journal: start without a cursor',
  })
})

test('pages from the start begin behind what is gone, and their cursors hold', async () => {
  await dropOld()
  const written = await writer()
  await written.write(8)
  await written.close()
  const brandIds = new Set(world.brandIds)
  for (const direction of ['first', 'last'] as const) {
    const page = await eventsPage(database, { brandIds }, { [direction]: 3 })
    expect(page.rows).toHaveLength(3)
    for (const event of page.rows) await openCursor(database, page.cursor(event))
  }
})
