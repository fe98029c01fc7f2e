// One key, one effect: transactions, what moved for them, and what was remembered instead.
import { rememberedRefusals } from '../money/decide.ts'
import { byId, byLane, inPart, journalFloor } from './parts.ts'
import { playersAccounts } from './sums.ts'
import type { Invariant } from './types.ts'

const inIds = (alias: string) => `${alias}.id > $1::uuid and ${alias}.id <= $2::uuid`

const onceAndAccepted: Invariant = {
  id: 'I6',
  says: 'money moves for transactions that were accepted only, once for each',
  over: 'ledger_entries',
  // Parts end where transactions end: what a transaction moves stands in one part, or is told apart by its place.
  // Only the end of a round by an operator gives back the stakes of several bets.
  check: byLane(`
    select case when t.id is null then format('lane %s seq %s: legs of transaction %s, which is not there', $1,
        l.first, l.transaction_id)
      when t.verdict <> 'OK' then format('transaction %s (key %s) was answered %s and moved money at lane %s seq %s',
        t.id, t.transaction_key, t.verdict, $1, l.first)
      when t.lane <> $1::smallint or t.seq > l.first or t.seq <= $2::bigint or l.moves_of_bet > 1
        or (l.moves > 1 and t.kind <> 'VOID_ROUND') then
        format('transaction %s (key %s) moved money twice: at lane %s seq %s too', t.id, t.transaction_key, $1, l.last)
      end as who
    from (
      select transaction_id, min(first) as first, max(last) as last, sum(moves) as moves, max(moves) as moves_of_bet
      from (
        select l.transaction_id, l.bet_id, min(l.seq) as first, max(l.seq) as last,
          count(distinct l.seq) filter (where l.account in ${playersAccounts}) as moves
        from ledger_entries l where ${inPart('l')} group by l.transaction_id, l.bet_id) b
      group by transaction_id) l
    left join lateral (
      select t.id, t.kind, t.transaction_key, t.verdict, t.lane, t.seq from transactions t
      where t.id = l.transaction_id limit 1) t on true`),
}

const betsOfTransactions: Invariant = {
  id: 'I6',
  says: 'a bet is the one bet of the accepted transaction under its key',
  over: 'bets',
  check: byId(
    'bets',
    `select case when t.id is null then format('bet %s: there is no transaction under its key %s', b.id,
         b.transaction_key)
       when (t.id, t.kind, t.verdict) <> (b.transaction_id, 'BET', 'OK') or t.bet_id is distinct from b.id then
         format('bet %s: the transaction under its key %s is %s, a %s answered %s for bet %s', b.id, b.transaction_key,
           t.id, t.kind, t.verdict, t.bet_id) end as who
     from bets b left join transactions t
       on t.scope_id = b.provider_account_id and t.transaction_key = b.transaction_key
     where ${inIds('b')}`,
  ),
}

const refusals = [...rememberedRefusals].map((verdict) => `'${verdict}'`).join(', ')

const remembered: Invariant = {
  id: 'I9',
  says: 'only accepted transactions, tombstones and refusals that stay are remembered',
  over: 'transactions',
  // A rollback that found nothing has left its tombstone, so its refusal stays too.
  check: byId(
    'transactions',
    `select case when not case when t.kind = 'TOMBSTONE' then t.verdict = 'TOMBSTONED'
         else t.verdict in ('OK', ${refusals}) or (t.kind, t.verdict) = ('ROLLBACK', 'REFERENCE_UNKNOWN') end then
       format('transaction %s (key %s): a %s is remembered as %s', t.id, t.transaction_key, t.kind, t.verdict)
       end as who
     from transactions t where ${inIds('t')}`,
  ),
}

const winsOfBets: Invariant = {
  id: 'I11',
  says: 'a win is of a bet of the same player, wallet, round, currency and provider account',
  over: 'transactions',
  check: byId(
    'transactions',
    `select case when (b.player_id, b.wallet_id, b.round_id, b.currency, b.provider_account_id) is distinct from
         (t.player_id, t.wallet_id, t.round_id, t.currency, t.provider_account_id) then
       format('win %s (key %s) of player %s: bet %s is not its own', t.id, t.transaction_key, t.player_id, t.bet_id)
       end as who
     from transactions t left join bets b on b.id = t.bet_id
     where ${inIds('t')} and t.kind = 'WIN' and t.verdict = 'OK'`,
  ),
}

const rollbacks: Invariant = {
  id: 'I12',
  says: 'what an accepted rollback names does not stand',
  over: 'transactions',
  // A key that names itself, or a refusal, or what moves no money: there was nothing to take back.
  check: byId(
    'transactions',
    `select case when t.reference_key <> t.transaction_key and (
         r.id is null
         or (r.kind = 'BET' and r.verdict = 'OK' and coalesce(b.status, 'OPEN') not in ('ROLLED_BACK', 'VOIDED'))
         or (r.kind = 'WIN' and r.verdict = 'OK' and r.reversed_by_id is null)) then
       format('rollback %s (key %s) names %s, which %s', t.id, t.transaction_key, t.reference_key,
         case when r.id is null then 'left no tombstone' else 'stands' end) end as who
     from transactions t
     left join transactions r on r.scope_id = t.scope_id and r.transaction_key = t.reference_key
     left join bets b on b.id = r.bet_id
     where ${inIds('t')} and t.kind = 'ROLLBACK' and t.verdict = 'OK'`,
  ),
}

const recorded: Invariant = {
  id: 'I14',
  says: 'a transaction has its event, where it says',
  over: 'transactions',
  // A tombstone was left by a rollback, whose event it shares.
  check: byId(
    'transactions',
    `select case when t.seq >= ${journalFloor} and not exists (
         select from journal j where j.lane = t.lane and j.seq = t.seq
           and (j.transaction_id = t.id or t.kind = 'TOMBSTONE')) then
       format('transaction %s (key %s): no event of its own at lane %s seq %s', t.id, t.transaction_key, t.lane, t.seq)
       end as who
     from transactions t where ${inIds('t')}`,
  ),
}

export const effects: readonly Invariant[] = [
  onceAndAccepted,
  betsOfTransactions,
  remembered,
  winsOfBets,
  rollbacks,
  recorded,
]
