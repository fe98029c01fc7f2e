import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sql } from '../../src/db/connection.ts'
import { betsBy, betsPage } from '../../src/domain/bets/queries.ts'
import type { ScopedContext } from '../../src/domain/context.ts'
import { providerCallsPage } from '../../src/domain/providers/call-queries.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database?.drop())

const id = '01940000-0000-7000-8000-000000000001'

/** What the planner does with each statement when it may not read whole tables. */
async function plansOf(read: (ctx: ScopedContext) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  const sql = database.sql
  const unsafe = (text: string, parameters: string[]) => ({
    async values() {
      const settings = 'set enable_seqscan = off; set enable_bitmapscan = off'
      const results = await sql
        .unsafe(`${settings}; explain (costs off) ${literal(text, parameters)}`)
        .simple()
      const rows = (results as unknown as { 'QUERY PLAN': string }[][]).at(-1) ?? []
      plans.push(...rows.map((row) => row['QUERY PLAN']))
      return []
    },
  })
  const actor = {
    kind: 'OPERATOR',
    id: null,
    permissions: new Set<string>(),
    brandIds: new Set([id]),
  } as const
  await read({ sql: { unsafe } as unknown as Sql, actor } as unknown as ScopedContext)
  return plans.join('\n')
}

const literal = (text: string, parameters: readonly string[]) =>
  text.replace(/\$(\d+)/g, (_, number) => `'${parameters[Number(number) - 1]}'`)

const page = { first: 20 }

test.for([
  [
    'bets of brands by time',
    'bets_brand',
    (ctx) => betsPage(ctx, { page, sort: { key: 'PLACED_AT', direction: 'DESC' } }),
  ],
  [
    'bets of brands by stake',
    'bets_stake',
    (ctx) => betsPage(ctx, { page, sort: { key: 'STAKE', direction: 'ASC' } }),
  ],
  [
    'bets of a player',
    'bets_player',
    (ctx) => betsBy(ctx, 'PLAYER', [id], { page, sort: { key: 'PLACED_AT', direction: 'DESC' } }),
  ],
  [
    'provider calls of brands',
    'provider_account_id_id_idx',
    (ctx) => providerCallsPage(ctx, { page, sort: { key: 'RECEIVED_AT', direction: 'DESC' } }),
  ],
] as const satisfies readonly (readonly [string, string, (ctx: ScopedContext) => Promise<unknown>])[])(
  'a page of %s walks along %s and sorts nothing inside',
  async ([, index, read]) => {
    const plan = await plansOf(read)
    expect(plan).toMatch(new RegExp(`Index Scan (Backward )?using \\w*${index}`))
    expect(plan.match(/Sort Key/g) ?? []).toHaveLength(1)
  },
)
