import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { type BetTree, betSortKeys, matchesBet, sortedBets, totalsOf } from '../support/bet-oracle.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type BetFacts, Factory, type MadeBet } from '../support/factory.ts'
import type { Brand, Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: Graph
let seats: Seat[]
let made: MadeBet[]

const start = Date.now() - 100_000
const countries = ['MT', 'MC', 'EE']
const categories = ['SLOT', 'LIVE', 'TABLE']
const outcomes = ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const
const huge = 10n ** 15n

/** Many equal values, none, and the largest; free bets may be of any size. */
function factsOf(of: number, at: number): BetFacts {
  const kind = (['REAL', 'REAL', 'FREE', 'PROMO'] as const)[(at + of) % 4] ?? 'REAL'
  const payoutMinor = kind !== 'REAL' && at === 11 ? huge : BigInt((at % 3) * 75 + 1)
  return {
    kind,
    payoutMinor,
    outcome: outcomes[(of + at * 3) % 4] ?? 'OPEN',
    stakeMinor: kind !== 'REAL' && at > 11 ? huge - BigInt(at % 2) : BigInt((at % 5) * 100),
    jackpotMinor: at % 4 === 0 ? payoutMinor : 0n,
    placedAt: new Date(start + at * 1000),
  }
}

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brands: Brand[] = [factory.brand(), factory.brand(), factory.brand()]
  seats = brands.flatMap((brand, at) => {
    const kind = { country: countries[at] ?? 'MT', category: categories[at] ?? 'SLOT' }
    return [factory.seat(brand, kind), factory.seat(brand, { currency: 'JPY', country: 'MT' })]
  })
  made = seats.flatMap((seat, of) =>
    Array.from({ length: 15 }, (_, at) => factory.bet(seat, factsOf(of, at))),
  )
  await factory.save()
  // The third brand is not the caller's.
  graph = openGraph(
    database,
    brands.slice(0, 2).map(({ id }) => id),
  )
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const seatOf = (index: number): Seat => seats[index] ?? expect.fail('no such seat')
const within = (bet: MadeBet) => seats.indexOf(bet.seat) < 4

const optional = { requiredKeys: [] }
const choice = (value: fc.Arbitrary<string>) =>
  fc.oneof(fc.record({ eq: value }), fc.record({ in: fc.array(value, { maxLength: 3 }) }))
const text = (value: fc.Arbitrary<string>, prefix: fc.Arbitrary<string>) =>
  fc.oneof(choice(value), fc.record({ startsWith: prefix }))
const of = (type: string, key: (seat: Seat) => string) =>
  choice(fc.nat(5).map((at) => globalId(type, key(seatOf(at)))))
const second = fc.nat(17).map((at) => new Date(start + at * 1000).toISOString())
const times = fc.record({ gte: second, lt: second }, optional)
const amount = fc.constantFrom('0', '1', '2', '4', '76', '151', '10000000000000')
const amounts = fc.record(
  { currency: fc.constantFrom('EUR', 'JPY'), gte: amount, lte: amount },
  { requiredKeys: ['currency'] },
)
const factor = fc.constantFrom(
  '0',
  '0.0025',
  '0.76',
  '0.38',
  '0.333333333333333333',
  '1.51',
  '0.000000000000001',
)
const bet = (map: (one: MadeBet) => string) =>
  fc.nat(89).map((at) => map(made[at] ?? expect.fail('no such bet')))

const fields = (): Record<string, fc.Arbitrary<unknown>> => ({
  id: fc.record({
    in: fc.array(
      bet(({ id }) => globalId('Bet', id)),
      { maxLength: 60 },
    ),
  }),
  brand: of('Brand', ({ brand }) => brand.id),
  player: of('Player', ({ playerId }) => playerId),
  session: of('Session', ({ sessionId }) => sessionId),
  round: choice(bet(({ roundId }) => globalId('Round', roundId))),
  game: of('Game', ({ gameId }) => gameId),
  provider: of('Provider', ({ providerId }) => providerId),
  providerAccount: of('ProviderAccount', ({ accountId }) => accountId),
  category: choice(fc.constantFrom(...categories)),
  country: text(fc.constantFrom(...countries), fc.constantFrom('M', 'E', 'mt', '%')),
  transactionKey: text(
    bet(({ transactionKey }) => transactionKey),
    fc.constantFrom('tx-1', 'tx-2', 'TX', 'tx-%'),
  ),
  status: choice(fc.constantFrom('OPEN', 'SETTLED', 'ROLLED_BACK', 'VOIDED')),
  result: choice(fc.constantFrom('WON', 'LOST')),
  kind: choice(fc.constantFrom('REAL', 'FREE', 'PROMO')),
  currency: choice(fc.constantFrom('EUR', 'JPY', 'USD')),
  stake: amounts,
  payout: amounts,
  multiple: fc.record({ gte: factor, lte: factor }, optional),
  late: fc.boolean(),
  placedAt: times,
  settledAt: times,
})

/** Up to so many fields at once, since more leave nothing to compare, and at most one filter's kind within. */
function tree(depth: number, fieldsMax: number): fc.Arbitrary<BetTree> {
  const all = fields()
  const leaf = fc
    .subarray(Object.keys(all), { maxLength: fieldsMax })
    .chain((some) =>
      fc.record(Object.fromEntries(some.map((name) => [name, all[name] ?? fc.constant(null)]))),
    )
  if (depth === 0) return leaf
  const few = fc.array(tree(depth - 1, 1), { maxLength: 2 })
  const inner = fc.oneof(
    fc.constant({}),
    fc.record({ and: few }),
    fc.record({ or: few }),
    fc.record({ not: tree(depth - 1, 1) }),
  )
  return fc.tuple(leaf, inner).map(([one, other]) => ({ ...one, ...other }))
}

const query = `query ($filter: BetFilter, $key: BetSortKey!, $direction: SortDirection!, $limit: Int) {
  bets(first: 100, filter: $filter, sort: { key: $key, direction: $direction }) {
    nodes { id }
    totalCount(limit: $limit) { value precision }
    totals {
      currency count stake { amount } payout { amount } jackpot { amount } turnover { amount } ggr { amount }
    }
  }
}`

test('generated filters, to depth 3, find and add up what brute force does, in every order', async () => {
  let found = 0
  const order = fc.tuple(fc.constantFrom(...betSortKeys), fc.constantFrom('ASC', 'DESC'))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(tree(0, 3), tree(1, 2), tree(2, 1), tree(3, 1)),
      order,
      fc.integer({ min: 1, max: 60 }),
      async (filter, [key, direction], limit) => {
        const { data, errors } = await graph.ask(query, { filter, key, direction, limit })
        expect(errors).toEqual([])
        const expected = made.filter((one) => within(one) && matchesBet(filter, one))
        const count = expected.length
        expect((data as { bets: object }).bets).toEqual({
          nodes: sortedBets(expected, key, direction).map(({ id }) => ({ id: globalId('Bet', id) })),
          totalCount: { value: Math.min(count, limit), precision: count > limit ? 'AT_LEAST' : 'EXACT' },
          totals: totalsOf(expected),
        })
        found += count
      },
    ),
    { numRuns: 400, seed: 7 },
  )
  // The seed is fixed: so many rows were compared.
  expect(found).toBe(9222)
})

