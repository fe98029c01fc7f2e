import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  type Condition,
  choice,
  type DecimalRange,
  flag,
  type MinorRange,
  minor,
  parts,
  related,
  type TextFilter,
  type TimeRange,
  text,
  time,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { Parameters, readValues, shapeOf } from '../../db/rows.ts'
import { bets } from '../../db/tables/bets.ts'
import type { ScopedContext } from '../context.ts'
import { multipleParts, multipleSql, multipleToOne } from './multiple.ts'
import type { Bet } from './types.ts'

export interface BetFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly round?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly provider?: ChoiceFilter | null
  readonly category?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly country?: TextFilter | null
  readonly transactionKey?: TextFilter | null
  readonly status?: ChoiceFilter | null
  readonly result?: ChoiceFilter | null
  readonly kind?: ChoiceFilter | null
  readonly currency?: ChoiceFilter | null
  readonly stake?: MinorRange | null
  readonly payout?: MinorRange | null
  readonly multiple?: DecimalRange | null
  readonly late?: boolean | null
  readonly placedAt?: TimeRange | null
  readonly settledAt?: TimeRange | null
}

export type BetSortKey = 'PLACED_AT' | 'SETTLED_AT' | 'STAKE' | 'PAYOUT' | 'MULTIPLE'
export type BetSum = 'count' | 'stakeMinor' | 'payoutMinor' | 'jackpotMinor' | 'turnoverMinor' | 'ggrMinor'
export type BetRequest = PageRequest<BetFilter, BetSortKey>

/** Settled and real: what turnover and GGR are made of. */
const counts = `t.status = 'SETTLED' and t.kind = 'REAL'`

/** What is not settled stands below everything that is. */
const settledSql = `coalesce(t.settled_at, '-infinity'::timestamptz)`

/** Along the same index as the order. */
const settledWithin: Condition<TimeRange> = (range, parameters) => [
  ...time(settledSql)(range, parameters),
  ...(range.lt ? ['t.settled_at is not null'] : []),
]

/** Bets have no index by their transactions' keys, but transactions have. */
const placedByKeys = (keys: string, brandIds: string) => `array(
  select distinct x.bet_id from unnest(${keys}) k(key)
  cross join (select id from provider_accounts where brand_id = any(${brandIds}) union all select unnest(${brandIds})) s
  cross join lateral (
    select bet_id from transactions where scope_id = s.id and transaction_key = k.key and bet_id is not null
  ) x)`

const byId = { sql: 't.id', type: 'uuid', of: (row: Bet) => row.id } as const

const list: ListShape<Bet, BetFilter, BetSortKey, BetSum> = {
  name: 'bets',
  from: 'bets t',
  shape: shapeOf(bets),
  brandColumn: 't.brand_id',
  sorts: {
    PLACED_AT: [byId],
    SETTLED_AT: [
      { sql: settledSql, type: 'timestamptz', of: (row) => row.settledAt?.toISOString() ?? '-infinity' },
      byId,
    ],
    STAKE: [{ sql: 't.stake_minor', type: 'int8', of: (row) => String(row.stakeMinor) }, byId],
    PAYOUT: [{ sql: 't.payout_minor', type: 'int8', of: (row) => String(row.payoutMinor) }, byId],
    MULTIPLE: [{ sql: multipleSql, type: 'numeric', of: (row) => String(multipleParts(row)) }, byId],
  },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    session: choice('t.session_id', 'uuid'),
    round: choice('t.round_id', 'uuid'),
    game: choice('t.game_id', 'uuid'),
    provider: related('t.game_id', 'select x.id from games x', choice('x.provider_id', 'uuid')),
    category: related('t.game_id', 'select x.id from games x', choice('x.category')),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    country: related('t.player_id', 'select x.id from players x', text('x.country')),
    transactionKey: text('t.transaction_key'),
    status: choice('t.status'),
    result: choice('t.result'),
    kind: choice('t.kind'),
    currency: choice('t.currency'),
    stake: minor('t.stake_minor', 't.currency'),
    payout: minor('t.payout_minor', 't.currency'),
    multiple: parts(multipleSql, multipleToOne),
    late: flag('t.late'),
    placedAt: timeOfId('t.id'),
    settledAt: settledWithin,
  },
  drivers: [
    ['id', 't.id'],
    ['round', 't.round_id'],
    ['session', 't.session_id'],
    ['transactionKey', 't.id', placedByKeys],
    ['player', 't.player_id'],
  ],
  ordered: { PLACED_AT: [['game', 't.game_id']] },
  totals: {
    currency: 't.currency',
    sums: {
      count: 'count(*)',
      stakeMinor: 'sum(t.stake_minor)',
      payoutMinor: 'sum(t.payout_minor)',
      jackpotMinor: 'sum(t.jackpot_minor)',
      turnoverMinor: `sum(t.stake_minor) filter (where ${counts})`,
      ggrMinor: `sum(t.stake_minor - t.payout_minor + t.jackpot_minor) filter (where ${counts})`,
    },
  },
}

export const betsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

export const betsPage = (ctx: ScopedContext, request: BetRequest) => readPage(ctx, list, request)

const columns = {
  PLAYER: 't.player_id',
  SESSION: 't.session_id',
  ROUND: 't.round_id',
  GAME: 't.game_id',
} as const

export const betsBy = (
  ctx: ScopedContext,
  owner: keyof typeof columns,
  ids: readonly string[],
  request: BetRequest,
) => readPages(ctx, list, request, { columns: [[columns[owner], 'uuid']], keys: ids.map((id) => [id]) })

/** Of each bet's round, without the bet itself. */
export const otherBetsByBets = (ctx: ScopedContext, ids: readonly string[], request: BetRequest) =>
  readPages(
    ctx,
    { ...list, name: 'otherBets', from: 'bets o join bets t on t.round_id = o.round_id and t.id <> o.id' },
    request,
    { columns: [['o.id', 'uuid']], keys: ids.map((id) => [id]) },
  )

export interface RoundTotals {
  readonly betCount: number
  readonly stakeMinor: bigint
  readonly payoutMinor: bigint
}

/** What each round's bets come to, those taken back left out; a round without bets has no entry. */
export async function roundTotalsByRounds(
  ctx: ScopedContext,
  roundIds: readonly string[],
): Promise<ReadonlyMap<string, RoundTotals>> {
  const parameters = new Parameters()
  const text = `/* bets: totals by rounds */
select t.round_id, count(*)::int4, sum(t.stake_minor)::int8, sum(t.payout_minor)::int8 from bets t
where t.round_id = any(${parameters.addArray('uuid', roundIds)}) and t.status not in ('ROLLED_BACK', 'VOIDED')
and t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])}) group by t.round_id`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map(
    rows.map(([id, count, stake, payout]) => [
      String(id),
      { betCount: Number(count), stakeMinor: BigInt(String(stake)), payoutMinor: BigInt(String(payout)) },
    ]),
  )
}
