// From what was compared back to what was found of it.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedOperator, startTestApp, type TestApp, type TestOperator } from '../support/app.ts'
import { type Account, addReportingAccount, type Booked, layBooks } from '../support/books.ts'
import { furnishGames } from '../support/house.ts'
import { csvReport, reportRow } from '../support/report.ts'

let app: TestApp
let account: Account
let stranger: TestOperator

const [agreed, differing, late] = [randomUUID(), randomUUID(), randomUUID()]

const booked = (key: string): Booked => ({
  key,
  kind: 'BET',
  verdict: 'OK',
  undone: false,
  amountMinor: 100n,
  currency: 'EUR',
  at: new Date(),
})

const told = (key: string, amount: number) =>
  reportRow({ transaction_uuid: key, user: 'ada', round: 'r', game_code: 'book', amount }, 'TK_BET')

beforeAll(async () => {
  app = await startTestApp()
  const { sql } = app.database
  await furnishGames(sql, app.brandId)
  account = await addReportingAccount(sql, app.brandId)
  const others = await sql<{ id: string }[]>`
    insert into brands (id, code, name, time_zone, currency, created_at)
    values (gen_random_uuid(), 'other', 'Other', 'UTC', 'EUR', now()) returning id`
  stranger = await seedOperator(sql, 'GAME_OPS', [others[0]?.id ?? ''])
  await layBooks(sql, account, [booked(agreed), booked(differing)])
  const url = `${app.url}/reconciliations?account=${account.code}&from=2026-01-01&to=2026-01-02`
  const headers = { authorization: `Bearer ${app.tokens.SERVICE}`, 'content-type': 'text/csv' }
  const body = csvReport([told(agreed, 100_000), told(differing, 200_000), told(late, 100_000)])
  for (let times = 0; times < 2; times += 1) {
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201)
  }
  await layBooks(sql, account, [booked(late)])
})
afterAll(() => app?.close())

const items = 'reconciliationItems(first: 5, filter: { state: { eq: OPEN } }) { nodes { bucket } }'

async function ask(key: string, by: Parameters<TestApp['graphql']>[2]) {
  const { data } = await app.graphql<{ transactions: { nodes: unknown[] } }>(
    `query ($key: String!) { transactions(first: 1, filter: { transactionKey: { eq: $key } }) {
      nodes { ${items} bet { ${items} } } } }`,
    { key },
    by,
  )
  return data.transactions.nodes
}

const found = (...buckets: string[]) => ({ nodes: buckets.map((bucket) => ({ bucket })) })
const of = (transaction: readonly string[], bet: readonly string[]) => [
  { reconciliationItems: found(...transaction), bet: { reconciliationItems: found(...bet) } },
]

test('a transaction and its bet lead to every mismatch that was found of them', async () => {
  expect(await ask(differing, 'GAME_OPS')).toEqual(of(['AMOUNT', 'AMOUNT'], ['AMOUNT', 'AMOUNT']))
  expect(await ask(agreed, 'GAME_OPS')).toEqual(of([], []))
})

test('a transaction that came after it was missed leads to what missed it', async () => {
  expect(await ask(late, 'GAME_OPS')).toEqual(of(['MISSING_HERE', 'MISSING_HERE'], []))
})

test('nobody of another brand finds them', async () => {
  expect(await ask(differing, stranger)).toEqual([])
})
