import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory, type MadeBet } from '../support/factory.ts'
import { type Graph, openGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: Graph
let won: MadeBet
let open: MadeBet
let foreign: MadeBet

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const seat = factory.seat(factory.brand('demo'), { externalId: 'ann' })
  won = factory.bet(seat, { outcome: 'WON', stakeMinor: 100n, payoutMinor: 250n })
  open = factory.bet(seat)
  foreign = factory.bet(factory.seat(factory.brand('other'), { externalId: 'ann' }))
  await factory.save()
  graph = openGraph(database, [seat.brand.id])
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const one = async (query: string, variables: object = {}): Promise<Record<string, never>> => {
  const { data, errors } = await graph.ask(query, variables)
  expect(errors).toEqual([])
  return data as Record<string, never>
}

test('every type of node is found by the id that it gives, and foreign ones never are', async () => {
  const query = `query ($bet: ID!) {
    bet(by: { byId: $bet }) {
      id brand { id } player { id } wallet { id } session { id } round { id } game { id provider { id } }
      providerAccount { id } providerCalls(first: 1) { nodes { id } } transactions(first: 1) { nodes { id } }
      ledgerEntries(first: 1) { nodes { id event { id } } }
    }
  }`
  const found = JSON.stringify(await one(query, { bet: globalId('Bet', won.id) }))
  const ids = [...found.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id)
  expect(ids).toHaveLength(13)
  const nodes = await one('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })
  expect(nodes).toEqual({ nodes: ids.map((id) => ({ id })) })
  const other = await graph.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, [
    foreign.seat.brand.id,
  ])
  expect(other).toMatchObject({ data: { nodes: ids.map(() => null) }, errors: [] })
})

test('what is unknown, malformed or of another brand is null alike', async () => {
  const ids = [
    globalId('Bet', foreign.id),
    globalId('Player', foreign.seat.playerId),
    globalId('Transaction', '01940000-0000-7000-8000-000000000000'),
    globalId('Event', '0.99'),
    globalId('LedgerEntry', '0.99'),
    globalId('Nothing', '0.99'),
    globalId('Bet', 'ff'),
    'nonsense',
    '',
  ]
  expect(await one('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual({
    nodes: ids.map(() => null),
  })
  for (const id of ids) {
    const query =
      'query ($id: ID!) { node(id: $id) { id } bet(by: { byId: $id }) { id } providerCall(id: $id) { id } }'
    expect(await one(query, { id })).toEqual({ node: null, bet: null, providerCall: null })
  }
})

test('more than a hundred nodes at once are refused', async () => {
  const { errors } = await graph.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Array(101).fill('a'),
  })
  expect(errors).toEqual(['ids takes at most 100'])
})

const referencesTo = (bet: MadeBet, brandCode: string) => {
  const player = { byExternal: { brandCode, externalId: 'ann' } }
  const { roundKey, transactionKey } = bet
  const account = { providerAccountCode: bet.seat.accountCode }
  return {
    player,
    round: { byRoundKey: { ...account, player, roundKey } },
    bet: { byTransaction: { ...account, transactionKey } },
  }
}

describe('references by external keys', () => {
  const query = `query ($player: PlayerRef!, $round: RoundRef!, $bet: BetRef!) {
    player(by: $player) { externalId } round(by: $round) { roundKey } bet(by: $bet) { transactionKey }
  }`
  test('find the player, the round and the bet', async () => {
    expect(await one(query, referencesTo(won, 'demo'))).toEqual({
      player: { externalId: 'ann' },
      round: { roundKey: won.roundKey },
      bet: { transactionKey: won.transactionKey },
    })
  })

  test('find nothing of another brand', async () => {
    expect(await one(query, referencesTo(foreign, 'other'))).toEqual({ player: null, round: null, bet: null })
  })

  test('a bet is found by the transaction of its win too', async () => {
    const byTransaction = {
      providerAccountCode: won.seat.accountCode,
      transactionKey: won.transactionKey.replace('tx', 'win'),
    }
    expect(await one('query ($by: BetRef!) { bet(by: $by) { id } }', { by: { byTransaction } })).toEqual({
      bet: { id: globalId('Bet', won.id) },
    })
  })
})

const iso = (time: number) => new Date(time).toISOString()

