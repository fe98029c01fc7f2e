import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '../../src/db/connection.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { ms, nounLists } from '../support/noun-list-table.ts'
import { filterOf, ordered, readRows, type Row } from '../support/noun-lists.ts'
import { walkBack, walkOnward } from '../support/walk.ts'

let database: TestDatabase
let graph: Graph
let scope: string[]
const rowsOf = new Map<string, Row[]>()
const totalledOf = new Map<string, Row[]>()

const start = Date.now() - 3_600_000
const lists = nounLists(start)

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brands = [factory.brand(), factory.brand(), factory.brand()]
  const seats = brands.flatMap((brand) => Array.from({ length: 8 }, () => factory.seat(brand)))
  // One of each brand never plays.
  const players = seats.filter((_, at) => at % 8 !== 7)
  const outcomes = ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const
  for (let at = 0; at < 72; at += 1) {
    const seat = players[at % 21] ?? expect.fail('no seat')
    factory.bet(seat, {
      outcome: outcomes[at % 4] ?? 'OPEN',
      placedAt: new Date(start + Math.floor(at / 9) * 1000),
    })
  }
  await factory.save()
  await vary(database.sql, seats)
  // The third brand is not the caller's.
  scope = brands.slice(0, 2).map((brand) => brand.id)
  graph = openGraph(database, scope)
  for (const list of lists) {
    rowsOf.set(list.list, await readRows(database.sql, list, scope))
    if (list.totals) totalledOf.set(list.list, await database.sql.unsafe(list.totals.rows, [scope]))
  }
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

/** Many rows with the same values, some without any. */
async function vary(sql: Sql, seats: readonly Seat[]): Promise<void> {
  for (const [at, { brand, playerId, sessionId }] of seats.entries()) {
    const closed = at % 3 === 0 ? null : new Date(start + (at % 4) * 1000)
    const where = {
      ip: at % 5 === 0 ? null : `203.0.113.${at % 4}`,
      device: at % 2 === 0 ? 'iPhone' : 'Pixel',
    }
    const country = at % 7 === 0 ? null : ['MT', 'EE', 'SE'][at % 3]
    const session = { ...where, country: country ?? null, closed_at: closed }
    const reason = closed && (at % 2 === 0 ? 'PLAYER' : 'IDLE')
    await sql`update sessions set ${sql({ ...session, status: closed ? 'CLOSED' : 'OPEN', close_reason: reason })}
      where id = ${sessionId}`
    await sql`update wallets set cash_minor = ${(at % 4) * 100}, bonus_minor = ${(at % 2) * 500},
      owed_minor = ${at % 6 === 0 ? -100 : 0} where player_id = ${playerId}`
    if (at % 3 === 0) {
      const wallet = { id: uuidv7(new Date(start)), brand_id: brand.id, player_id: playerId, currency: 'JPY' }
      const balances = { cash_minor: at, bonus_minor: 7, owed_minor: 0 }
      await sql`insert into wallets ${sql({ ...wallet, ...balances, version: 0, created_at: new Date(start) })}`
    }
    const player = { status: at % 4 === 1 ? 'BLOCKED' : 'ACTIVE', country: at % 2 === 0 ? 'MT' : 'SE' }
    const until = at % 5 === 2 ? '2999-01-01' : at % 5 === 3 ? '2020-01-01' : null
    await sql`update players set ${sql({ ...player, excluded_until: until })} where id = ${playerId}`
    const blockedAt = at % 4 === 1 ? new Date(start + (at % 3) * 1000) : null
    await sql`update player_profiles set blocked_at = ${blockedAt} where player_id = ${playerId}`
    for (const type of ['LOGIN', 'OTHER', 'LOGIN']) {
      const recorded = new Date(start + (at % 6) * 1000)
      const activity = {
        id: uuidv7(recorded),
        brand_id: brand.id,
        player_id: playerId,
        type,
        recorded_at: recorded,
      }
      const more = {
        facts: sql.json({}),
        occurred_at: new Date(start),
        session_id: at % 2 === 0 ? sessionId : null,
        country: country ?? null,
      }
      await sql`insert into activities ${sql({ ...activity, ...more, ...where })}`
    }
  }
  await sql`update games set category = case when ascii(right(id::text, 1)) % 2 = 0 then 'LIVE' else 'SLOT' end`
  await sql`update provider_calls set latency_us = ascii(right(id::text, 1)) % 3 * 1000,
    http_status = case when ascii(right(id::text, 2)) % 2 = 0 then 500 else 200 end,
    attempt_key = case when ascii(right(id::text, 3)) % 2 = 0 then 'try-' || right(id::text, 1) end,
    verdict = case ascii(right(id::text, 4)) % 3 when 0 then 'FUNDS' when 1 then 'LIMIT' else verdict end`
}

