import { Parameters, readValues } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import { ledgerEntryShape } from '../wallets/ledger-queries.ts'
import type { LedgerEntry } from '../wallets/types.ts'
import type { Transaction } from './types.ts'

/** The bet that a transaction of this key placed or belongs to. */
export async function betIdByTransaction(
  ctx: ScopedContext,
  providerAccountCode: string,
  transactionKey: string,
): Promise<string | undefined> {
  const parameters = new Parameters()
  const text = `/* transactions: bet by key */
select t.bet_id from provider_accounts a
join transactions t on t.scope_id = a.id and t.transaction_key = ${parameters.add('text', transactionKey)}
where a.code = ${parameters.add('text', providerAccountCode)} and t.bet_id is not null
and a.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const [row] = await readValues(ctx.sql, text, parameters.values)
  return row && String(row[0])
}

/** A command without a bet writes at most a few events: its entries stand within so many of its first one. */
const betlessEventsMax = 8

/**
 * The entries that each transaction made, by event and leg. They are found through the bets of its round; those of no
 * bet (of the cashier, and of gifts, which may name a round) right at their place in the journal.
 */
export async function ledgerEntriesByTransactions(
  ctx: ScopedContext,
  rows: readonly Pick<Transaction, 'id' | 'roundId' | 'lane' | 'seq'>[],
): Promise<LedgerEntry[][]> {
  const parameters = new Parameters()
  const scope = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const source = [
    parameters.addArray(
      'uuid',
      rows.map((row) => row.id),
    ),
    parameters.addArray(
      'uuid',
      rows.map((row) => row.roundId),
    ),
    parameters.addArray(
      'int2',
      rows.map((row) => row.lane),
    ),
    parameters.addArray(
      'int8',
      rows.map((row) => row.seq),
    ),
  ].join(', ')
  const text = `/* ledgerEntries: by transactions */
select p.ord, ${ledgerEntryShape.names} from unnest(${source}) with ordinality as p(id, round_id, lane, seq, ord)
cross join lateral (
  select t.recorded_at as k0, t.seq as k1, t.leg as k2, ${ledgerEntryShape.columns}
  from bets b join ledger_entries t on t.bet_id = b.id
  where b.round_id = p.round_id and t.transaction_id = p.id and t.brand_id = any(${scope})
  union all
  select t.recorded_at as k0, t.seq as k1, t.leg as k2, ${ledgerEntryShape.columns} from ledger_entries t
  where t.bet_id is null and t.lane = p.lane and t.seq >= p.seq and t.seq < p.seq + ${betlessEventsMax}
  and t.transaction_id = p.id and t.brand_id = any(${scope})
) r order by p.ord, r.k0, r.k1, r.k2`
  const found = await readValues(ctx.sql, text, parameters.values)
  const groups = Map.groupBy(found, ([ord]) => Number(ord) - 1)
  return rows.map((_, index) => (groups.get(index) ?? []).map((values) => ledgerEntryShape.decode(values, 1)))
}