describe('a bet', () => {
  const timeline = `query ($id: ID!) {
    bet(by: { byId: $id }) {
      placedAt
      timeline {
        stage
        at
        source {
          kind: __typename
          ... on ProviderCall { operation }
          ... on LedgerEntry { amount { amount } }
          ... on Event { type }
        }
      }
      ledgerEntries(first: 9, sort: { key: RECORDED_AT, direction: ASC }) {
        nodes { account amount { amount } balanceBefore { amount } balanceAfter { amount } }
      }
      transactions(first: 9, sort: { key: RECORDED_AT, direction: ASC }) {
        nodes { kind ledgerEntries { account } bet { id } }
      }
    }
  }`

  test('that is won has all six stages, each with the row it is known from', async () => {
    const { bet } = (await one(timeline, { id: globalId('Bet', won.id) })) as unknown as {
      bet: Record<string, never>
    }
    const [placed, later] = [won.placedAt.getTime(), won.placedAt.getTime() + 1000]
    const stamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(bet['timeline']).toEqual([
      { stage: 'CREATED', at: iso(placed), source: { kind: 'ProviderCall', operation: 'bet' } },
      { stage: 'REQUESTED', at: iso(placed + 5), source: { kind: 'ProviderCall', operation: 'bet' } },
      { stage: 'PLAYED', at: iso(later), source: { kind: 'ProviderCall', operation: 'win' } },
      { stage: 'RESULT_RECEIVED', at: iso(later), source: { kind: 'ProviderCall', operation: 'win' } },
      {
        stage: 'BALANCE_UPDATED',
        at: stamp,
        source: { kind: 'LedgerEntry', amount: { amount: '2.50' } },
      },
      { stage: 'RECORDED', at: stamp, source: { kind: 'BetSettled', type: 'BET_SETTLED' } },
    ])
  })

  test('that is open has no result yet', async () => {
    const { bet } = (await one(timeline, { id: globalId('Bet', open.id) })) as unknown as {
      bet: { timeline: { stage: string; at: string | null; source: { kind: string } | null }[] }
    }
    expect(bet.timeline.map(({ at, source }) => [at === null, source?.kind])).toEqual([
      [false, 'ProviderCall'],
      [false, 'ProviderCall'],
      [true, undefined],
      [true, undefined],
      [false, 'LedgerEntry'],
      [false, 'BetPlaced'],
    ])
  })

  test('shows its entries with balances before and after, exact to the minor unit', async () => {
    const { bet } = (await one(timeline, { id: globalId('Bet', won.id) })) as unknown as {
      bet: { ledgerEntries: { nodes: Record<string, { amount: string } | string | null>[] } }
    }
    const entries = bet.ledgerEntries.nodes.map((entry) => [
      entry['account'],
      (entry['amount'] as { amount: string }).amount,
      (entry['balanceBefore'] as { amount: string } | null)?.amount ?? null,
      (entry['balanceAfter'] as { amount: string } | null)?.amount ?? null,
    ])
    expect(entries).toEqual([
      ['CASH', '-1.00', '10000000.00', '9999999.00'],
      ['STAKES', '1.00', null, null],
      ['HOUSE', '-2.50', null, null],
      ['CASH', '2.50', '9999999.00', '10000001.50'],
      ['STAKES', '-1.00', null, null],
      ['HOUSE', '1.00', null, null],
    ])
  })

  test('names its transactions, each with its own entries', async () => {
    const { bet } = (await one(timeline, { id: globalId('Bet', won.id) })) as unknown as {
      bet: { transactions: { nodes: { kind: string; ledgerEntries: { account: string }[] }[] } }
    }
    const found = bet.transactions.nodes.map(({ kind, ledgerEntries }) => [kind, ledgerEntries.length])
    expect(found).toEqual([
      ['BET', 2],
      ['WIN', 4],
    ])
  })
})

test("a deposit's entries are found by its transaction, a round's totals by its bets", async () => {
  const query = `query ($id: ID!, $round: ID!) {
    player(by: { byId: $id }) {
      wallets {
        ledgerEntries(last: 1) {
          nodes { walletVersion transaction { kind amount { amount } ledgerEntries { account amount { amount } } } }
        }
      }
      events(first: 1) { nodes { type playerVersion } }
    }
    round(by: { byId: $round }) {
      totals { betCount stake { amount } payout { amount } }
      events(first: 9) { nodes { type } }
    }
  }`
  const variables = { id: globalId('Player', won.seat.playerId), round: globalId('Round', won.roundId) }
  expect(await one(query, variables)).toEqual({
    player: {
      wallets: [
        {
          ledgerEntries: {
            nodes: [
              {
                walletVersion: '1',
                transaction: {
                  kind: 'DEPOSIT',
                  amount: { amount: '10000000.00' },
                  ledgerEntries: [
                    { account: 'CASHIER', amount: { amount: '-10000000.00' } },
                    { account: 'CASH', amount: { amount: '10000000.00' } },
                  ],
                },
              },
            ],
          },
        },
      ],
      events: { nodes: [{ type: 'DEPOSIT_RECORDED', playerVersion: '1' }] },
    },
    round: {
      totals: { betCount: 1, stake: { amount: '1.00' }, payout: { amount: '2.50' } },
      events: { nodes: [{ type: 'BET_PLACED' }, { type: 'WIN_RECORDED' }, { type: 'BET_SETTLED' }] },
    },
  })
})