interface Found {
  readonly nodes: readonly { readonly id: string }[]
  readonly totalCount: { readonly value: number }
  readonly totals?: unknown
}

describe.each(lists)('$list', (list) => {
  const rows = () => rowsOf.get(list.list) ?? expect.fail('no rows')

  test.for(Object.keys(list.sorts))('by %s are the same page by page, onward and back', async (key) => {
    const query = { list: list.list, type: list.type, filter: list.narrowed ?? {} }
    for (const direction of ['ASC', 'DESC']) {
      const expected = ordered(list, rows(), key, direction)
      for (const size of [1, 7, 100]) {
        const walk = { sort: { key, direction }, size }
        expect(await walkOnward(graph, query, walk), `${direction} ${size}`).toEqual(expected)
        expect(await walkBack(graph, query, walk), `${direction} ${size} back`).toEqual(expected)
      }
    }
  })

  test('with any combination of filters are what brute force finds, and so are count and totals', async () => {
    const totals = list.totals ? `totals { ${list.totals.asks} }` : ''
    const query = `query ($filter: ${list.type}Filter) {
      ${list.list}(first: 100, filter: $filter) { nodes { id } totalCount { value } ${totals} } }`
    let found = 0
    await fc.assert(
      fc.asyncProperty(filterOf(list, rows()), async ({ value, matches }) => {
        const { data, errors } = await graph.ask(query, { filter: value })
        expect(errors).toEqual([])
        const page = (data as Record<string, Found>)[list.list]
        const matching = rows().filter(matches)
        const expected = ordered(list, matching, Object.keys(list.sorts)[0] ?? '', 'DESC')
        expect(page?.nodes.map((node) => node.id)).toEqual(expected)
        expect(page?.totalCount.value).toBe(expected.length)
        const ids = new Set(matching.map((row) => row['id']))
        const totalled = totalledOf.get(list.list)?.filter((row) => ids.has(row['id'] ?? null))
        expect(page?.totals).toEqual(list.totals?.of(totalled ?? []))
        found += expected.length
      }),
      { numRuns: 60, seed: 4 },
    )
    expect(found).toBeGreaterThan(50)
  })
})

test.for([
  [
    'providerCalls(first: 1, sort: { key: LATENCY }) { nodes { id } }',
    'sorted by LATENCY, the list needs a filter: receivedAt with gte, over at most 7 days; or player or round or id',
  ],
  [
    `rounds(first: 1, sort: { key: COMPLETED_AT }, filter: { startedAt: { gte: "2020-01-01T00:00:00Z" } }) {
      nodes { id } }`,
    /^sorted by COMPLETED_AT, the list needs a filter: startedAt with gte, over at most 7 days; or player or /,
  ],
  ['rounds(first: 1, filter: { minutesOpen: 0 }) { nodes { id } }', 'minutesOpen is not from 1 to 525600'],
  [
    `providerCalls(first: 1, filter: { not: { httpStatus: { in: [${Array(101).fill(1).join()}] } } }) { nodes { id } }`,
    'in takes at most 100 values, not 101',
  ],
] as const)('what cannot be asked for is refused with the reason', async ([query, message]) => {
  expect((await graph.ask(`{ ${query} }`)).errors).toEqual([expect.stringMatching(message)])
})

