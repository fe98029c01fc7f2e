import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScopedContext } from '../../src/domain/context.ts'
import { transactionsPage } from '../../src/domain/money/transaction-lists.ts'
import { activitiesPage } from '../../src/domain/players/activity-queries.ts'
import { playersPage } from '../../src/domain/players/queries.ts'
import { providerCallsPage } from '../../src/domain/providers/call-queries.ts'
import { roundsPage } from '../../src/domain/rounds/queries.ts'
import { sessionsPage } from '../../src/domain/sessions/queries.ts'
import { ledgerEntriesPage } from '../../src/domain/wallets/ledger-lists.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Node, planOf } from '../support/plans.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database?.drop())

const id = '01940000-0000-7000-8000-000000000001'
const of = { eq: id }
const page = { first: 20 }
const direction = 'DESC'

type Read = (ctx: ScopedContext) => Promise<unknown>

const transactions =
  (filter: object): Read =>
  (ctx) =>
    transactionsPage(ctx, { page, filter, sort: { key: 'RECORDED_AT', direction } })

const entries =
  (filter: object): Read =>
  (ctx) =>
    ledgerEntriesPage(ctx, { page, filter, sort: { key: 'RECORDED_AT', direction } })

const rounds =
  (filter: object): Read =>
  (ctx) =>
    roundsPage(ctx, { page, filter, sort: { key: 'STARTED_AT', direction } })

/**
 * What each is found along; sorted where what is found is little, or where the index gives all of the order but what
 * breaks ties within it.
 */
const ways: readonly (readonly [name: string, index: RegExp, sorted: boolean, read: Read])[] = [
  [
    'players',
    /players_brand/,
    false,
    (ctx) => playersPage(ctx, { page, sort: { key: 'REGISTERED_AT', direction } }),
  ],
  [
    'players by the id of the platform',
    /players_external/,
    true,
    (ctx) => playersPage(ctx, { page, sort: { key: 'EXTERNAL_ID', direction } }),
  ],
  [
    'sessions',
    /sessions_brand/,
    false,
    (ctx) => sessionsPage(ctx, { page, sort: { key: 'OPENED_AT', direction } }),
  ],
  [
    'sessions by the time closed',
    /sessions_closed/,
    false,
    (ctx) => sessionsPage(ctx, { page, sort: { key: 'CLOSED_AT', direction } }),
  ],
  [
    'sessions of a player',
    /sessions_player/,
    false,
    (ctx) => sessionsPage(ctx, { page, filter: { player: of }, sort: { key: 'OPENED_AT', direction } }),
  ],
  ['rounds', /rounds_brand/, false, rounds({})],
  ['open rounds', /rounds_open/, false, rounds({ status: { eq: 'OPEN' } })],
  ['rounds that are open for long', /rounds_open/, false, rounds({ minutesOpen: 60 })],
  ['rounds of a player', /rounds_player/, false, rounds({ player: of })],
  ['rounds of a session', /rounds_session/, false, rounds({ session: of })],
  [
    'provider calls',
    /provider_account_id_id_idx/,
    false,
    (ctx) => providerCallsPage(ctx, { page, sort: { key: 'RECEIVED_AT', direction } }),
  ],
  [
    'activities',
    /activities_brand/,
    false,
    (ctx) => activitiesPage(ctx, { page, sort: { key: 'RECORDED_AT', direction } }),
  ],
  ['transactions', /transactions_\d+_id_idx/, false, transactions({})],
  ['transactions by id', /transactions_\d+_id_idx/, false, transactions({ id: of })],
  ['transactions by key', /transactions_\d+_pkey/, false, transactions({ transactionKey: { eq: 'k' } })],
  ['transactions of a player', /player_id_player_version_idx/, false, transactions({ player: of })],
  ['transactions of a session', /player_id_player_version_idx/, false, transactions({ session: of })],
  ['ledger entries', /ledger_entries_\w+_pkey/, false, entries({})],
  ['ledger entries of a bet', /ledger_entries_\w+_bet_id_idx/, true, entries({ bet: of })],
  ['ledger entries of a round', /journal_\w+_round_id_idx/, true, entries({ round: of })],
  ['ledger entries of a transaction', /transactions_\d+_id_idx/, true, entries({ transaction: of })],
  ['ledger entries of a player', /player_id_player_version_idx/, true, entries({ player: of })],
]

test.for(ways)('a page of %s goes along an index', async ([, index, sorted, read]) => {
  const nodes = below(await planOf(database.sql, id, read))
  expect(nodes.map((node) => node['Index Name'] ?? '').join(' ')).toMatch(index)
  const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'])
  expect(whole.filter((name) => !small.some((one) => one === name))).toEqual([])
  // The pages of all brands or lanes are sorted once; a sort below that has no order to walk along.
  const sorts = nodes.filter((node) => ['Sort', 'Incremental Sort'].includes(node['Node Type']))
  expect(sorts.length > 1).toBe(sorted)
})

const small = ['provider_accounts']

const below = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(below)]
