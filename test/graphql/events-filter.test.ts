// The journal's filters hold filters, at the root and below things, as those of all other lists do.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory, type MadeBet } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: Graph
let bets: readonly MadeBet[]
let foreign: Seat

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const brand = factory.brand('demo')
  const seats = [factory.seat(brand), factory.seat(brand)]
  bets = seats.flatMap((seat) => [
    factory.bet(seat, { outcome: 'WON', stakeMinor: 100n, payoutMinor: 250n }),
    factory.bet(seat, { outcome: 'LOST', stakeMinor: 900n }),
  ])
  foreign = factory.seat(factory.brand('other'))
  factory.bet(foreign, { outcome: 'WON' })
  await factory.save()
  graph = openGraph(database, [brand.id])
})
afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

interface Found {
  readonly type: string
  readonly player: { readonly id: string }
}

async function eventsOf(filter: object | null): Promise<Found[]> {
  const query = `query ($filter: EventFilter) {
    events(first: 100, filter: $filter) { nodes { type player { id } } totalCount { value } } }`
  const { data, errors } = await graph.ask(query, { filter })
  expect(errors).toEqual([])
  const { nodes, totalCount } = (data as { events: { nodes: Found[]; totalCount: { value: number } } }).events
  expect(totalCount.value).toBe(nodes.length)
  return nodes
}

const playerOf = (at: number) => globalId('Player', bets[at]?.seat.playerId ?? '')
const [bet, settled] = [{ type: { eq: 'BET_PLACED' } }, { type: { in: ['BET_SETTLED', 'LOSS_RECORDED'] } }]

test('filters within filters take types and ids as the outer one does', async () => {
  const all = await eventsOf(null)
  const of = (at: number) => (event: Found) => event.player.id === playerOf(at)
  const isBet = ({ type }: Found) => type === 'BET_PLACED'
  const either = await eventsOf({
    or: [{ ...bet, player: { eq: playerOf(0) } }, { player: { eq: playerOf(2) } }],
  })
  expect(either).toEqual(all.filter((one) => (isBet(one) && of(0)(one)) || of(2)(one)))
  expect(await eventsOf({ ...bet, not: { player: { eq: playerOf(0) } } })).toEqual(
    all.filter((one) => isBet(one) && !of(0)(one)),
  )
  expect(await eventsOf({ or: [] })).toEqual([])
  expect(await eventsOf({ and: [], not: { or: [] } })).toEqual(all)
})

test('what has no amount does not match one, so that `not` finds it', async () => {
  const amount = { amount: { currency: 'EUR', gte: '2.50' } }
  const [with_, without, all] = await Promise.all([
    eventsOf(amount),
    eventsOf({ not: amount }),
    eventsOf(null),
  ])
  expect(with_.length).toBeGreaterThan(0)
  expect(with_.length + without.length).toBe(all.length)
})

test('a provider is its accounts, within other filters and beside others', async () => {
  const all = (await eventsOf(null)).filter(({ type }) => type !== 'DEPOSIT_RECORDED')
  const of = (at: number) => (event: Found) => event.player.id === playerOf(at)
  const provider = (...at: number[]) => ({
    provider: { in: at.map((one) => globalId('Provider', bets[one]?.seat.providerId ?? '')) },
  })
  expect(await eventsOf(provider(0))).toEqual(all.filter(of(0)))
  expect(await eventsOf(provider(0, 2))).toEqual(all)
  expect(await eventsOf({ not: provider(0), or: [{ ...bet, ...provider(2) }] })).toEqual(
    all.filter((one) => of(2)(one) && one.type === 'BET_PLACED'),
  )
  const account = { providerAccount: { eq: globalId('ProviderAccount', bets[0]?.seat.accountId ?? '') } }
  expect(await eventsOf({ ...provider(0, 2), ...account })).toEqual(all.filter(of(0)))
  expect(await eventsOf({ ...provider(2), ...account })).toEqual([])
})

test('of a provider of other brands there is nothing', async () => {
  expect(await eventsOf({ provider: { eq: globalId('Provider', foreign.providerId) } })).toEqual([])
})

test("a player's and a round's events take them too", async () => {
  const query = `query ($player: ID!, $round: ID!, $filter: EventFilter) {
    player(by: { byId: $player }) { events(first: 20, filter: $filter) { nodes { type } } }
    round(by: { byId: $round }) { events(first: 20, filter: $filter) { nodes { type } } }
  }`
  const variables = { player: playerOf(0), round: globalId('Round', bets[1]?.roundId ?? '') }
  const filter = { or: [bet, settled], not: { type: { eq: 'BET_SETTLED' } } }
  const { data, errors } = await graph.ask(query, { ...variables, filter })
  expect(errors).toEqual([])
  const nodes = (...types: string[]) => ({ events: { nodes: types.map((type) => ({ type })) } })
  expect(data).toEqual({
    player: nodes('BET_PLACED', 'BET_PLACED', 'LOSS_RECORDED'),
    round: nodes('BET_PLACED', 'LOSS_RECORDED'),
  })
})

test.each([
  [{ or: [{ player: { eq: 'nobody' } }] }, 'or[0].player: "nobody" is not the id of a Player'],
  [{ not: { not: { not: { not: bet } } } }, 'not.not.not.not: filters within filters go 3 deep at most'],
])('what is wrong in %j is named by its path', async (filter, message) => {
  const { errors } = await graph.ask(
    'query ($filter: EventFilter) { events(first: 1, filter: $filter) { nodes { id } } }',
    { filter },
  )
  expect(errors).toEqual([message])
})
