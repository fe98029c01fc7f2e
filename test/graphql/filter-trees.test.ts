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
  const [ann, bob] = [factory.seat(brand), factory.seat(brand)]
  for (let at = 0; at < 12; at += 1) {
    const outcome = (['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const)[at % 4] ?? 'OPEN'
    factory.bet(at < 8 ? ann : bob, { outcome, stakeMinor: BigInt(at * 100), payoutMinor: 1000n })
  }
  await factory.save()
  graph = openGraph(database, [brand.id])
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const query = `query ($filter: BetFilter, $limit: Int) {
  bets(first: 100, filter: $filter) {
    nodes { id }
    totalCount(limit: $limit) { value precision }
    totals { currency count stake { amount } payout { amount } turnover { amount } ggr { amount } }
  }
}`

interface Found {
  readonly nodes: readonly object[]
  readonly totalCount: { readonly value: number; readonly precision: string }
  readonly totals: readonly object[]
}

async function bets(filter: object, limit?: number): Promise<Found> {
  const { data, errors } = await graph.ask(query, { filter, limit })
  expect(errors).toEqual([])
  return (data as { bets: Found }).bets
}

describe('filters within filters', () => {
  const [open, settled] = [{ status: { eq: 'OPEN' } }, { status: { eq: 'SETTLED' } }]
  test.for([
    [{ and: [] }, 12],
    [{ or: [] }, 0],
    [{ or: [{}] }, 12],
    [{ not: {} }, 0],
    [{ not: null, and: null, or: null }, 12],
    [{ or: [open, settled] }, 9],
    [{ and: [open, settled] }, 0],
    [{ not: { or: [open, settled] } }, 3],
    // What has no value does not match, so it is among what `not` finds.
    [{ settledAt: { gte: '2000-01-01T00:00:00Z' } }, 6],
    [{ not: { settledAt: { gte: '2000-01-01T00:00:00Z' } } }, 6],
    [{ not: { not: { result: { eq: 'WON' } } } }, 3],
    [{ not: { result: { eq: 'WON' } } }, 9],
    [{ status: { eq: 'SETTLED' }, not: { and: [{ result: { eq: 'LOST' } }, { not: {} }] } }, 6],
  ] as const)('%j finds %i', async ([filter, found]) => {
    const { nodes, totalCount } = await bets(filter)
    expect([nodes.length, totalCount]).toEqual([found, { value: found, precision: 'EXACT' }])
  })

  const nested = (depth: number): object => (depth === 0 ? {} : { not: nested(depth - 1) })
  test.for([
    [nested(4), 'not.not.not.not: filters within filters go 3 deep at most'],
    [nested(500), 'not.not.not.not: filters within filters go 3 deep at most'],
    [{ or: Array.from({ length: 21 }, () => ({})) }, 'or[20]: a filter holds 20 filters at most'],
    [{ or: [{}, { not: { player: { eq: 'x' } } }] }, 'or[1].not.player: "x" is not the id of a Player'],
  ] as const)('too much, or wrong within, is refused with its place', async ([filter, message]) => {
    const { data, errors } = await graph.ask(query, { filter })
    expect({ data, errors }).toEqual({ data: { bets: null }, errors: [message] })
  })
})

test('a count ends at its limit and says so', async () => {
  expect((await bets({}, 11)).totalCount).toEqual({ value: 11, precision: 'AT_LEAST' })
  expect((await bets({}, 12)).totalCount).toEqual({ value: 12, precision: 'EXACT' })
  for (const limit of [0, -1, 1_000_001]) {
    const { errors } = await graph.ask(query, { limit })
    expect(errors).toEqual([`limit must be 1 to 1000000, not ${limit}`])
  }
})

test('totals are of all that match; turnover and GGR of what is settled and real', async () => {
  expect((await bets({})).totals).toEqual([
    {
      currency: 'EUR',
      count: '12',
      stake: { amount: '66.00' },
      payout: { amount: '30.00' },
      turnover: { amount: '33.00' },
      ggr: { amount: '3.00' },
    },
  ])
  expect((await bets({ or: [] })).totals).toEqual([])
})

test('counts and totals of many lists take a statement each, and none when not asked for', async () => {
  const of = (what: string) => `{ players(first: 2, sort: { key: EXTERNAL_ID, direction: ASC }) {
    nodes { bets(first: 1, filter: { stake: { currency: "EUR", gte: "8" } }) {
    nodes { id } ${what}
  } } } }`
  const { data, statements } = await graph.ask(
    of('totalCount { value precision } totals { currency count stake { amount } }'),
  )
  expect(statements.toSorted()).toEqual([
    'bets: count',
    'bets: page by PLACED_AT',
    'bets: totals',
    'players: page by EXTERNAL_ID',
  ])
  const { nodes } = (data as { players: { nodes: { bets: Found }[] } }).players
  expect(nodes.map((player) => [player.bets.totalCount.value, player.bets.totals])).toEqual([
    [0, []],
    [4, [{ currency: 'EUR', count: '4', stake: { amount: '38.00' } }]],
  ])
  expect((await graph.ask(of(''))).statements).toHaveLength(2)
})
