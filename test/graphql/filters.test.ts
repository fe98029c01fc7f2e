import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory, type MadeBet } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: Graph
let seats: Seat[]
let made: MadeBet[]

const start = Date.now() - 100_000

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brands = [factory.brand(), factory.brand(), factory.brand()]
  seats = brands.flatMap((brand) => [factory.seat(brand), factory.seat(brand)])
  const outcomes = ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const
  made = seats.flatMap((seat, of) =>
    Array.from({ length: 15 }, (_, at) =>
      factory.bet(seat, {
        outcome: outcomes[(of + at) % 4] ?? 'OPEN',
        stakeMinor: BigInt((at % 5) * 100),
        payoutMinor: BigInt((at % 3) * 75 + 1),
        placedAt: new Date(start + at * 1000),
      }),
    ),
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

const statusOf = ({ outcome }: MadeBet) => (outcome === 'WON' || outcome === 'LOST' ? 'SETTLED' : outcome)
const settledAt = (bet: MadeBet) => (statusOf(bet) === 'SETTLED' ? bet.placedAt.getTime() + 1000 : undefined)

interface Wish {
  readonly status?: string[]
  readonly result?: string
  readonly seat?: number
  readonly session?: number
  readonly brand?: number[]
  readonly stake?: { readonly gte?: number; readonly lte?: number }
  readonly placed?: { readonly gte?: number; readonly lt?: number }
  readonly settled?: { readonly gte?: number; readonly lt?: number }
  readonly prefix?: string
  readonly ids?: number[]
}

const optional = { requiredKeys: [] }
const range = (max: number) => fc.record({ gte: fc.nat(max), lt: fc.nat(max) }, optional)
const fields = {
  status: fc.subarray(['OPEN', 'SETTLED', 'ROLLED_BACK', 'VOIDED']),
  result: fc.constantFrom('WON', 'LOST'),
  seat: fc.nat(5),
  session: fc.nat(5),
  brand: fc.subarray([0, 1, 2]),
  stake: fc.record({ gte: fc.nat(4), lte: fc.nat(4) }, optional),
  placed: range(16),
  settled: range(16),
  prefix: fc.constantFrom('tx-1', 'tx-2', 'TX', 'tx-%'),
  ids: fc.array(fc.nat(89), { maxLength: 40 }),
}
const names = Object.keys(fields) as (keyof typeof fields)[]

/** Up to three filters at once: more leave nothing to compare. */
const wishes: fc.Arbitrary<Wish> = fc
  .subarray(names, { maxLength: 3 })
  .chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, fields[name]])) as object))

const at = (second: number | undefined) =>
  second === undefined ? null : new Date(start + second * 1000).toISOString()

const seatOf = (index: number): Seat => seats[index] ?? expect.fail('no such seat')

function toFilter(wish: Wish): object {
  const times = (of: Wish['placed']) => (of ? { gte: at(of.gte), lt: at(of.lt) } : null)
  return {
    status: wish.status ? { in: wish.status } : null,
    result: wish.result ? { eq: wish.result } : null,
    player: wish.seat === undefined ? null : { eq: globalId('Player', seatOf(wish.seat).playerId) },
    session:
      wish.session === undefined ? null : { in: [globalId('Session', seatOf(wish.session).sessionId)] },
    brand: wish.brand ? { in: wish.brand.map((one) => globalId('Brand', seatOf(one * 2).brand.id)) } : null,
    stake: wish.stake
      ? { currency: 'EUR', gte: wish.stake.gte?.toString() ?? null, lte: wish.stake.lte?.toString() ?? null }
      : null,
    placedAt: times(wish.placed),
    settledAt: times(wish.settled),
    transactionKey: wish.prefix ? { startsWith: wish.prefix } : null,
    id: wish.ids ? { in: wish.ids.map((one) => globalId('Bet', made[one]?.id ?? '')) } : null,
  }
}

const within = (of: Wish['placed'], time: number | undefined) => {
  if (!of || (of.gte === undefined && of.lt === undefined)) return true
  if (time === undefined) return false
  return (
    (of.gte === undefined || time >= start + of.gte * 1000) &&
    (of.lt === undefined || time < start + of.lt * 1000)
  )
}

function matches(wish: Wish, bet: MadeBet): boolean {
  const { seat } = bet
  return (
    seats.indexOf(seat) < 4 &&
    (!wish.status || wish.status.includes(statusOf(bet))) &&
    (!wish.result || wish.result === bet.outcome) &&
    (wish.seat === undefined || seat === seats[wish.seat]) &&
    (wish.session === undefined || seat === seats[wish.session]) &&
    (!wish.brand || wish.brand.some((one) => seatOf(one * 2).brand === seat.brand)) &&
    (wish.stake?.gte === undefined || bet.stakeMinor >= BigInt(wish.stake.gte * 100)) &&
    (wish.stake?.lte === undefined || bet.stakeMinor <= BigInt(wish.stake.lte * 100)) &&
    within(wish.placed, bet.placedAt.getTime()) &&
    within(wish.settled, settledAt(bet)) &&
    (!wish.prefix || bet.transactionKey.startsWith(wish.prefix)) &&
    (!wish.ids || wish.ids.some((one) => made[one] === bet))
  )
}

const query = `query ($filter: BetFilter, $key: BetSortKey!) {
  bets(first: 100, filter: $filter, sort: { key: $key, direction: ASC }) { nodes { id } }
}`

test('every combination of filters finds what brute force finds, by either sort', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(wishes, fc.constantFrom('PLACED_AT', 'STAKE'), async (wish, key) => {
      const { data, errors } = await graph.ask(query, { filter: toFilter(wish), key })
      expect(errors).toEqual([])
      const ids = (data as { bets: { nodes: { id: string }[] } }).bets.nodes.map(({ id }) => id)
      const expected = made.filter((bet) => matches(wish, bet)).map((bet) => globalId('Bet', bet.id))
      expect(ids.toSorted()).toEqual(expected.toSorted())
      found += ids.length
    }),
    { numRuns: 150, seed: 7 },
  )
  // The seed is fixed: so many rows were compared.
  expect(found).toBe(3259)
})

test('a brand outside the caller finds nothing, whether named or not', async () => {
  const foreign = seatOf(5)
  for (const filter of [
    { brand: { eq: globalId('Brand', foreign.brand.id) } },
    { player: { eq: globalId('Player', foreign.playerId) } },
    { id: { in: made.filter(({ seat }) => seat === foreign).map(({ id }) => globalId('Bet', id)) } },
  ]) {
    expect(await graph.ask(query, { filter, key: 'PLACED_AT' })).toMatchObject({
      data: { bets: { nodes: [] } },
    })
  }
})

test.for([
  [{ player: { eq: 'nonsense' } }, 'player: "nonsense" is not the id of a Player'],
  [{ player: { eq: globalId('Bet', '01940000-0000-7000-8000-000000000000') } }, /is not the id of a Player$/],
  [{ stake: { currency: 'EUR', gte: '1.005' } }, 'stake: EUR has 2 decimal places; 1.005 has more'],
  [{ transactionKey: { eq: 'a\0b' } }, 'a text of a filter has a character that no text has'],
  [{ transactionKey: { in: Array(101).fill('a') } }, 'in takes at most 100 values'],
] as const)('%j is refused with the reason', async ([filter, message]) => {
  const { data, errors } = await graph.ask(query, { filter, key: 'PLACED_AT' })
  expect(data).toEqual({ bets: null })
  expect(errors).toEqual([expect.stringMatching(message instanceof RegExp ? message : escaped(message))])
})

const escaped = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
