import { Parameters, readValues } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import { openingOf, versionAt } from './versions.ts'

export interface BalanceKey {
  readonly walletId: string
  /** RFC 3339, up to microseconds. */
  readonly at: string
}

/** A wallet's balances at a moment: what they were after the newest entry that was recorded at or before it. */
export interface BalancesAt {
  /** The number of entries so far. */
  readonly version: bigint
  /** Null when the entries of that time are no longer kept. */
  readonly balances: Balances | null
  /** Where the newest entry stands; null when there is none, or it is no longer kept. */
  readonly lastEntry: { readonly lane: number; readonly seq: bigint; readonly leg: number } | null
}

export interface Balances {
  readonly cashMinor: bigint
  readonly bonusMinor: bigint
  readonly owedMinor: bigint
}

/**
 * Dropped entries lie before the month in which the kept ones begin; how long before is not known. So near the month's
 * beginning the clocks of two machines could tell otherwise, and nothing is said.
 */
const clockMargin = `interval '1 hour'`

/** The month from which on entries are kept, in SQL; null when all are. */
const keptFrom = `(select timestamptz 'epoch' + (max(d.below_seq) >> 40) * interval '1 day' + ${clockMargin}
  from retention_drops d where d.table_name = 'ledger_entries')`

/** The newest entry of one account up to the version; a constant account, so that an index of a few accounts fits. */
const newestOf = (account: string) => `left join lateral (
    select l.balance_after as minor from ledger_entries l
    where l.wallet_id = w.id and l.account = '${account}' and l.wallet_version > o.version
    and l.wallet_version <= v.version order by l.wallet_version desc limit 1) ${account.toLowerCase()} on true`

/** One statement for any number of wallets and moments; undefined for a wallet that is not there. */
export async function balancesAt(
  ctx: ScopedContext,
  keys: readonly BalanceKey[],
): Promise<(BalancesAt | undefined)[]> {
  const parameters = new Parameters()
  const ids = parameters.addArray(
    'uuid',
    keys.map(({ walletId }) => walletId),
  )
  const moments = parameters.addArray(
    'timestamptz',
    keys.map(({ at }) => at),
  )
  const text = `/* wallets: balances at moments */
select p.ord, v.version, v.version = o.version and p.at < w.created_at,
  v.version = o.version and o.version > 0 and p.at < ${keptFrom},
  coalesce(cash.minor, o.cash), coalesce(bonus.minor, o.bonus), coalesce(owed.minor, o.owed), e.lane, e.seq, e.leg
from unnest(${ids}, ${moments}) with ordinality as p(id, at, ord)
join wallets w on w.id = p.id and w.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})
cross join lateral ${openingOf('w.id')} o
cross join lateral (select ${versionAt('w.id', 'p.at')} as version) v
${['CASH', 'BONUS', 'OWED'].map(newestOf).join('\n')}
left join lateral (
  select l.lane, l.seq, l.leg from ledger_entries l
  where l.wallet_id = w.id and l.wallet_version = v.version and v.version > o.version limit 1) e on true`
  const rows = await readValues(ctx.sql, text, parameters.values)
  const found = new Map((rows as unknown as BalanceRow[]).map((row) => [Number(row[0]), balancesOf(row)]))
  return keys.map((_, index) => found.get(index + 1))
}

const nothingYet: BalancesAt = {
  version: 0n,
  balances: { cashMinor: 0n, bonusMinor: 0n, owedMinor: 0n },
  lastEntry: null,
}

type BalanceRow = readonly [
  ord: bigint,
  version: bigint,
  unopened: boolean,
  lost: boolean | null,
  cash: bigint,
  bonus: bigint,
  owed: bigint,
  lane: number | null,
  seq: bigint | null,
  leg: number | null,
]

function balancesOf([, version, unopened, lost, cash, bonus, owed, lane, seq, leg]: BalanceRow): BalancesAt {
  if (unopened) return nothingYet
  const balances = { cashMinor: cash, bonusMinor: bonus, owedMinor: owed }
  const lastEntry = lane === null || seq === null || leg === null ? null : { lane, seq, leg }
  return { version, balances: lost ? null : balances, lastEntry }
}
