import { Parameters, readValues } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import { versionAt } from './versions.ts'

/** What moves money on a wallet's own accounts; OTHER should not occur, and keeps the sums whole if it does. */
export const statementCauses = [
  'STAKES',
  'WINS',
  'ROLLBACKS',
  'PROMOS',
  'DEPOSITS',
  'WITHDRAWALS',
  'ADJUSTMENTS',
  'OTHER',
] as const

export type StatementCause = (typeof statementCauses)[number]

export interface StatementKey {
  readonly walletId: string
  /** RFC 3339, up to microseconds: entries after `from`, up to and with `to`. */
  readonly from: string
  readonly to: string
}

export interface StatementSum {
  readonly cause: StatementCause
  readonly entryCount: number
  readonly cashMinor: bigint
  readonly bonusMinor: bigint
  readonly owedMinor: bigint
}

/** By the type of the entry's event; where that is no longer kept, by the kind of its transaction, which always is. */
const causeOf = `case coalesce(j.type, (select x.kind from transactions x where x.id = l.transaction_id limit 1))
    when 'BetPlaced' then 'STAKES' when 'BET' then 'STAKES'
    when 'WinRecorded' then 'WINS' when 'WIN' then 'WINS'
    when 'BetRolledBack' then 'ROLLBACKS' when 'WinRolledBack' then 'ROLLBACKS' when 'BetVoided' then 'ROLLBACKS'
    when 'ROLLBACK' then 'ROLLBACKS' when 'VOID_ROUND' then 'ROLLBACKS'
    when 'PromoRecorded' then 'PROMOS' when 'PROMO' then 'PROMOS'
    when 'DepositRecorded' then 'DEPOSITS' when 'DEPOSIT' then 'DEPOSITS'
    when 'WithdrawalRecorded' then 'WITHDRAWALS' when 'WITHDRAWAL' then 'WITHDRAWALS'
    when 'AdjustmentRecorded' then 'ADJUSTMENTS' when 'ADJUSTMENT' then 'ADJUSTMENTS'
    else 'OTHER' end`

const sumOf = (account: string) =>
  `coalesce(sum(l.amount_minor) filter (where l.account = '${account}'), 0)::bigint`

/** What each cause added to each account, in one statement for any number of wallets and times. */
export async function statementSums(
  ctx: ScopedContext,
  keys: readonly StatementKey[],
): Promise<StatementSum[][]> {
  const parameters = new Parameters()
  const given = [
    parameters.addArray(
      'uuid',
      keys.map(({ walletId }) => walletId),
    ),
    ...(['from', 'to'] as const).map((side) =>
      parameters.addArray(
        'timestamptz',
        keys.map((key) => key[side]),
      ),
    ),
  ].join(', ')
  const text = `/* wallets: sums of statements */
select p.ord, c.cause, count(*)::int, ${sumOf('CASH')}, ${sumOf('BONUS')}, ${sumOf('OWED')}
from unnest(${given}) with ordinality as p(id, after, up_to, ord)
join wallets w on w.id = p.id and w.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})
cross join lateral (
  select ${versionAt('w.id', 'p.after')} as low, ${versionAt('w.id', 'p.up_to')} as high) v
join ledger_entries l on l.wallet_id = w.id and l.wallet_version > v.low and l.wallet_version <= v.high
left join journal j on j.lane = l.lane and j.seq = l.seq
cross join lateral (select ${causeOf} as cause) c
group by p.ord, c.cause`
  const rows = await readValues(ctx.sql, text, parameters.values)
  const sums = Map.groupBy(rows as unknown as SumRow[], ([ord]) => Number(ord) - 1)
  return keys.map((_, index) => complete((sums.get(index) ?? []).map(sumRow)))
}

type SumRow = readonly [bigint, StatementCause, number, bigint, bigint, bigint]

const sumRow = ([, cause, entryCount, cashMinor, bonusMinor, owedMinor]: SumRow): StatementSum => ({
  cause,
  entryCount,
  cashMinor,
  bonusMinor,
  owedMinor,
})

/** Every cause in its order, with zeros where nothing was; OTHER only when there is some. */
const complete = (sums: readonly StatementSum[]): StatementSum[] =>
  statementCauses.flatMap((cause) => {
    const found = sums.find((one) => one.cause === cause)
    if (found) return [found]
    return cause === 'OTHER' ? [] : [{ cause, entryCount: 0, cashMinor: 0n, bonusMinor: 0n, owedMinor: 0n }]
  })