const pages = `query (
  $filter: BetFilter, $sort: BetSort, $first: Int, $after: String, $last: Int, $before: String
) {
  bets(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

interface Found {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** All pages one after the other, as they follow from each other's cursors. */
async function walk(filter: BetTree, sort: object, size: number, forward: boolean): Promise<string[]> {
  let seen: string[] = []
  for (let cursor: string | null = null; ; ) {
    const place = forward ? { first: size, after: cursor } : { last: size, before: cursor }
    const { data, errors } = await graph.ask(pages, { filter, sort, ...place })
    expect(errors).toEqual([])
    const { nodes, pageInfo } = (data as { bets: Found }).bets
    const ids = nodes.map(({ id }) => id)
    seen = forward ? [...seen, ...ids] : [...ids, ...seen]
    cursor = forward ? pageInfo.endCursor : pageInfo.startCursor
    expect(forward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(seen.length > ids.length)
    if (!(forward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return seen
  }
}

test('the pages of generated filters, of any size, onward and back, are what brute force finds', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(tree(0, 1), tree(1, 1)),
      fc.constantFrom(...betSortKeys),
      fc.constantFrom('ASC', 'DESC'),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      async (filter, key, direction, size, forward) => {
        const expected = made.filter((one) => within(one) && matchesBet(filter, one))
        const ids = sortedBets(expected, key, direction).map(({ id }) => globalId('Bet', id))
        expect(await walk(filter, { key, direction }, size, forward)).toEqual(ids)
        found += ids.length
      },
    ),
    { numRuns: 100, seed: 7 },
  )
  expect(found).toBe(3375)
})

describe('one field alone', () => {
  test.for(Object.keys(fields()))('%s finds what brute force does', async (name) => {
    const value = fields()[name] ?? fc.constant(null)
    const sort = { key: 'PLACED_AT', direction: 'ASC', limit: 100 }
    for (const one of fc.sample(value, { numRuns: 12, seed: 11 })) {
      for (const filter of [{ [name]: one }, { not: { [name]: one } }]) {
        const { data } = await graph.ask(query, { filter, ...sort })
        const expected = made.filter((each) => within(each) && matchesBet(filter, each))
        const { nodes } = (data as { bets: { nodes: object[] } }).bets
        expect(nodes, JSON.stringify(filter)).toEqual(
          sortedBets(expected, 'PLACED_AT', 'ASC').map(({ id }) => ({ id: globalId('Bet', id) })),
        )
      }
    }
  })
})

test('a brand outside the caller finds nothing, whether named or not', async () => {
  const foreign = seatOf(5)
  const bets = made.filter(({ seat }) => seat === foreign)
  for (const filter of [
    { brand: { eq: globalId('Brand', foreign.brand.id) } },
    { player: { eq: globalId('Player', foreign.playerId) } },
    { provider: { eq: globalId('Provider', foreign.providerId) } },
    { id: { in: bets.map(({ id }) => globalId('Bet', id)) } },
    { transactionKey: { in: bets.map(({ transactionKey }) => transactionKey) } },
    { or: [{ player: { eq: globalId('Player', foreign.playerId) } }] },
  ]) {
    const answer = await graph.ask(query, { filter, key: 'PLACED_AT', direction: 'ASC', limit: 1 })
    const totalCount = { value: 0, precision: 'EXACT' }
    expect(answer.data).toEqual({ bets: { nodes: [], totalCount, totals: [] } })
  }
})

test.for([
  [{ player: { eq: 'nonsense' } }, 'player: "nonsense" is not the id of a Player'],
  [{ player: { eq: globalId('Bet', '01940000-0000-7000-8000-000000000000') } }, /is not the id of a Player$/],
  [{ stake: { currency: 'EUR', gte: '1.005' } }, 'stake.gte: EUR has 2 decimal places; 1.005 has more'],
  [{ transactionKey: { eq: 'a\0b' } }, 'a text of a filter has a character that no text has'],
  [{ transactionKey: { in: Array(101).fill('a') } }, 'in takes at most 100 values, not 101'],
] as const)('%j is refused with the reason', async ([filter, message]) => {
  const { data, errors } = await graph.ask(query, { filter, key: 'PLACED_AT', direction: 'ASC' })
  expect(data).toEqual({ bets: null })
  expect(errors).toEqual([expect.stringMatching(message instanceof RegExp ? message : escaped(message))])
})

const escaped = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
