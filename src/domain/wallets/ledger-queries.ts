import {
  type ChoiceFilter,
  type Condition,
  choice,
  type MinorRange,
  minor,
  type TimeRange,
  time,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPages } from '../../db/keyset.ts'
import { Parameters, readRows, shapeOf } from '../../db/rows.ts'
import { ledgerEntries } from '../../db/tables/wallets.ts'
import type { ScopedContext } from '../context.ts'
import type { LedgerEntry } from './types.ts'
import { versionAt } from './versions.ts'

export interface LedgerEntryFilter {
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly wallet?: ChoiceFilter | null
  readonly round?: ChoiceFilter | null
  readonly bet?: ChoiceFilter | null
  readonly transaction?: ChoiceFilter | null
  readonly account?: ChoiceFilter | null
  readonly currency?: ChoiceFilter | null
  readonly amount?: MinorRange | null
  readonly recordedAt?: TimeRange | null
  /** Of a wallet's own: after one moment, up to another, found by halving. */
  readonly between?: Span | null
}

/** Two moments as RFC 3339, up to microseconds: what was recorded after the first, up to and with the second. */
export interface Span {
  readonly after: string
  readonly upTo: string
}

export type LedgerEntryRequest = PageRequest<LedgerEntryFilter, 'RECORDED_AT'>

/** What is read of an entry, of the ledger under the alias t. */
export const ledgerEntryShape = shapeOf(ledgerEntries)

export type LedgerSum = 'count' | 'creditMinor' | 'debitMinor' | 'amountMinor'
export type LedgerList<Row = LedgerEntry> = ListShape<Row, LedgerEntryFilter, 'RECORDED_AT', LedgerSum>

const common = {
  name: 'ledgerEntries',
  from: 'ledger_entries t',
  shape: ledgerEntryShape,
  brandColumn: 't.brand_id',
  conditions: {
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    wallet: choice('t.wallet_id', 'uuid'),
    round: choice('t.round_id', 'uuid'),
    bet: choice('t.bet_id', 'uuid'),
    transaction: choice('t.transaction_id', 'uuid'),
    account: choice('t.account'),
    currency: choice('t.currency'),
    amount: minor('t.amount_minor', 't.currency'),
    recordedAt: time('t.recorded_at'),
    between: () => [],
  },
  totals: {
    currency: 't.currency',
    by: 't.account',
    sums: {
      count: 'count(*)',
      creditMinor: 'sum(t.amount_minor) filter (where t.amount_minor > 0)',
      debitMinor: '-sum(t.amount_minor) filter (where t.amount_minor < 0)',
      amountMinor: 'sum(t.amount_minor)',
    },
  },
}

/** The wallet is the first column of the page's parent. */
const betweenVersions: Condition<Span> = ({ after, upTo }, parameters) => [
  `t.wallet_version > ${versionAt('p.v0', parameters.add('timestamptz', after))}`,
  `t.wallet_version <= ${versionAt('p.v0', parameters.add('timestamptz', upTo))}`,
]

/** A wallet's own entries are numbered. */
const ofWallet: LedgerList = {
  ...common,
  conditions: { ...common.conditions, between: betweenVersions },
  sorts: { RECORDED_AT: [{ sql: 't.wallet_version', type: 'int8', of: (row) => String(row.walletVersion) }] },
  always: 't.wallet_version is not null',
}

/** The stamps of a lane rise strictly from event to event. */
export const byPlace = [
  { sql: 't.recorded_at', type: 'timestamptz', of: (row: LedgerEntry) => row.recordedAt },
  { sql: 't.lane', type: 'int4', of: (row: LedgerEntry) => String(row.lane) },
  { sql: 't.seq', type: 'int8', of: (row: LedgerEntry) => String(row.seq) },
  { sql: 't.leg', type: 'int4', of: (row: LedgerEntry) => String(row.leg) },
] as const

export const ofBet: LedgerList = {
  ...common,
  sorts: { RECORDED_AT: byPlace },
  drivers: [['bet', 't.bet_id']],
}

export const ledgerEntriesByWallets = (
  ctx: ScopedContext,
  walletIds: readonly string[],
  request: LedgerEntryRequest,
) =>
  readPages(ctx, ofWallet, request, { columns: [['t.wallet_id', 'uuid']], keys: walletIds.map((id) => [id]) })

export const ledgerEntriesByBets = (
  ctx: ScopedContext,
  betIds: readonly string[],
  request: LedgerEntryRequest,
) => readPages(ctx, ofBet, request, { columns: [['t.bet_id', 'uuid']], keys: betIds.map((id) => [id]) })

export interface LegPlace {
  readonly lane: number
  readonly seq: bigint
  readonly leg: number
}

export const legKey = ({ lane, seq, leg }: LegPlace): string => `${lane}.${seq}.${leg}`

export async function ledgerEntriesByPlaces(
  ctx: ScopedContext,
  places: readonly LegPlace[],
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const parameters = new Parameters()
  const lanes = parameters.addArray(
    'int2',
    places.map(({ lane }) => lane),
  )
  const seqs = parameters.addArray(
    'int8',
    places.map(({ seq }) => seq),
  )
  const legs = parameters.addArray(
    'int2',
    places.map(({ leg }) => leg),
  )
  const text = `/* ledgerEntries: by places */
select ${ledgerEntryShape.columns} from unnest(${lanes}, ${seqs}, ${legs}) as p(lane, seq, leg)
join ledger_entries t on t.lane = p.lane and t.seq = p.seq and t.leg = p.leg
where t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const rows = await readRows(ctx.sql, ledgerEntryShape, text, parameters.values)
  return new Map(rows.map((row) => [legKey(row), row]))
}
