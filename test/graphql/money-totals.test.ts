import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '../../src/db/connection.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { moneyLists, totalsOf } from '../support/money-list-table.ts'
import { filterOf, readRows, type Row } from '../support/noun-lists.ts'

let database: TestDatabase
let graph: Graph
const rowsOf = new Map<string, Row[]>()

const start = Date.now() - 3_600_000
const huge = 10n ** 15n

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brands = [factory.brand(), factory.brand(), factory.brand()]
  const seats = [...brands, ...brands].flatMap((brand) => [
    factory.seat(brand),
    factory.seat(brand, { currency: 'JPY', category: 'LIVE', country: 'EE' }),
    factory.seat(brand, { category: 'TABLE' }),
  ])
  const outcomes = ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const
  const kinds = ['REAL', 'REAL', 'FREE', 'PROMO'] as const
  for (let at = 0; at < 108; at += 1) {
    const seat = seats[at % 18] ?? expect.fail('no seat')
    const kind = kinds[Math.floor(at / 18) % 4] ?? 'REAL'
    const payoutMinor = at % 11 === 0 ? huge : BigInt((at % 5) * 75 + 1)
    factory.bet(seat, {
      kind,
      payoutMinor,
      outcome: outcomes[(at + Math.floor(at / 18)) % 4] ?? 'OPEN',
      stakeMinor: kind === 'FREE' ? huge - BigInt(at) : BigInt((at % 5) * 100 + 100),
      jackpotMinor: at % 4 === 0 ? payoutMinor : 0n,
      placedAt: new Date(start + (at % 13) * 1000),
    })
  }
  await factory.save()
  await vary(database.sql, seats)
  // The third brand is not the caller's.
  const scope = brands.slice(0, 2).map(({ id }) => id)
  graph = openGraph(database, scope)
  const noted = moneyLists.map((list) => ({ ...list, sorts: {} }))
  for (const list of noted) rowsOf.set(list.list, await readRows(database.sql, list, scope))
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

/** Refusals, tombstones that are nobody's, several lanes, several bets a round, and times that lie apart. */
async function vary(sql: Sql, seats: readonly Seat[]): Promise<void> {
  for (const table of ['journal', 'ledger_entries', 'transactions']) {
    await sql.unsafe(`update ${table} set lane = 3 * array_position($1::text::uuid[], player_id)::int2 % 9`, [
      `{${seats.map(({ playerId }) => playerId).join(',')}}`,
    ])
  }
  await sql`update ledger_entries set recorded_at = date_trunc('day', recorded_at)
    + (seq & 1048575) * interval '3007 microseconds'`
  await sql`update journal set recorded_at = date_trunc('day', recorded_at)
    + (seq & 1048575) * interval '3007 microseconds'`
  // An id is made of the time recorded.
  await sql`create temp table moved as select id, recorded_at + n * interval '1 second' as at,
      (lpad(to_hex((extract(epoch from recorded_at) * 1000)::int8 + n * 1000), 12, '0')
        || substr(replace(id::text, '-', ''), 13))::uuid as now
    from (select id, recorded_at, row_number() over (order by lane, seq) % 17 as n from transactions) t`
  await sql`update transactions t set id = now, recorded_at = at from moved m where m.id = t.id`
  for (const table of ['journal', 'ledger_entries', 'bets']) {
    await sql.unsafe(`update ${table} t set transaction_id = now from moved m where m.id = t.transaction_id`)
  }
  await sql`drop table moved`
  await sql`update transactions set verdict = case seq % 3 when 0 then 'FUNDS' else 'LIMIT' end, bet_id = null
    where kind = 'BET' and seq % 5 = 0`
  await sql`update transactions set reference_key = 'tx-' || seq % 4 where kind in ('WIN', 'ROLLBACK')`
  await sql`insert into transactions (scope_id, transaction_key, id, brand_id, provider_account_id, kind, verdict,
      fingerprint, reference_key, recorded_at, lane, seq)
    select distinct on (provider_account_id) scope_id, 'tombstone', gen_random_uuid(), brand_id,
      provider_account_id, 'TOMBSTONE', 'OK', fingerprint, 'never', date_trunc('hour', recorded_at), lane, 0
    from transactions where kind = 'WIN' order by provider_account_id, seq`
  await sql`update transactions set id = (lpad(to_hex((extract(epoch from recorded_at) * 1000)::int8), 12, '0')
    || substr(replace(id::text, '-', ''), 13))::uuid where kind = 'TOMBSTONE'`
  // A player's first round takes in bets of later ones, with all that came of them.
  await sql`update bets b set round_id = r.id from rounds r where r.player_id = b.player_id
    and r.started_at = (select min(x.started_at) from rounds x where x.player_id = r.player_id)
    and right(b.id::text, 1) < '6'`
  for (const table of ['journal', 'ledger_entries', 'transactions']) {
    await sql.unsafe(`update ${table} t set round_id = b.round_id from bets b where b.id = t.bet_id`)
  }
  await sql`update sessions set status = 'CLOSED', close_reason = 'IDLE', closed_at = expires_at
    where right(id::text, 1) < '8'`
}

describe.each(moneyLists)('$list', (list) => {
  const rows = () => rowsOf.get(list.list) ?? expect.fail('no rows')
  const query = `query ($filter: ${list.type}Filter, $limit: Int) {
    ${list.list}(first: 1, filter: $filter) {
      totalCount(limit: $limit) { value precision }
      totals { ${list.asks} }
    }
  }`

  async function expectTotals(filter: unknown, expected: readonly Row[], limit: number): Promise<void> {
    const { data, errors } = await graph.ask(query, { filter, limit })
    expect(errors).toEqual([])
    const count = expected.length
    expect((data as Record<string, object>)[list.list], JSON.stringify(filter)).toEqual({
      totalCount: { value: Math.min(count, limit), precision: count > limit ? 'AT_LEAST' : 'EXACT' },
      totals: totalsOf(list, expected),
    })
  }

  test('with any combination of filters are counted and added up as brute force does', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(
        filterOf({ ...list, sorts: {} }, rows()),
        fc.integer({ min: 1, max: 60 }),
        async ({ value, matches }, limit) => {
          const expected = rows().filter(matches)
          await expectTotals(value, expected, limit)
          found += expected.length
        },
      ),
      { numRuns: 150, seed: 4 },
    )
    expect(found).toBeGreaterThan(100)
  })

  test.for(Object.keys(list.fields))('with %s alone, or without it, are too', async (name) => {
    for (const said of fc.sample(list.fields[name]?.(rows()) ?? fc.constant(null), { numRuns: 8, seed: 3 })) {
      const { value, matches } = said ?? expect.fail('no such field')
      await expectTotals({ [name]: value }, rows().filter(matches), 1000)
      const others = rows().filter((row) => !matches(row))
      await expectTotals({ not: { [name]: value } }, others, 1000)
    }
  })
})
