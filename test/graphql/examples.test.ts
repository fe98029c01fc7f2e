// The example tabs of GraphiQL over a database with hundred of everything: they find something, and the number of SQL
// statements that each takes is written down here and does not grow with the rows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { exampleQueries } from '../support/examples.ts'
import { Factory } from '../support/factory.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { shareNetworks } from '../support/share-networks.ts'

const statements: Readonly<Record<string, number>> = {
  '01-latest-bets': 5,
  '02-one-bet': 8,
  '03-big-wins': 6,
  '04-bets-of-players': 4,
  '05-bet-story': 14,
  '06-search': 8,
  '07-odd-bets': 4,
  '08-rounds-that-hang': 10,
  '10-player-360': 10,
  '11-balance-and-why': 6,
  '12-provider-health': 3,
  '20-players-by-balance': 4,
  '21-sessions-by-network': 4,
  '22-rounds-of-slots': 5,
  '23-transactions': 4,
  '24-ledger': 5,
  '25-slow-calls': 3,
  '26-events-by-amount': 5,
  '27-events-but-routine': 4,
  '28-shared-networks': 2,
  '29-late-money': 4,
  '50-performance-by-game': 6,
  '51-performance-by-day': 3,
  '52-sessions-performance': 3,
  '53-winners-of-today': 5,
  '60-provider-calls': 5,
  '61-mismatches': 1,
  '98-tokens-of-operators': 1,
}

/** Whose answer depends on the server around the schema. */
const elsewhere = ['99-who-am-i']

const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000)

let database: TestDatabase
let graph: Graph

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brand = factory.brand('demo')
  for (let at = 0; at < 100; at += 1) {
    factory.bet(factory.seat(brand, { externalId: `demo-${String(at).padStart(4, '0')}` }), {
      outcome: at % 2 === 0 ? 'WON' : 'LOST',
    })
  }
  for (let at = 0; at < 100; at += 1) factory.bet(factory.seat(brand), { placedAt: threeHoursAgo })
  await factory.save()
  await shareNetworks(database.sql)
  await foldAll(database)
  graph = openGraph(database, [brand.id])
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const queries = exampleQueries.filter(({ file }) => !elsewhere.some((one) => one === file))

describe('the examples', () => {
  test('are all counted', () => {
    expect(queries.map(({ file }) => file)).toEqual(Object.keys(statements))
  })

  test.for(queries)('$file finds something with as many statements for 10 rows as for 100', async (of) => {
    for (const first of [10, 100]) {
      const answer = await graph.ask(of.text, { first })
      expect(answer.errors).toEqual([])
      expect(Object.values(answer.data as object)).not.toContain(null)
      expect(answer.statements, answer.statements.join(', ')).toHaveLength(statements[of.file] ?? 0)
    }
  })
})
