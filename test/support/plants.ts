// Everything that an invariant forbids, made to be by a superuser: what is spoilt, the row that must be named, and all
// that is then broken.
import {
  bet,
  call,
  event,
  eventName,
  leg,
  legName,
  legPlace,
  lostBet,
  plant,
  type Plant,
  settling,
  stray,
  transaction,
  unchecked,
  wallet,
} from './planting.ts'
import { plantsOfCounts } from './plants-of-counts.ts'
import { plantsOfDrops } from './plants-of-drops.ts'

const reversed = `status = 'ROLLED_BACK' and result is not null`

export const plants: readonly Plant[] = [
  plant('I1', 'the legs of a journal row sum to zero in each currency', legName(`account = 'HOUSE'`), [
    `update ledger_entries set amount_minor = amount_minor - 1 where ${leg(`account = 'HOUSE'`)}`,
    `update ledger_entries set amount_minor = amount_minor + 1 where (lane, seq, leg) = (
      ${legPlace(`account = 'HOUSE'`, 'lane desc, seq desc')})`,
  ]),
  plant('I2', 'all accounts together sum to zero in each currency', `'EUR: all accounts sum to 5'`, [
    `insert into ledger_openings (wallet_id, account, brand_id, player_id, currency, amount_minor)
      select id, 'HOUSE', brand_id, player_id, currency, 5 from wallets where id = (${wallet})`,
  ]),
  plant(
    'I3',
    'a stored balance is the sum of its legs',
    wallet,
    `update wallets set cash_minor = cash_minor + 1 where id = (${wallet})`,
  ),
  plant(
    'I4',
    'no balance of a player is below zero, no debt above it',
    wallet,
    [unchecked('wallets', 'wallets_owed'), `update wallets set owed_minor = 1 where id = (${wallet})`],
    ['I3'],
  ),
  plant(
    'I4',
    'no balance of a player ever was below zero; the house has none',
    legName(`account = 'HOUSE'`),
    [
      unchecked('ledger_entries', 'ledger_entries_balance'),
      `update ledger_entries set balance_after = 0 where ${leg(`account = 'HOUSE'`)}`,
    ],
  ),
  plant(
    'I4',
    'the database itself refuses an overdraft',
    `'wallets_cash'`,
    unchecked('wallets', 'wallets_cash'),
  ),
  plant(
    'I5',
    'a balance after a leg is the one before and the leg; legs of a wallet are counted one by one',
    `select format('lane %s seq %s', lane, seq) from (${legPlace(`account = 'CASH'`)}) l`,
    `update ledger_entries set balance_after = balance_after + 1 where ${leg(`account = 'CASH'`)}`,
  ),
  plant(
    'I5',
    "a wallet's version is the number of its legs",
    wallet,
    `update wallets set version = version + 1 where id = (${wallet})`,
  ),
  plant(
    'I6',
    'money moves for transactions that were accepted only, once for each',
    transaction(`kind = 'DEPOSIT'`),
    `update transactions set verdict = 'LIMIT' where id = (${transaction(`kind = 'DEPOSIT'`)})`,
  ),
  plant(
    'I6',
    'money moves for transactions that were accepted only, once for each',
    transaction(`kind = 'DEPOSIT'`),
    `update ledger_entries set transaction_id = (${transaction(`kind = 'DEPOSIT'`)})
      where ${leg(`account = 'CASH' and amount_minor > 0 and bet_id is not null`)}`,
    ['I14'],
  ),
  plant(
    'I6',
    'a bet is the one bet of the accepted transaction under its key',
    bet(`status = 'OPEN'`),
    `update bets set transaction_key = 'another' where id = (${bet(`status = 'OPEN'`)})`,
  ),
  plant(
    'I6',
    'the keys that money rests on are unique, in every partition',
    `'ledger_entries'`,
    'alter table ledger_entries drop constraint ledger_entries_pkey',
  ),
  plant(
    'I9',
    'only accepted transactions, tombstones and refusals that stay are remembered',
    transaction(`verdict = 'FUNDS'`),
    `update transactions set verdict = 'RETRY_LATER' where id = (${transaction(`verdict = 'FUNDS'`)})`,
    ['I23'],
  ),
  plant(
    'I10',
    'a bet is in one of the states there are, with a result once it is settled',
    bet(lostBet),
    `update bets set result = 'DRAWN' where id = (${bet(lostBet)})`,
  ),
  plant(
    'I10',
    'a bet was placed once, and ended once, as its state says',
    bet(lostBet),
    `update bets set status = 'ROLLED_BACK' where id = (${bet(lostBet)})`,
  ),
  plant('I10', 'a bet that was rolled back or voided is neither paid nor settled after it', bet(reversed), [
    // The settlement and the rollback of a bet change their places in the player's count.
    `update journal set type = 'Swapped' where bet_id = (${bet(reversed)})
        and type = 'BetRolledBack'`,
    `update journal set type = 'BetRolledBack' where bet_id = (${bet(reversed)})
        and type = 'BetSettled'`,
    `update journal set type = 'BetSettled' where type = 'Swapped'`,
  ]),
  plant(
    'I11',
    'a win is of a bet of the same player, wallet, round, currency and provider account',
    transaction(`kind = 'WIN' and amount_minor = 0`),
    `update transactions set bet_id = (${bet(`status = 'OPEN'`)})
      where id = (${transaction(`kind = 'WIN' and amount_minor = 0`)})`,
  ),
  plant(
    'I11',
    'a payout is the sum of the wins that stand',
    bet(`payout_minor > 0`),
    `update transactions set amount_minor = amount_minor + 1 where id = (
      ${transaction(`kind = 'WIN' and bet_id = (${bet(`payout_minor > 0`)})`)})`,
  ),
  plant(
    'I12',
    'what an accepted rollback names does not stand',
    `select id from transactions where kind = 'ROLLBACK' and reference_key = (
      select transaction_key from transactions where kind = 'TOMBSTONE' order by id limit 1)`,
    `delete from transactions where id = (${transaction(`kind = 'TOMBSTONE'`)})`,
  ),
  plant(
    'I13',
    'the stakes in play are those of open bets, and a completed round has none',
    bet(lostBet),
    `update ledger_entries set account = 'CASHIER' where (lane, seq, leg) = (
      ${legPlace(`account = 'STAKES' and bet_id = (${bet(lostBet)})`)})`,
  ),
  plant(
    'I14',
    'a transaction has its event, where it says',
    transaction(`verdict = 'FUNDS'`),
    `update transactions set seq = seq + 1 where id = (${transaction(`verdict = 'FUNDS'`)})`,
  ),
  plant(
    'I14',
    "a bet's version counts its events, and its payout is their sum",
    bet(`status = 'OPEN'`),
    `update bets set version = version + 1 where id = (${bet(`status = 'OPEN'`)})`,
  ),
  plant(
    'I14',
    "a round's state is that of its last event, and its version counts them",
    `select id from rounds order by id limit 1`,
    `update rounds set version = version + 1 where id = (select id from rounds order by id limit 1)`,
  ),
  plant(
    'I14',
    "a player's version is that of the newest event",
    `select id from players order by id limit 1`,
    `update players set version = version + 1 where id = (select id from players order by id limit 1)`,
  ),
  plant(
    'I14',
    'money moves with an event that tells the same: transaction, player, round, bet and time',
    legName(settling),
    `update ledger_entries set recorded_at = recorded_at + interval '1 microsecond' where ${leg(settling)}`,
  ),
  plant(
    'I15',
    'a lane has no hole: every row names the one before',
    eventName(`type = 'TransactionDeclined'`),
    `update journal set prev = prev - 1 where (lane, seq) = (${event(`type = 'TransactionDeclined'`)})`,
  ),
  plant(
    'I16',
    'the stamps of a lane rise with its rows',
    eventName(`type = 'TransactionDeclined'`),
    `update journal set recorded_at = recorded_at - interval '1 hour'
      where (lane, seq) = (${event(`type = 'TransactionDeclined'`)})`,
  ),
  plant(
    'I16',
    "a player's events are counted one by one, later and later",
    eventName(`type = 'TransactionDeclined'`),
    `update journal set player_version = player_version + 1000
      where (lane, seq) = (${event(`type = 'TransactionDeclined'`)})`,
    ['I14'],
  ),
  plant(
    'I17',
    'a remembered answer to an operator has its audit entry',
    `select key from mutation_keys order by key limit 1`,
    `update mutation_keys set result = '{}' where key = (select key from mutation_keys order by key limit 1)`,
  ),
  plant(
    'I17',
    "an operator's event has an audit entry of the same request",
    eventName(`type = 'DepositRecorded'`),
    `update audit_entries set request_id = 'another' where request_id = (
      select trace from journal where (lane, seq) = (${event(`type = 'DepositRecorded'`)}))`,
  ),
  plant(
    'I19',
    'the role pitboss_app may not change or delete journal, ledger, audit or seals',
    `'the role pitboss_app may update ledger_entries'`,
    'grant update (amount_minor) on ledger_entries to pitboss_app',
  ),
  plant('I19', 'no trigger and no rule acts on journal, ledger, audit or seals', `'journal'`, [
    `create function silent() returns trigger language plpgsql as 'begin return null; end'`,
    'create trigger silent before insert on journal for each row execute function silent()',
  ]),
  plant(
    'I20',
    'amounts are whole numbers of 64 bits; no column of any table is a float',
    `'cash_minor of table wallets is numeric'`,
    'alter table wallets alter cash_minor type numeric',
  ),
  plant(
    'I20',
    'the minor unit of every wallet is known',
    `select id from wallets order by id limit 1`,
    `update wallets set currency = 'QQQ' where id = (${wallet})`,
    ['LINKS'],
  ),
  plant(
    'I23',
    'a call from a provider leads to the transaction that its effect speaks of',
    call(`effect = 'EFFECT'`),
    `update provider_calls set transaction_id = null where id = (${call(`effect = 'EFFECT'`)})`,
  ),
  ...plantsOfDrops,
  plant(
    'LINKS',
    'what a bet names is there, and of the same player',
    bet('true'),
    `update bets set game_id = ${stray} where id = (${bet('true')})`,
  ),
  plant(
    'LINKS',
    'what a round names is there, and of the same player',
    `select id from rounds order by id limit 1`,
    `update rounds set session_id = ${stray} where id = (select id from rounds order by id limit 1)`,
  ),
  plant(
    'LINKS',
    'what a session names is there, and of the same player',
    `select id from sessions order by id limit 1`,
    `update sessions set wallet_id = (select id from wallets order by id desc limit 1)
      where id = (select id from sessions order by id limit 1)`,
  ),
  plant(
    'LINKS',
    'what a transaction names is there, and of the same player',
    transaction(`kind = 'BET'`),
    `update transactions set session_id = ${stray} where id = (${transaction(`kind = 'BET'`)})`,
  ),
  plant(
    'LINKS',
    'a leg is of a wallet of its player and currency; a stake in play names its bet',
    legName(settling),
    `update ledger_entries set wallet_id = ${stray} where ${leg(settling)}`,
  ),
  plant(
    'LINKS',
    'what an event names is there, and of the same player',
    eventName(`type = 'TransactionDeclined'`),
    `update journal set game_id = ${stray} where (lane, seq) = (${event(`type = 'TransactionDeclined'`)})`,
  ),
  ...plantsOfCounts,
]
