import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory, type MadeBet } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'
import { type ListQuery, walkBack, walkOnward } from '../support/walk.ts'

let database: TestDatabase
let graph: Graph
let seats: Seat[]
let made: MadeBet[]
let transactions: TransactionRow[]
let entries: EntryRow[]

interface TransactionRow {
  readonly id: string
  readonly brand_id: string
  readonly player_id: string
  readonly session_id: string | null
  readonly round_id: string | null
  readonly bet_id: string | null
  readonly wallet_id: string
  readonly kind: string
  readonly transaction_key: string
  readonly amount_minor: bigint | null
  readonly recorded_at: Date
  readonly lane: number
  readonly seq: bigint
  readonly stamp: string
}

interface EntryRow {
  readonly lane: number
  readonly seq: bigint
  readonly leg: number
  readonly brand_id: string
  readonly player_id: string
  readonly wallet_id: string
  readonly round_id: string | null
  readonly bet_id: string | null
  readonly transaction_id: string
  readonly account: string
  readonly amount_minor: bigint
  readonly stamp: string
}

const stamp = `to_char(j.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stamp`

beforeAll(async () => {
  database = await createTestDatabase()
  const { sql } = database
  const factory = new Factory(sql)
  const brands = [factory.brand(), factory.brand(), factory.brand()]
  seats = brands.flatMap((brand) => [factory.seat(brand), factory.seat(brand)])
  const outcomes = ['OPEN', 'WON', 'LOST', 'ROLLED_BACK'] as const
  made = Array.from({ length: 42 }, (_, at) =>
    factory.bet(seatOf(at % 6), {
      outcome: outcomes[(at + Math.floor(at / 6)) % 4] ?? 'OPEN',
      stakeMinor: BigInt((at % 5) * 100 + 100),
      payoutMinor: BigInt((at % 3) * 75 + 1),
    }),
  )
  await factory.save()
  // Written through three lanes, as players are in life.
  for (const table of ['journal', 'ledger_entries', 'transactions']) {
    await sql.unsafe(`update ${table} set lane = 3 * array_position($1::text::uuid[], player_id)::int2 % 9`, [
      `{${seats.map(({ playerId }) => playerId).join(',')}}`,
    ])
  }
  // Stamps rise strictly, by microseconds, of which the client that wrote them keeps none.
  for (const table of ['journal', 'ledger_entries']) {
    await sql.unsafe(`update ${table} set recorded_at = date_trunc('day', recorded_at)
      + (seq & 1048575) * interval '7 microseconds'`)
  }
  // The third brand is not the caller's.
  const scope = brands.slice(0, 2).map(({ id }) => id)
  graph = openGraph(database, scope)
  transactions = await sql.unsafe(
    `select t.*, ${stamp} from transactions t
    join journal j on j.lane = t.lane and j.seq = t.seq where t.brand_id = any($1)`,
    [scope] as never,
  )
  entries = await sql.unsafe(`select j.*, ${stamp} from ledger_entries j where j.brand_id = any($1)`, [
    scope,
  ] as never)
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const seatOf = (at: number): Seat => seats[at] ?? expect.fail('no such seat')
const betOf = (at: number): MadeBet => made[at] ?? expect.fail('no such bet')

const by =
  <Row>(...keys: ((row: Row) => string | number | bigint)[]) =>
  (a: Row, b: Row) => {
    for (const key of keys) if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1
    return 0
  }

const entryOrder = by<EntryRow>(
  (row) => row.stamp,
  (row) => row.lane,
  (row) => row.seq,
  (row) => row.leg,
)
const entryId = ({ lane, seq, leg }: EntryRow) => globalId('LedgerEntry', `${lane}.${seq}.${leg}`)
const idOf = ({ id }: TransactionRow) => globalId('Transaction', id)

/** Filters that go each its own way, and what they let pass. */
const transactionWays: readonly (readonly [string, () => object, (row: TransactionRow) => boolean])[] = [
  ['all', () => ({}), () => true],
  [
    'a kind',
    () => ({ kind: { in: ['WIN', 'DEPOSIT'] } }),
    ({ kind }) => kind === 'WIN' || kind === 'DEPOSIT',
  ],
  [
    'a player',
    () => ({ player: { eq: globalId('Player', seatOf(1).playerId) } }),
    (row) => row.player_id === seatOf(1).playerId,
  ],
  [
    'players',
    () => ({ player: { in: [0, 2, 5].map((at) => globalId('Player', seatOf(at).playerId)) } }),
    (row) => [seatOf(0), seatOf(2)].some(({ playerId }) => playerId === row.player_id),
  ],
  [
    'a session',
    () => ({ session: { eq: globalId('Session', seatOf(2).sessionId) } }),
    (row) => row.session_id === seatOf(2).sessionId,
  ],
  [
    'wallets',
    () => ({ wallet: { in: [1, 3].map((at) => globalId('Wallet', seatOf(at).walletId)) } }),
    (row) => [seatOf(1), seatOf(3)].some(({ walletId }) => walletId === row.wallet_id),
  ],
  [
    'rounds',
    () => ({ round: { in: [1, 2, 5].map((at) => globalId('Round', betOf(at).roundId)) } }),
    (row) => [betOf(1), betOf(2)].some(({ roundId }) => roundId === row.round_id),
  ],
  ['a bet', () => ({ bet: { eq: globalId('Bet', betOf(1).id) } }), (row) => row.bet_id === betOf(1).id],
  [
    'keys',
    () => ({ transactionKey: { in: [betOf(0).transactionKey, betOf(5).transactionKey, 'deposit-1'] } }),
    (row) => [betOf(0).transactionKey, 'deposit-1'].includes(row.transaction_key),
  ],
  [
    'either of two, and not a third',
    () => ({
      or: [{ kind: { eq: 'DEPOSIT' } }, { amount: { currency: 'EUR', lte: '2' } }],
      not: { kind: { eq: 'WIN' } },
    }),
    (row) => (row.kind === 'DEPOSIT' || (row.amount_minor ?? 999n) <= 200n) && row.kind !== 'WIN',
  ],
]

const entryWays: readonly (readonly [string, () => object, (row: EntryRow) => boolean])[] = [
  ['all', () => ({}), () => true],
  ['an account', () => ({ account: { eq: 'HOUSE' } }), ({ account }) => account === 'HOUSE'],
  [
    'a time',
    () => ({ recordedAt: { gte: stampAt(20), lt: stampAt(60) } }),
    (row) => row.stamp >= stampAt(20) && row.stamp < stampAt(60),
  ],
  [
    'a player',
    () => ({ player: { eq: globalId('Player', seatOf(1).playerId) } }),
    (row) => row.player_id === seatOf(1).playerId,
  ],
  [
    'players',
    () => ({ player: { in: [0, 2, 5].map((at) => globalId('Player', seatOf(at).playerId)) } }),
    (row) => [seatOf(0), seatOf(2)].some(({ playerId }) => playerId === row.player_id),
  ],
  [
    'a wallet',
    () => ({ wallet: { eq: globalId('Wallet', seatOf(3).walletId) } }),
    (row) => row.wallet_id === seatOf(3).walletId,
  ],
  [
    'rounds',
    () => ({ round: { in: [1, 2, 5].map((at) => globalId('Round', betOf(at).roundId)) } }),
    (row) => [betOf(1), betOf(2)].some(({ roundId }) => roundId === row.round_id),
  ],
  ['a bet', () => ({ bet: { eq: globalId('Bet', betOf(1).id) } }), (row) => row.bet_id === betOf(1).id],
  [
    'transactions',
    () => ({ transaction: { in: some(transactions, 4).map(idOf) } }),
    (row) => some(transactions, 4).some(({ id }) => id === row.transaction_id),
  ],
  [
    'no account of a player',
    () => ({ not: { or: [{ account: { eq: 'CASH' } }, { amount: { currency: 'EUR', gte: '0' } }] } }),
    (row) => row.account !== 'CASH' && row.amount_minor < 0n,
  ],
]

const stampAt = (at: number): string =>
  entries.toSorted(entryOrder)[at]?.stamp ?? expect.fail('no such entry')
const some = <Row extends { readonly id: string }>(rows: readonly Row[], count: number): Row[] =>
  rows.toSorted(by((row) => row.id)).slice(0, count)

const sizes = [1, 7, 100]
const directions = ['ASC', 'DESC'] as const

async function expectWalks(query: ListQuery, rising: readonly string[]): Promise<void> {
  for (const direction of directions) {
    const expected = direction === 'ASC' ? rising : rising.toReversed()
    for (const size of rising.length > 80 ? sizes.slice(1) : sizes) {
      const sort = { key: 'RECORDED_AT', direction }
      expect(await walkOnward(graph, query, { sort, size }), `${direction} ${size}`).toEqual(expected)
      expect(await walkBack(graph, query, { sort, size }), `${direction} ${size} back`).toEqual(expected)
    }
  }
}

describe('transactions', () => {
  test.for(transactionWays)('of %s come page by page as they are', async ([, filter, matches]) => {
    const found = transactions.filter(matches)
    expect(found).not.toEqual([])
    const narrowed = Object.keys(filter()).some((one) => ['player', 'session', 'wallet'].includes(one))
    const order = narrowed
      ? by<TransactionRow>(
          (row) => row.stamp,
          (row) => row.lane,
        )
      : by<TransactionRow>((row) => row.id)
    await expectWalks(
      { list: 'transactions', type: 'Transaction', filter: filter() },
      found.toSorted(order).map(idOf),
    )
  })
})

describe('ledger entries', () => {
  test.for(entryWays)('of %s come page by page as they are', async ([, filter, matches]) => {
    const found = entries.filter(matches)
    expect(found).not.toEqual([])
    await expectWalks(
      { list: 'ledgerEntries', type: 'LedgerEntry', filter: filter() },
      found.toSorted(entryOrder).map(entryId),
    )
  })
})
