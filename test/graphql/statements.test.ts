import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory } from '../support/factory.ts'
import { type Graph, openGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: Graph

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brand = factory.brand()
  // Every bet has a player, game, provider, session and round of its own.
  for (let at = 0; at < 100; at += 1) {
    factory.bet(factory.seat(brand), { outcome: at % 2 === 0 ? 'WON' : 'LOST' })
  }
  await factory.save()
  graph = openGraph(database, [brand.id])
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const latestBets = `query LatestBets($first: Int!) {
  bets(first: $first, sort: { key: PLACED_AT, direction: DESC }) {
    edges {
      cursor
      node {
        id status result placedAt transactionKey
        stake { amount currency } payout { amount currency }
        player { externalId name email wallets { cash { amount } } }
        game { name provider { name } }
        providerAccount { code }
        round { roundKey status totals { betCount stake { amount } } }
        session { id openedAt }
      }
    }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`

const oneBet = `query OneBet($first: Int!) {
  bets(first: $first) {
    nodes {
      id
      timeline { stage at source { __typename ... on ProviderCall { id requestBody } ... on LedgerEntry { id } } }
      ledgerEntries(first: 20) { nodes { id account amount { amount } balanceAfter { amount } transaction { id } } }
      providerCalls(first: 5) { nodes { id receivedAt requestBody replyBody } pageInfo { hasNextPage } }
      transactions(first: 5) { nodes { id kind ledgerEntries { id } } }
    }
  }
}`

const nested = `query Nested($first: Int!) {
  players(first: $first) {
    nodes {
      bets(first: 5, filter: { status: { eq: SETTLED } }) { nodes { id } pageInfo { hasNextPage } }
      sessions(first: 5) { nodes { rounds(first: 5) { nodes { bets(first: 5) { nodes { id } } } } } }
      wallets { ledgerEntries(last: 3) { nodes { id } } }
      events(first: 2) { nodes { id type } }
    }
  }
}`

describe('the number of SQL statements does not grow with the rows', () => {
  test.for([
    { name: 'LatestBets', query: latestBets, statements: 10 },
    { name: 'OneBet', query: oneBet, statements: 11 },
    { name: 'Nested', query: nested, statements: 8 },
  ])('$name takes $statements for 10 rows and for 100', async ({ query, statements }) => {
    for (const first of [10, 100]) {
      const answer = await graph.ask(query, { first })
      expect(answer.errors).toEqual([])
      expect(answer.statements, `${first} rows: ${answer.statements.join(', ')}`).toHaveLength(statements)
    }
  })

  test('hundred rows bring hundred different relations', async () => {
    const { data } = await graph.ask(latestBets, { first: 100 })
    const bets = (data as { bets: { edges: { node: Record<string, Record<string, unknown>> }[] } }).bets.edges
    for (const relation of ['player', 'game', 'providerAccount', 'round', 'session']) {
      expect(new Set(bets.map(({ node }) => JSON.stringify(node[relation]))).size, relation).toBe(100)
    }
  })

  test('bodies are read only when they are asked for', async () => {
    const { statements } = await graph.ask('{ providerCalls(first: 10) { nodes { id path } } }')
    expect(statements).toEqual(['providerCalls: page by RECEIVED_AT'])
  })
})
