// Double entry: what the legs, the balances and the totals owe each other. What retention dropped counts by its
// opening. An account that is not the player's own belongs to the house's side, whatever it is called.
import { atOnce, byId, byLane, inPart, ledgerFloor } from './parts.ts'
import { enforced } from './catalog.ts'
import type { Invariant } from './types.ts'

export const playersAccounts = `('CASH', 'BONUS', 'OWED')`

const legsOfARow: Invariant = {
  id: 'I1',
  says: 'the legs of a journal row sum to zero in each currency',
  over: 'ledger_entries',
  check: byLane(`
    select case when sum(l.amount_minor) <> 0 then
      format('lane %s seq %s: the legs in %s sum to %s', l.lane, l.seq, l.currency, sum(l.amount_minor)) end as who
    from ledger_entries l where ${inPart('l')} group by l.lane, l.seq, l.currency`),
}

const allAccounts: Invariant = {
  id: 'I2',
  says: 'all accounts together sum to zero in each currency',
  check: atOnce(`
    select case when sum(minor) <> 0 then format('%s: all accounts sum to %s', currency, sum(minor)) end as who
    from (
      select currency, sum(amount_minor) as minor from ledger_entries where seq >= ${ledgerFloor} group by currency
      union all select currency, sum(amount_minor) from ledger_openings group by currency) s
    group by currency`),
}

const balances: Invariant = {
  id: 'I3',
  says: 'a stored balance is the sum of its legs',
  over: 'wallets',
  check: byId(
    'wallets',
    `select case when (w.cash_minor, w.bonus_minor, w.owed_minor) <> (s.cash, s.bonus, s.owed) then
       format('wallet %s of player %s: cash %s bonus %s owed %s, but its legs sum to %s, %s and %s', w.id, w.player_id,
         w.cash_minor, w.bonus_minor, w.owed_minor, s.cash, s.bonus, s.owed) end as who
     from wallets w cross join lateral (
       select ${['cash', 'bonus', 'owed']
         .map(
           (name) =>
             `coalesce(sum(p.minor) filter (where p.account = '${name.toUpperCase()}'), 0) as ${name}`,
         )
         .join(', ')}
       from (
         select l.account, l.amount_minor as minor from ledger_entries l
         where l.wallet_id = w.id and l.wallet_version is not null and l.seq >= ${ledgerFloor}
         union all select o.account, o.amount_minor from ledger_openings o where o.wallet_id = w.id) p) s
     where w.id > $1::uuid and w.id <= $2::uuid`,
  ),
}

const noOverdraft: Invariant = {
  id: 'I4',
  says: 'no balance of a player is below zero, no debt above it',
  over: 'wallets',
  check: byId(
    'wallets',
    `select case when w.cash_minor < 0 or w.bonus_minor < 0 or w.owed_minor > 0 then
       format('wallet %s of player %s: cash %s bonus %s owed %s', w.id, w.player_id, w.cash_minor, w.bonus_minor,
         w.owed_minor) end as who
     from wallets w where w.id > $1::uuid and w.id <= $2::uuid`,
  ),
}

const noOverdraftEver: Invariant = {
  id: 'I4',
  says: 'no balance of a player ever was below zero; the house has none',
  over: 'ledger_entries',
  check: byLane(`
    select case when (case when l.account in ('CASH', 'BONUS') then coalesce(l.balance_after, -1) < 0
        when l.account = 'OWED' then coalesce(l.balance_after, 1) > 0 else l.balance_after is not null end)
      or (l.wallet_version is null) = (l.account in ${playersAccounts}) then
      format('lane %s seq %s leg %s of wallet %s: %s with balance %s and version %s', l.lane, l.seq, l.leg, l.wallet_id,
        l.account, l.balance_after, l.wallet_version) end as who
    from ledger_entries l where ${inPart('l')}`),
}

const overdraftForbidden: Invariant = {
  id: 'I4',
  says: 'the database itself refuses an overdraft',
  check: enforced([
    ['wallets', 'wallets_cash'],
    ['wallets', 'wallets_bonus'],
    ['wallets', 'wallets_owed'],
    ['ledger_entries', 'ledger_entries_balance'],
    ['ledger_entries', 'ledger_entries_version'],
  ]),
}

/** What a wallet opens with after retention: its newest dropped version, and a sum for each account. */
const opening = `
  select coalesce(max(o.wallet_version), 0) as version,
    coalesce(sum(o.amount_minor) filter (where o.account = 'CASH'), 0) as cash,
    coalesce(sum(o.amount_minor) filter (where o.account = 'BONUS'), 0) as bonus,
    coalesce(sum(o.amount_minor) filter (where o.account = 'OWED'), 0) as owed
  from ledger_openings o where o.wallet_id = w.id`

const sumOf = (account: string) =>
  `sum(case when l.account = '${account}' then l.amount_minor else 0 end) over v as ${account.toLowerCase()}`

const runningBalances: Invariant = {
  id: 'I5',
  says: 'a balance after a leg is the one before and the leg; legs of a wallet are counted one by one',
  over: 'ledger_entries',
  check: byId(
    'wallets',
    `select case when l.wallet_version <> o.version + l.nth then
         format('wallet %s: leg %s is the %s. one', w.id, l.wallet_version, o.version + l.nth)
       when l.balance_after is distinct from
         (case l.account when 'CASH' then o.cash + l.cash when 'BONUS' then o.bonus + l.bonus else o.owed + l.owed end)
       then format('wallet %s leg %s (lane %s seq %s): %s of %s ends at %s', w.id, l.wallet_version, l.lane, l.seq,
         l.account, l.amount_minor, l.balance_after) end as who
     from wallets w cross join lateral (${opening}) o cross join lateral (
       select l.lane, l.seq, l.wallet_version, l.account, l.amount_minor, l.balance_after, row_number() over v as nth,
         ${sumOf('CASH')}, ${sumOf('BONUS')}, ${sumOf('OWED')}
       from ledger_entries l
       where l.wallet_id = w.id and l.wallet_version is not null and l.seq >= ${ledgerFloor}
       window v as (order by l.wallet_version rows unbounded preceding)) l
     where w.id > $1::uuid and w.id <= $2::uuid`,
  ),
}

const walletVersions: Invariant = {
  id: 'I5',
  says: "a wallet's version is the number of its legs",
  over: 'wallets',
  check: byId(
    'wallets',
    `select case when w.version <> o.version + l.legs then
       format('wallet %s of player %s: version %s, but %s legs', w.id, w.player_id, w.version, o.version + l.legs)
       end as who
     from wallets w cross join lateral (${opening}) o cross join lateral (
       select count(*) as legs from ledger_entries l
       where l.wallet_id = w.id and l.wallet_version is not null and l.seq >= ${ledgerFloor}) l
     where w.id > $1::uuid and w.id <= $2::uuid`,
  ),
}

export const sums: readonly Invariant[] = [
  legsOfARow,
  allAccounts,
  balances,
  noOverdraft,
  noOverdraftEver,
  overdraftForbidden,
  runningBalances,
  walletVersions,
]
