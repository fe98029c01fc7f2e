// The lists of transactions. They are never partitioned by time and have indexes by key, id and round alone: those of a
// player are found through the player's journal, and all others along their ids, which are made of the time recorded.
import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  choicesOf,
  type MinorRange,
  minorIfAny,
  related,
  type TextFilter,
  type TimeRange,
  text,
  time,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import type { DriverKeys } from '../../db/keyset-list.ts'
import { shapeOf, withComputed } from '../../db/rows.ts'
import { transactions } from '../../db/tables/money.ts'
import type { ScopedContext } from '../context.ts'
import type { Transaction } from './types.ts'

export interface TransactionFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly provider?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly round?: ChoiceFilter | null
  readonly bet?: ChoiceFilter | null
  readonly wallet?: ChoiceFilter | null
  readonly kind?: ChoiceFilter | null
  readonly verdict?: ChoiceFilter | null
  readonly currency?: ChoiceFilter | null
  readonly amount?: MinorRange | null
  readonly transactionKey?: TextFilter | null
  readonly referenceKey?: TextFilter | null
  readonly recordedAt?: TimeRange | null
}

export type TransactionSum = 'count' | 'declined' | 'amountMinor'
export type TransactionRequest = PageRequest<TransactionFilter, 'RECORDED_AT'>

type List<Row = Transaction> = ListShape<Row, TransactionFilter, 'RECORDED_AT', TransactionSum>

const byId = { sql: 't.id', type: 'uuid', of: (row: Transaction) => row.id } as const

/** The transactions of a key, in the name of whoever the key may belong to. */
const idsByKeys: DriverKeys = (keys, brandIds) => `array(
  select x.id from unnest(${keys}) k(key) cross join (
    select a.id from provider_accounts a where a.brand_id = any(${brandIds}) union all select unnest(${brandIds})) s(id)
  cross join lateral (select y.id from transactions y where y.scope_id = s.id and y.transaction_key = k.key) x)`

const roundsOfBets: DriverKeys = (ids) =>
  `array(select distinct x.round_id from bets x where x.id = any((${ids})::uuid[]))`

const everywhere: List = {
  name: 'transactions',
  from: 'transactions t',
  shape: shapeOf(transactions, ['fingerprint']),
  brandColumn: 't.brand_id',
  sorts: { RECORDED_AT: [byId] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    provider: related(
      't.provider_account_id',
      'select x.id from provider_accounts x',
      choice('x.provider_id', 'uuid'),
    ),
    player: choice('t.player_id', 'uuid'),
    session: choice('t.session_id', 'uuid'),
    round: choice('t.round_id', 'uuid'),
    bet: choice('t.bet_id', 'uuid'),
    wallet: choice('t.wallet_id', 'uuid'),
    kind: choice('t.kind'),
    verdict: choice('t.verdict'),
    currency: choice('t.currency'),
    amount: minorIfAny('t.amount_minor', 't.currency'),
    transactionKey: text('t.transaction_key'),
    referenceKey: text('t.reference_key'),
    recordedAt: timeOfId('t.id'),
  },
  drivers: [
    ['id', 't.id'],
    ['transactionKey', 't.id', idsByKeys],
    ['round', 't.round_id'],
    ['bet', 't.round_id', roundsOfBets],
  ],
  // One walk for all brands: there is no index by brand, and one by id.
  start: { column: `'${'0'.repeat(32)}'::uuid`, keys: () => `array['${'0'.repeat(32)}'::uuid]` },
  totals: {
    currency: 't.currency',
    by: 't.kind',
    sums: {
      count: 'count(*)',
      declined: `count(*) filter (where t.verdict <> 'OK')`,
      amountMinor: `sum(t.amount_minor) filter (where t.verdict = 'OK')`,
    },
  },
}

export const transactionsByIds = (ctx: ScopedContext, ids: readonly string[]) =>
  readByIds(ctx, everywhere, ids)

/** Of one round, within a moment in the order of the journal. */
const ofRound: List = {
  ...everywhere,
  sorts: {
    RECORDED_AT: [
      { sql: 't.recorded_at', type: 'timestamptz', of: (row) => row.recordedAt.toISOString() },
      { sql: 't.seq', type: 'int8', of: (row) => String(row.seq) },
      byId,
    ],
  },
}

interface OfPlayer extends Transaction {
  readonly playerVersion: bigint
  readonly stampedAt: string
}

const playersShape = withComputed<Transaction & { playerVersion: bigint }, 'stampedAt', string>(
  withComputed<Transaction, 'playerVersion', bigint>(everywhere.shape, 'playerVersion', 'j.player_version'),
  'stampedAt',
  `to_char(j.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
)

const byVersion = {
  sql: 'j.player_version',
  type: 'int8',
  of: (row: OfPlayer) => String(row.playerVersion),
} as const

const conditions = { ...everywhere.conditions, recordedAt: time('t.recorded_at') }

/** Each transaction stands in the journal of its player once, at its own place: the first row that it made. */
const ofPlayer: List<OfPlayer> = {
  ...everywhere,
  from: 'journal j join transactions t on t.id = j.transaction_id and t.lane = j.lane and t.seq = j.seq',
  shape: playersShape,
  conditions,
  sorts: { RECORDED_AT: [byVersion] },
  drivers: [
    ['player', 'j.player_id'],
    ['session', 'j.player_id', playersOf('sessions')],
    ['wallet', 'j.player_id', playersOf('wallets')],
  ],
}

/** The order of several players: each one's stamps rise with the version. */
const ofPlayers: List<OfPlayer> = {
  ...ofPlayer,
  sorts: {
    RECORDED_AT: [
      { sql: 'j.recorded_at', type: 'timestamptz', of: (row) => row.stampedAt, follows: true },
      { sql: 'j.lane', type: 'int4', of: (row) => String(row.lane), follows: true },
      { sql: 'j.seq', type: 'int8', of: (row) => String(row.seq), follows: true },
      byVersion,
    ],
  },
}

function playersOf(table: 'sessions' | 'wallets'): DriverKeys {
  return (ids) => `array(select distinct x.player_id from ${table} x where x.id = any((${ids})::uuid[]))`
}

export function transactionsPage(ctx: ScopedContext, request: TransactionRequest) {
  const { id, transactionKey, round, bet, player, session, wallet } = request.filter ?? {}
  if ([id, transactionKey, round, bet].some((one) => choicesOf(one)))
    return readPage(ctx, everywhere, request)
  const narrowed = choicesOf(player) ?? choicesOf(session) ?? choicesOf(wallet)
  if (!narrowed) return readPage(ctx, everywhere, request)
  return readPage(ctx, narrowed.length > 1 ? ofPlayers : ofPlayer, request)
}

export const transactionsByPlayers = (
  ctx: ScopedContext,
  playerIds: readonly string[],
  request: TransactionRequest,
) =>
  readPages(ctx, ofPlayer, request, { columns: [['j.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })

export const transactionsByRounds = (
  ctx: ScopedContext,
  roundIds: readonly string[],
  request: TransactionRequest,
) => readPages(ctx, ofRound, request, { columns: [['t.round_id', 'uuid']], keys: roundIds.map((id) => [id]) })

/** Keys are the round and the bet: only rounds lead to transactions by an index. */
export const transactionsByBets = (
  ctx: ScopedContext,
  keys: readonly (readonly [roundId: string, betId: string])[],
  request: TransactionRequest,
) => {
  const columns = [
    ['t.round_id', 'uuid'],
    ['t.bet_id', 'uuid'],
  ] as const
  return readPages(ctx, ofRound, request, { columns, keys })
}
