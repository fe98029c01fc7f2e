import type { TestDatabase } from './database.ts'

/** What must never be found, as SQL that finds it. Each gives rows of one text column, `who`. */
const checks: Readonly<Record<string, string>> = {
  'a balance is not the sum of its legs': `
    select w.id::text as who from wallets w
    left join (
      select wallet_id, sum(amount_minor) filter (where account = 'CASH') as cash,
        sum(amount_minor) filter (where account = 'BONUS') as bonus,
        sum(amount_minor) filter (where account = 'OWED') as owed
      from ledger_entries group by wallet_id) s on s.wallet_id = w.id
    where w.cash_minor <> coalesce(s.cash, 0) or w.bonus_minor <> coalesce(s.bonus, 0)
      or w.owed_minor <> coalesce(s.owed, 0)`,
  'the legs of a journal row do not sum to zero': `
    select lane || '.' || seq as who from ledger_entries group by lane, seq, currency having sum(amount_minor) <> 0`,
  'a leg has no journal row': `
    select l.lane || '.' || l.seq as who from ledger_entries l
    where not exists (select from journal j where j.lane = l.lane and j.seq = l.seq)`,
  'a completed round has stakes in play': `
    select r.id::text as who from rounds r join ledger_entries l on l.round_id = r.id and l.account = 'STAKES'
    where r.status = 'COMPLETED' group by r.id having sum(l.amount_minor) <> 0`,
  'a bet of a completed round is open': `
    select b.id::text as who from bets b join rounds r on r.id = b.round_id
    where r.status = 'COMPLETED' and b.status = 'OPEN'`,
  'a bet was both paid and rolled back': `
    select bet_id::text as who from journal where bet_id is not null group by bet_id
    having bool_or(type = 'WinRecorded') and bool_or(type = 'BetRolledBack')`,
  'a bet was placed, settled or rolled back twice': `
    select bet_id::text as who from journal where bet_id is not null group by bet_id
    having count(*) filter (where type = 'BetPlaced') <> 1
      or count(*) filter (where type in ('BetSettled', 'LossRecorded', 'BetRolledBack')) > 1`,
  'a payout is not the sum of its wins': `
    select b.id::text as who from bets b
    left join (
      select bet_id, sum(case type when 'WinRecorded' then amount_minor else -amount_minor end) as paid
      from journal where type in ('WinRecorded', 'WinRolledBack') group by bet_id) j on j.bet_id = b.id
    where b.payout_minor <> coalesce(j.paid, 0)`,
  'a key has two bets': `
    select transaction_key as who from bets group by provider_account_id, transaction_key having count(*) > 1`,
  'a key has two effects': `
    select j.transaction_id::text as who from journal j
    where j.type in ('BetPlaced', 'WinRecorded', 'DepositRecorded', 'WithdrawalRecorded')
      and not exists (select from transactions t where t.id = j.transaction_id and t.verdict = 'OK')`,
  'a rollback was answered OK and what it names stands': `
    select t.transaction_key as who from transactions t
    left join transactions r on r.scope_id = t.scope_id and r.transaction_key = t.reference_key
    left join bets b on b.provider_account_id = t.scope_id and b.transaction_key = t.reference_key
    where t.kind = 'ROLLBACK' and t.verdict = 'OK' and (
      r.id is null or b.status not in ('ROLLED_BACK', 'VOIDED')
      or (r.kind = 'WIN' and r.verdict = 'OK' and r.amount_minor > 0 and r.reversed_by_id is null))`,
  'a lane has a hole': `
    select lane || '.' || seq as who from (
      select lane, seq, prev, lag(seq, 1, 0::bigint) over (partition by lane order by seq) as before from journal) j
    where prev <> before`,
  'a lane steps back in time': `
    select lane || '.' || seq as who from (
      select lane, seq, recorded_at, lag(recorded_at) over (partition by lane order by seq) as before from journal) j
    where recorded_at <= before`,
  "a player's rows are not counted one by one, later and later": `
    select player_id || ' ' || player_version as who from (
      select player_id, player_version, recorded_at, lag(recorded_at) over player as before,
        row_number() over player as place from journal where player_id is not null
      window player as (partition by player_id order by player_version)) j
    where player_version <> place or recorded_at <= before`,
  "a player's version is not the number of its rows": `
    select p.id::text as who from players p
    left join (select player_id, count(*) as rows from journal group by player_id) j on j.player_id = p.id
    where p.version <> coalesce(j.rows, 0)`,
  'the legs of a wallet are not counted one by one': `
    select wallet_id || ' ' || wallet_version as who from (
      select wallet_id, wallet_version, row_number() over (partition by wallet_id order by wallet_version) as place
      from ledger_entries where wallet_version is not null) l where wallet_version <> place`,
  "a wallet's version is not the number of its legs": `
    select w.id::text as who from wallets w
    left join (select wallet_id, count(wallet_version) as legs from ledger_entries group by wallet_id) l
      on l.wallet_id = w.id
    where w.version <> coalesce(l.legs, 0)`,
  'a balance after a leg is not the one before and the leg': `
    select wallet_id || ' ' || wallet_version as who from (
      select wallet_id, wallet_version, balance_after, sum(amount_minor) over (
        partition by wallet_id, account order by wallet_version) as sum
      from ledger_entries where wallet_version is not null) l where balance_after <> sum`,
  'an effect has no transaction in the journal': `
    select t.transaction_key as who from transactions t
    where not exists (select from journal j where j.lane = t.lane and j.seq = t.seq)`,
}

/** The names of what is wrong with the money, with one example each; empty when nothing is. */
export async function moneyViolations(sql: TestDatabase['sql']): Promise<string[]> {
  await sql`analyze`
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, text]) => {
      const [row] = await sql.unsafe<{ who: string }[]>(`${text} limit 1`)
      return row ? [`${name}: ${row.who}`] : []
    }),
  )
  return found.flat()
}