test('a time between two milliseconds lies behind the first', async () => {
  const row = rowsOf.get('rounds')?.[0] ?? expect.fail('no round')
  const at = new Date(ms(row['started_at'])).toISOString().slice(0, -1)
  const count = async (range: object) => {
    const query =
      'query ($filter: RoundFilter) { rounds(first: 1, filter: $filter) { totalCount { value } } }'
    const { data } = await graph.ask(query, { filter: { startedAt: range } })
    return (data as { rounds: { totalCount: { value: number } } }).rounds.totalCount.value
  }
  const all = rowsOf.get('rounds')?.length ?? 0
  const same = await count({ gte: `${at}Z`, lt: `${at}001Z` })
  expect(same).toBe(
    rowsOf.get('rounds')?.filter((one) => ms(one['started_at']) === ms(row['started_at'])).length,
  )
  expect((await count({ gte: `${at}001Z` })) + (await count({ lt: `${at}001Z` }))).toBe(all)
})

describe('calls by operation and verdict', () => {
  const asked = (limit: number) =>
    `totals(limit: ${limit}) { operation verdict count { value precision } } totalCount(limit: ${limit}) { value }`

  test('are counted as far as the limit, and then told as at least so many', async () => {
    const refused = (rowsOf.get('providerCalls') ?? []).filter((row) => row['verdict'] === 'FUNDS')
    const [[operation, { length }] = ['', []]] = [
      ...Map.groupBy(refused, (row) => String(row['operation'])),
    ].toSorted(([, a], [, b]) => b.length - a.length)
    for (const limit of [1, 2, length, length + 1]) {
      const { data, errors } = await graph.ask(`{ providerCalls(
        first: 1, filter: { verdict: { eq: FUNDS }, operation: { eq: "${operation}" } }) { ${asked(limit)} } }`)
      const value = Math.min(length, limit)
      const count = { value, precision: length > limit ? 'AT_LEAST' : 'EXACT' }
      expect(errors).toEqual([])
      expect(data).toEqual({
        providerCalls: { totals: [{ operation, verdict: 'FUNDS', count }], totalCount: { value } },
      })
    }
  })

  test('of each player are those of the player alone, and take one statement', async () => {
    const query = `{ players(first: 100) { nodes { id providerCalls(first: 1) { ${asked(1000)} } } } }`
    const { data, statements } = await graph.ask(query)
    const { players } = data as {
      players: { nodes: { id: string; providerCalls: { totals: object[]; totalCount: { value: number } } }[] }
    }
    const calls = nounLists(start).find(({ list }) => list === 'providerCalls')?.totals
    const all = rowsOf.get('providerCalls') ?? []
    for (const { id, providerCalls } of players.nodes) {
      const own = all.filter((row) => globalId('Player', String(row['player_id'])) === id)
      expect(providerCalls).toEqual({ totals: calls?.of(own), totalCount: { value: own.length } })
    }
    expect(statements.filter((name) => name === 'providerCalls: kinds')).toHaveLength(1)
  })

  test('are at most 100 kinds, the most frequent', async () => {
    const { sql } = database
    const [like] = await sql`select * from provider_calls where brand_id = ${scope[0] ?? ''} limit 1`
    const guesses = Array.from({ length: 120 }, (_, at) => ({ operation: `/guessed/${at}`, id: uuidv7() }))
    const rows = guesses.map((guess) => ({ ...like, request_headers: sql.json({}), ...guess }))
    await sql`insert into provider_calls ${sql(rows)}`
    const { data } = await graph.ask(`{ providerCalls(first: 1) { ${asked(10_000)} } }`)
    const { totals } = (data as { providerCalls: { totals: { operation: string; count: object }[] } })
      .providerCalls
    expect(totals).toHaveLength(100)
    expect(totals.at(-1)?.count).toEqual({ value: 1, precision: 'EXACT' })
    expect(totals[0]?.operation).not.toMatch('guessed')
  })
})
