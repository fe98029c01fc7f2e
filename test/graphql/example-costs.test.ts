// What each example tab is charged before it runs against what its answer costs, over a database where its lists are
// full: never less, and not much more.
import { getOperationAST, parse } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { costPlan } from '../../src/graphql/cost-plan.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { exampleQueries } from '../support/examples.ts'
import { Factory } from '../support/factory.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { shareNetworks } from '../support/share-networks.ts'

let database: TestDatabase
let graph: Graph

const hour = 3_600_000

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brand = factory.brand('demo')
  const outcomes = ['WON', 'LOST', 'ROLLED_BACK', 'OPEN'] as const
  for (let at = 0; at < 8; at += 1) {
    const seat = factory.seat(brand, { externalId: `demo-000${at}` })
    for (let bet = 0; bet < 24; bet += 1) {
      factory.bet(seat, {
        outcome: outcomes[bet % 4] ?? 'WON',
        stakeMinor: 100n,
        payoutMinor: 10_000n,
        placedAt: new Date(Date.now() - (bet % 6) * hour - 2 * hour),
      })
    }
  }
  await factory.save()
  await shareNetworks(database.sql)
  await foldAll(database)
  graph = openGraph(database, [brand.id])
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const queries = exampleQueries.filter(({ file }) => file !== '99-who-am-i')

/** Lists without pages, of which ten are assumed and fewer come. */
const loose: Readonly<Record<string, string>> = {
  '11-balance-and-why': 'a wallet for each currency of a player: one',
  '20-players-by-balance': 'the same',
  '28-shared-networks': 'the players behind an address: two',
  '29-late-money': 'nothing was late here',
  '51-performance-by-day': 'a row for each day: one',
  '53-winners-of-today': 'figures of a player in each currency: one',
  '61-mismatches': 'nothing was reconciled here',
  '98-tokens-of-operators': 'nobody works here',
}

test.for(queries)('$file is charged what it costs, and not much more', async ({ file, text }) => {
  const document = parse(text)
  const plan = costPlan(graph.schema, document, getOperationAST(document) ?? expect.fail('no operation'))
  const { data, errors } = await graph.ask(text, { first: 5 })
  expect(errors).toEqual([])
  const [requested, actual] = [plan.requested({ first: 5 }), plan.actual(data)]
  expect(requested).toBeGreaterThanOrEqual(actual)
  if (!(file in loose)) expect(requested).toBeLessThanOrEqual(3 * actual)
})
