import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type EventFilter,
  eventFilter,
  type EventTree,
  type EventWish,
  matchesFilter,
} from '../../src/domain/journal/filter.ts'
import { lanePages } from '../../src/domain/journal/lane-pages.ts'
import { eventsPast } from '../../src/domain/journal/queries.ts'
import type { JournalEvent } from '../../src/domain/journal/types.ts'
import { eventsPage } from '../../src/live/events-page.ts'
import { mergeLanes } from '../../src/live/merge.ts'
import type { FilterTree } from '../../src/lib/filter-tree.ts'
import type { Page } from '../../src/lib/page.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../support/journal-writer.ts'
import { nextOf, openLiveProcess } from '../support/live-process.ts'
import { type Random, seeded } from '../support/random.ts'

let database: TestDatabase
let world: JournalWorld
let journal: readonly JournalEvent[]
let everything: EventFilter

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createJournalWorld(database.sql)
  const { target } = database
  const writers = await Promise.all([1, 2, 3].map((seed) => JournalWriter.open({ target, world, seed })))
  await Promise.all(writers.map((writer) => writer.write(100)))
  for (const writer of writers) await writer.close()
  journal = mergeLanes(await eventsPast(database, [], 10_000), 10_001).events
  everything = { brandIds: new Set(world.brandIds) }
})

afterAll(() => database.drop())

const idsOf = (events: readonly JournalEvent[]) => events.map(({ id }) => id)

const matching = (filter: EventFilter) => journal.filter((event) => matchesFilter(filter, event))

function someFilter(random: Random): EventFilter {
  const some = <T>(from: readonly T[]) => new Set(from.filter(() => random.chance(0.6)))
  return {
    brandIds: some(world.brandIds),
    ...(random.chance(0.4) ? { types: some(['BetPlaced', 'WinRecorded', 'RoundStarted'] as const) } : {}),
    ...(random.chance(0.4) ? { playerIds: some(world.playerIds) } : {}),
    ...(random.chance(0.3) ? { gameIds: some(world.gameIds) } : {}),
    ...(random.chance(0.1) ? { roundIds: some(world.gameIds) } : {}),
    ...(random.chance(0.3) ? { amount: { currency: 'EUR', gteMinor: 200n, lteMinor: 700n } } : {}),
    ...(random.chance(0.1) ? { amount: { currency: 'USD' } } : {}),
    ...(random.chance(0.15) ? { late: random.chance(0.5) } : {}),
  }
}

function someWish(random: Random): EventWish {
  const some = <T>(from: readonly T[]) => ({ in: from.filter(() => random.chance(0.5)) })
  return {
    ...(random.chance(0.4) ? { brand: some(world.brandIds) } : {}),
    ...(random.chance(0.5) ? { type: some(['BetPlaced', 'WinRecorded', 'RoundStarted'] as const) } : {}),
    ...(random.chance(0.4) ? { player: some(world.playerIds) } : {}),
    ...(random.chance(0.4) ? { game: some(world.gameIds) } : {}),
    ...(random.chance(0.3) ? { amount: { currency: 'EUR', gteMinor: 200n, lteMinor: 700n } } : {}),
    ...(random.chance(0.15) ? { late: random.chance(0.5) } : {}),
    ...(random.chance(0.2) ? { recordedAt: { gte: middle() } } : {}),
  }
}

/** Some events come before it and some after it. */
const middle = () => new Date(Number((journal[150]?.recordedUs ?? 0n) / 1000n))

function someTree(random: Random, depth = 2): EventTree {
  const branch = (): FilterTree<EventWish> => ({
    ...someWish(random),
    ...(depth > 0 && random.chance(0.4) ? someTree(random, depth - 1) : {}),
  })
  const branches = () => Array.from({ length: random.int(4) }, branch)
  return {
    ...(random.chance(0.4) ? { and: branches() } : {}),
    ...(random.chance(0.6) ? { or: [branch(), ...branches()] } : {}),
    ...(random.chance(0.4) ? { not: branch() } : {}),
  }
}

function matchesTree({ and, or, not, ...wish }: FilterTree<EventWish>, event: JournalEvent): boolean {
  const { recordedAt: { gte } = {} } = wish as { recordedAt?: { gte?: Date } }
  const flat = eventFilter({ actor: { brandIds: new Set(world.brandIds) } }, wish)
  return (
    matchesFilter(flat, event) &&
    (!gte || event.recordedUs >= BigInt(gte.getTime()) * 1000n) &&
    (and ?? []).every((one) => matchesTree(one, event)) &&
    (!or || or.some((one) => matchesTree(one, event))) &&
    (!not || !matchesTree(not, event))
  )
}

