// Whether a database can be true: plain SQL over everything that was written, independent of the code that wrote it.
import type postgres from 'postgres'

export type CheckName =
  | 'BALANCES'
  | 'LEGS_OF_A_ROW'
  | 'LEGS_OF_A_CURRENCY'
  | 'RUNNING_BALANCES'
  | 'STAKES_IN_PLAY'
  | 'JOURNAL_CHAIN'
  | 'JOURNAL_STAMPS'
  | 'ONE_EFFECT'
  | 'EFFECTS_OF_OK'
  | 'PLAYER_VERSIONS'
  | 'PAYOUTS'

/** Each returns a row for everything that is wrong, with a short `what`. */
const checks: Readonly<Record<CheckName, string>> = {
  BALANCES: `
    select w.id::text as what from wallets w left join ledger_entries l on l.wallet_id = w.id
    group by w.id
    having w.cash_minor <> coalesce(sum(l.amount_minor) filter (where l.account = 'CASH'), 0)
      or w.bonus_minor <> coalesce(sum(l.amount_minor) filter (where l.account = 'BONUS'), 0)
      or w.owed_minor <> coalesce(sum(l.amount_minor) filter (where l.account = 'OWED'), 0)
      or w.version <> count(l.wallet_version)`,
  LEGS_OF_A_ROW: `
    select lane || '.' || seq as what from ledger_entries
    group by lane, seq, currency having sum(amount_minor) <> 0`,
  LEGS_OF_A_CURRENCY: `
    select currency as what from ledger_entries group by currency having sum(amount_minor) <> 0`,
  RUNNING_BALANCES: `
    select wallet_id || ' ' || wallet_version as what from (
      select wallet_id, wallet_version, balance_after,
        sum(amount_minor) over (partition by wallet_id, account order by wallet_version) as running,
        row_number() over (partition by wallet_id order by wallet_version) as nth
      from ledger_entries where wallet_version is not null) l
    where balance_after <> running or wallet_version <> nth`,
  STAKES_IN_PLAY: `
    with legs as (
      select round_id, sum(amount_minor) as minor from ledger_entries
      where account = 'STAKES' group by round_id),
    open as (
      select round_id, sum(stake_minor) as minor from bets where status = 'OPEN' and kind = 'REAL' group by round_id)
    select coalesce(r.id, legs.round_id)::text as what
    from legs full join open using (round_id) left join rounds r on r.id = round_id
    where coalesce(legs.minor, 0) <> coalesce(open.minor, 0)
      or (r.status = 'COMPLETED' and coalesce(legs.minor, 0) <> 0)
      or r.id is null`,
  JOURNAL_CHAIN: `
    select lane || '.' || seq as what from (
      select lane, seq, prev, lag(seq, 1, 0::bigint) over (partition by lane order by seq) as before from journal) j
    where prev <> before`,
  JOURNAL_STAMPS: `
    select lane || '.' || seq as what from (
      select lane, seq, recorded_at, lag(recorded_at) over (partition by lane order by seq) as before from journal) j
    where recorded_at <= before`,
  ONE_EFFECT: `
    select transaction_id::text as what from ledger_entries where account in ('CASH', 'BONUS')
    group by transaction_id having count(distinct (lane, seq)) > 1
    union all
    select transaction_key from transactions group by scope_id, transaction_key having count(*) > 1`,
  EFFECTS_OF_OK: `
    select l.transaction_id::text as what from ledger_entries l left join transactions t on t.id = l.transaction_id
    where t.id is null or t.verdict <> 'OK'
    union all
    select t.transaction_key from transactions t
    where t.verdict = 'OK' and t.kind in ('BET', 'DEPOSIT', 'WITHDRAWAL') and t.amount_minor > 0
      and not exists (select from bets b where b.transaction_id = t.id and b.kind <> 'REAL')
      and not exists (select from ledger_entries l where l.transaction_id = t.id and l.account = 'CASH')`,
  PLAYER_VERSIONS: `
    select p.id::text as what from players p left join journal j on j.player_id = p.id
    group by p.id having p.version <> count(j.player_version) or p.version <> coalesce(max(j.player_version), 0)
      or count(distinct j.player_version) <> count(j.player_version)`,
  PAYOUTS: `
    select b.id::text as what from bets b left join transactions t
      on t.bet_id = b.id and t.kind = 'WIN' and t.verdict = 'OK' and t.reversed_by_id is null
    group by b.id having b.payout_minor <> coalesce(sum(t.amount_minor), 0)`,
}

export const checkNames = Object.keys(checks) as CheckName[]

/** The checks that find something, each with what it found first. */
export async function checkBooks(
  sql: Pick<postgres.Sql, 'unsafe'>,
): Promise<Partial<Record<CheckName, string>>> {
  const found: Partial<Record<CheckName, string>> = {}
  for (const name of checkNames) {
    const [row] = await sql.unsafe<{ what: string }[]>(`/* check: ${name} */ ${checks[name]} limit 1`)
    if (row) found[name] = row.what
  }
  return found
}
