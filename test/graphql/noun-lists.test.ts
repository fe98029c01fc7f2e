import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '../../src/db/connection.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import {
  choice,
  filterOf,
  flag,
  id,
  int,
  money,
  type NounList,
  ordered,
  readRows,
  type Row,
  text,
  time,
} from '../support/noun-lists.ts'
import { walkBack, walkOnward } from '../support/walk.ts'

let database: TestDatabase
let graph: Graph
let scope: string[]
const rowsOf = new Map<string, Row[]>()

const start = Date.now() - 3_600_000

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brands = [factory.brand(), factory.brand(), factory.brand()]
  const seats = brands.flatMap((brand) => Array.from({ length: 8 }, () => factory.seat(brand)))
  const outcomes = ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const
  for (let at = 0; at < 72; at += 1) {
    const seat = seats[at % 24] ?? expect.fail('no seat')
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
  for (const list of lists) rowsOf.set(list.list, await readRows(database.sql, list, scope))
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
    attempt_key = case when ascii(right(id::text, 3)) % 2 = 0 then 'try-' || right(id::text, 1) end`
}

const ofGame = `(select g.provider_id from games g where g.id = t.game_id) as provider_id,
  (select g.category from games g where g.id = t.game_id) as category`

const played = {
  brand: id('brand_id', 'Brand'),
  player: id('player_id', 'Player'),
  game: id('game_id', 'Game'),
  provider: id('provider_id', 'Provider'),
  category: choice('category'),
  providerAccount: id('provider_account_id', 'ProviderAccount'),
  status: choice('status'),
  currency: choice('currency'),
}

const ms = (value: unknown) => (value instanceof Date ? value.getTime() : Number.NEGATIVE_INFINITY)

const lists: readonly NounList[] = [
  {
    list: 'players',
    type: 'Player',
    rows: `select t.*, w.cash_minor, w.bonus_minor, w.owed_minor, f.blocked_at from players t
      join wallets w on w.player_id = t.id join player_profiles f on f.player_id = t.id where t.brand_id = any($1)`,
    fields: {
      id: id('id', 'Player'),
      brand: id('brand_id', 'Brand'),
      externalId: text('external_id'),
      status: choice('status'),
      country: text('country'),
      blockedAt: time('blocked_at'),
      excluded: flag((row) => ms(row['excluded_until']) > Date.now()),
      cash: money('cash_minor'),
      bonus: money('bonus_minor'),
      owes: flag((row) => Number(row['owed_minor']) < 0),
    },
    sorts: { REGISTERED_AT: () => 0, EXTERNAL_ID: (row) => String(row['external_id']) },
  },
  {
    list: 'sessions',
    type: 'Session',
    rows: `select t.*, ${ofGame} from sessions t where t.brand_id = any($1)`,
    fields: {
      ...played,
      id: id('id', 'Session'),
      closeReason: choice('close_reason'),
      country: text('country'),
      ip: text('ip'),
      device: text('device'),
      closedAt: time('closed_at'),
      expiresAt: time('expires_at'),
    },
    sorts: { OPENED_AT: () => 0, CLOSED_AT: (row) => ms(row['closed_at']) },
  },
  {
    list: 'rounds',
    type: 'Round',
    rows: `select t.*, ${ofGame} from rounds t where t.brand_id = any($1)`,
    fields: {
      ...played,
      id: id('id', 'Round'),
      session: id('session_id', 'Session'),
      roundKey: text('round_key'),
      startedAt: time('started_at'),
      completedAt: time('completed_at'),
      minutesOpen: () =>
        fc.constantFrom(1, 525_600).map((value) => ({
          value,
          matches: (row: Row) => row['status'] === 'OPEN' && value === 1,
        })),
    },
    sorts: { STARTED_AT: () => 0, COMPLETED_AT: (row) => ms(row['completed_at']) },
    narrowed: { startedAt: { gte: new Date(start).toISOString() } },
  },
  {
    list: 'providerCalls',
    type: 'ProviderCall',
    rows: `select t.*, a.provider_id from provider_calls t
      join provider_accounts a on a.id = t.provider_account_id where t.brand_id = any($1)`,
    fields: {
      id: id('id', 'ProviderCall'),
      brand: id('brand_id', 'Brand'),
      player: id('player_id', 'Player'),
      session: id('session_id', 'Session'),
      round: id('round_id', 'Round'),
      bet: id('bet_id', 'Bet'),
      transaction: id('transaction_id', 'Transaction'),
      provider: id('provider_id', 'Provider'),
      operation: text('operation'),
      path: text('path'),
      effect: choice('effect'),
      verdict: choice('verdict'),
      attemptKey: text('attempt_key'),
      requestId: text('request_id'),
      httpStatus: int('http_status'),
      latencyUs: int('latency_us'),
      receivedAt: time('received_at'),
    },
    sorts: { RECEIVED_AT: () => 0, LATENCY: (row) => Number(row['latency_us']) },
    narrowed: { receivedAt: { gte: new Date(start).toISOString() } },
  },
  {
    list: 'activities',
    type: 'Activity',
    rows: 'select t.* from activities t where t.brand_id = any($1)',
    fields: {
      id: id('id', 'Activity'),
      brand: id('brand_id', 'Brand'),
      player: id('player_id', 'Player'),
      session: id('session_id', 'Session'),
      type: choice('type'),
      ip: text('ip'),
      device: text('device'),
      country: text('country'),
      recordedAt: time('recorded_at'),
      occurredAt: time('occurred_at'),
    },
    sorts: { RECORDED_AT: () => 0 },
  },
]

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

  test('with any combination of filters are what brute force finds, and so is their count', async () => {
    const query = `query ($filter: ${list.type}Filter) {
      ${list.list}(first: 100, filter: $filter) { nodes { id } totalCount { value } } }`
    let found = 0
    await fc.assert(
      fc.asyncProperty(filterOf(list, rows()), async ({ value, matches }) => {
        const { data, errors } = await graph.ask(query, { filter: value })
        expect(errors).toEqual([])
        const page = (data as Record<string, { nodes: { id: string }[]; totalCount: { value: number } }>)[
          list.list
        ]
        const expected = ordered(list, rows().filter(matches), Object.keys(list.sorts)[0] ?? '', 'DESC')
        expect(page?.nodes.map((node) => node.id)).toEqual(expected)
        expect(page?.totalCount.value).toBe(expected.length)
        found += expected.length
      }),
      { numRuns: 60, seed: 4 },
    )
    expect(found).toBeGreaterThan(50)
  })
})
