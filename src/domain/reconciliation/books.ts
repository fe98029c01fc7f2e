// The books as a comparison reads them, a slice at a time: no statement sees more than so many rows, so that no
// snapshot is held for long while bets go on.
import { arrayLiteral } from '../../db/arrays.ts'
import type { Sql } from '../../db/connection.ts'
import type { BookedTransaction } from './types.ts'

/** How many of our transactions, of all accounts, one statement walks through. */
const windowRows = 10_000

const columns = `t.transaction_key, t.id, t.kind, t.verdict,
  t.reversed_by_id is not null or coalesce(b.status in ('ROLLED_BACK', 'VOIDED'), false) as undone,
  t.amount_minor, t.currency, t.player_id, t.round_id, t.bet_id, t.recorded_at`

const fields = `id, scope_id, transaction_key, kind, verdict, amount_minor, currency, player_id, round_id, bet_id,
  reversed_by_id, recorded_at`

/** Only a bet's own transaction is undone with it. */
const itsBet = `left join bets b on b.id = t.bet_id and t.kind = 'BET'`

/** What we have under these keys of an account. */
export async function bookedByKeys(
  sql: Sql,
  accountId: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, BookedTransaction>> {
  const text = `/* reconciliation: our transactions by key */
select ${columns} from unnest($2::text::text[]) as k(key)
cross join lateral (
  select ${fields} from transactions where scope_id = $1::text::uuid and transaction_key = k.key offset 0
) t ${itsBet}`
  const rows = await sql.unsafe(text, [accountId, arrayLiteral(keys)], { prepare: true }).values()
  return new Map(rows.map((row) => [String(row[0]), toBooked(row)]))
}

/** From one id on (not included) up to another. */
export interface Span {
  readonly after: string
  readonly before: string
}

export interface Window {
  /** Where the next window begins; null when this one was the last. */
  readonly after: string | null
  /** How many transactions of all accounts were walked through. */
  readonly walked: number
  /** Those of the account that the report does not name. */
  readonly unnamed: readonly BookedTransaction[]
}

/**
 * The next transactions of a span of ids, which is one of time. There is no index by account and time, and betting
 * shall not pay for one: the walk is along the index by id, whoever's they are.
 */
export async function unnamedInWindow(sql: Sql, accountId: string, span: Span): Promise<Window> {
  const text = `/* reconciliation: ours that the report does not name */
with walked as materialized (
  select ${fields} from transactions where id > $2::text::uuid and id < $3::text::uuid order by id limit ${windowRows}
), unnamed as (
  select ${columns} from walked t ${itsBet}
  where t.scope_id = $1::text::uuid
  and not exists (select from pg_temp.named n where n.transaction_key = t.transaction_key)
  and not exists (select from pg_temp.misread m where m.transaction_key = t.transaction_key)
)
select u.*, w.walked, w.last from unnamed u right join (
  select count(*)::int as walked, (select id from walked order by id desc limit 1) as last from walked
) w on true`
  const rows = await sql.unsafe(text, [accountId, span.after, span.before], { prepare: true }).values()
  const [walked, last] = (rows[0] ?? []).slice(-2) as [number, string | null]
  return {
    after: walked < windowRows ? null : last,
    walked,
    unnamed: rows.filter((row) => row[0] !== null).map(toBooked),
  }
}

function toBooked(row: readonly unknown[]): BookedTransaction {
  const text = (at: number) => (row[at] ?? null) as string | null
  return {
    transactionKey: String(row[0]),
    id: String(row[1]),
    kind: String(row[2]),
    verdict: String(row[3]),
    undone: row[4] === true,
    amountMinor: (row[5] ?? null) as bigint | null,
    currency: text(6),
    playerId: text(7),
    roundId: text(8),
    betId: text(9),
    recordedAt: row[10] as Date,
  }
}