describe('pages of the journal', () => {
  test('SQL and memory say the same of filters within filters: of each page, and of how many match', async () => {
    const random = seeded(7)
    const sizes = new Set<number>()
    for (let n = 0; n < 60; n += 1) {
      const [filter, tree] = [someFilter(random), someTree(random)]
      const expected = idsOf(matching(filter).filter((event) => matchesTree(tree, event)))
      const page = await eventsPage(database, filter, { first: 100 }, { tree })
      expect(idsOf(page.rows)).toEqual(expected.slice(0, 100))
      expect(await page.count(1000)).toEqual({ value: expected.length, precision: 'EXACT' })
      const rest = await eventsPage(
        database,
        filter,
        { last: 100, before: page.rows[40] && page.cursor(page.rows[40]) },
        { tree },
      )
      if (page.rows[40]) expect(idsOf(rest.rows)).toEqual(expected.slice(0, 40))
      sizes.add(expected.length)
    }
    expect(sizes.size).toBeGreaterThan(20)
  })

  test('SQL and memory say the same of every filter', async () => {
    const random = seeded(5)
    for (let n = 0; n < 60; n += 1) {
      const filter = someFilter(random)
      const query = { filter, direction: 'FORWARD', laneRows: 1000 } as const
      expect(new Set(idsOf(await lanePages(database, query)))).toEqual(new Set(idsOf(matching(filter))))
    }
  })

  test('forward and backward, pages of any size are the whole in one order', async () => {
    const random = seeded(6)
    for (let n = 0; n < 12; n += 1) {
      const filter = n === 0 ? everything : someFilter(random)
      const size = 5 + random.int(40)
      const expected = idsOf(matching(filter))
      expect(await walk(filter, size, 'FORWARD')).toEqual(expected)
      expect(await walk(filter, size, 'BACKWARD')).toEqual(expected)
    }
  })

  test('the cursor of every entry of a page, found forward or backward, goes on right there', async () => {
    const filter = { ...everything, types: new Set(['BetPlaced'] as const) }
    const expected = idsOf(matching(filter))
    for (const args of [{ first: 100 }, { last: 100 }]) {
      const page = await eventsPage(database, filter, args)
      for (const event of page.rows.filter((_, at) => at % 9 === 0)) {
        const at = expected.indexOf(event.id)
        const [after, before] = await Promise.all([
          eventsPage(database, filter, { first: 100, after: page.cursor(event) }),
          eventsPage(database, filter, { last: 100, before: page.cursor(event) }),
        ])
        expect(idsOf(after.rows)).toEqual(expected.slice(at + 1, at + 101))
        expect(idsOf(before.rows)).toEqual(expected.slice(Math.max(0, at - 100), at))
        expect([await after.hasPreviousPage(), await before.hasNextPage()]).toEqual([true, true])
      }
    }
  })

  test('a subscription goes on from the cursor of a page, under another filter too', async () => {
    const page = await eventsPage(database, everything, { first: 50 })
    const last = page.rows.at(-1)
    const filter = { ...everything, types: new Set(['WinRecorded'] as const) }
    const one = openLiveProcess(database.target)
    const stream = await one.live.subscribe({ filter, after: last && page.cursor(last) })
    for (const { id } of journal.slice(50).filter((event) => matchesFilter(filter, event))) {
      expect(await nextOf(stream)).toMatchObject({ event: { id } })
    }
    expect((await nextOf(stream)).kind).toBe('LIVE')
    await stream.return()
    await one.close()
  })

  test('a page of a foreign place is refused as expired', async () => {
    const forged = Buffer.from([1, 255, 0, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4]).toString('base64url')
    const refused = eventsPage(database, everything, { first: 1, after: forged })
    await expect(refused).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })
})

async function walk(filter: EventFilter, size: number, direction: 'FORWARD' | 'BACKWARD'): Promise<string[]> {
  const forward = direction === 'FORWARD'
  const found: string[] = []
  let cursor: string | undefined
  for (;;) {
    const args = forward ? { first: size, after: cursor } : { last: size, before: cursor }
    const page: Page<JournalEvent> = await eventsPage(database, filter, args)
    expect(await (forward ? page.hasPreviousPage() : page.hasNextPage())).toBe(cursor !== undefined)
    if (forward) found.push(...idsOf(page.rows))
    else found.unshift(...idsOf(page.rows))
    const edge = forward ? page.rows.at(-1) : page.rows[0]
    if (!(await (forward ? page.hasNextPage() : page.hasPreviousPage()))) return found
    cursor = edge && page.cursor(edge)
  }
}
