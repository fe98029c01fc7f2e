// The statements of a batch's first burst: the lock, and what is read under it.
import { playerColumns } from '../journal/lock-players.ts'

const lockClause = ' for no key update'

/** What the lock statement reads, for whoever locks nobody. */
export const withoutLock = (text: string): string => text.replace(lockClause, '')

/** Locks players: those named, those of game tokens, and where it is asked, those of known transactions. */
const lockText = (others: string) => `/* money: lock players */
select ${playerColumns} from players p where p.id = any(array(
  select unnest($1::uuid[])
  union
  select s.player_id from unnest($2::bytea[]) h,
    lateral (select player_id from sessions where token_hash = h limit 1) s${others}
)) order by p.id${lockClause}`

export const lockNamedText = lockText('')
export const lockSearchedText = lockText(`
  union
  select t.player_id from unnest($3::uuid[], $4::text[]) k(scope, name),
    lateral (select player_id from transactions where scope_id = k.scope and transaction_key = k.name limit 1) t`)

const betColumns = `b.id, b.brand_id, b.player_id, b.wallet_id, b.session_id, b.round_id, b.game_id,
  b.provider_account_id, b.transaction_id, b.transaction_key, b.status, b.result, b.kind, b.currency, b.stake_minor,
  b.bonus_stake_minor, b.payout_minor, b.jackpot_minor, b.late, b.placed_at, b.settled_at, b.version`

/** `bets b` aliased as columns b_…, so that one row holds a transaction, its bet, its round and its wallet. */
const prefixed = (alias: string, columns: string) =>
  columns.replaceAll(new RegExp(`${alias}\\.(\\w+)`, 'g'), `${alias}.$1 as ${alias}_$1`)

const roundColumns = `r.id, r.brand_id, r.player_id, r.session_id, r.game_id, r.provider_account_id, r.round_key,
  r.currency, r.status, r.started_at, r.completed_at, r.version`

const walletColumns = `w.id, w.brand_id, w.player_id, w.currency, w.cash_minor, w.bonus_minor, w.owed_minor, w.version,
  w.counted_day, w.day_staked_minor, w.day_returned_minor, w.week_staked_minor, w.week_returned_minor,
  w.month_staked_minor, w.month_returned_minor, w.created_at`

export const transactionsText = `/* money: read transactions */
select t.*, ${prefixed('b', betColumns)}, ${prefixed('r', roundColumns)}, ${prefixed('w', walletColumns)}
from unnest($1::uuid[], $2::text[]) k(scope, name), lateral (
  select scope_id, transaction_key, id, brand_id, provider_account_id, kind, verdict, fingerprint, reference_key,
    player_id, wallet_id, session_id, round_id, bet_id, amount_minor, bonus_minor, jackpot_minor, currency,
    reversed_by_id, refused_limit, provider_time, recorded_at
  from transactions where scope_id = k.scope and transaction_key = k.name limit 1) t
left join bets b on b.id = t.bet_id
left join rounds r on r.id = t.round_id
left join wallets w on w.id = t.wallet_id`

/** Nobody asks for it unless there is a limit on it. */
const stakedInRound = `case when exists (select from limits where kind = 'STAKE_PER_ROUND') then (
    select coalesce(sum(b.stake_minor), 0)::bigint from bets b
    where b.round_id = r.id and b.kind = 'REAL' and b.status in ('OPEN', 'SETTLED')) end`

export const sessionsText = `/* money: read sessions */
select k.h as token_hash, s.id as s_id, s.brand_id as s_brand_id, s.player_id as s_player_id,
  s.wallet_id as s_wallet_id, s.provider_account_id as s_provider_account_id, s.game_id as s_game_id,
  s.currency as s_currency, s.status as s_status, s.expires_at as s_expires_at, g.status as s_game_status,
  a.status as s_account_status, ${stakedInRound} as staked_minor,
  ${prefixed('r', roundColumns)}, ${prefixed('w', walletColumns)}
from unnest($1::bytea[], $2::uuid[], $3::text[]) k(h, account, round_key), lateral (
  select id, brand_id, player_id, wallet_id, provider_account_id, game_id, currency, status, expires_at
  from sessions where token_hash = k.h limit 1) s
join games g on g.id = s.game_id
join provider_accounts a on a.id = s.provider_account_id
left join wallets w on w.id = s.wallet_id
left join lateral (
  select ${roundColumns} from rounds r
  where r.provider_account_id = k.account and r.player_id = s.player_id and r.round_key = k.round_key limit 1
) r on true`

export const gamesText = `/* money: read games */
select g.id, g.provider_id, g.code, g.status
from unnest($1::uuid[], $2::text[]) k(provider, code), lateral (
  select id, provider_id, code, status from games where provider_id = k.provider and code = k.code limit 1) g`

const limitColumns = `l.id, l.brand_id, l.player_id, l.game_id, l.kind, l.period, l.currency, l.amount_minor,
  l.effective_from, l.pending_minor, l.pending_from`

export const limitsText = `/* money: read limits */
with s as materialized (
  select player_id, game_id from unnest($1::uuid[], $2::uuid[]) k(player_id, game_id)
  union all
  select s.player_id, s.game_id from unnest($3::bytea[]) h,
    lateral (select player_id, game_id from sessions where token_hash = h limit 1) s)
select ${limitColumns} from limits l where l.player_id = any(array(select player_id from s))
union all
select ${limitColumns} from limits l where l.brand_id = any($4::uuid[]) and l.player_id is null
  and (l.game_id is null or l.game_id = any(array(
    select game_id from s
    union all
    select g.id from unnest($5::uuid[], $6::text[]) k(provider, code),
      lateral (select id from games where provider_id = k.provider and code = k.code limit 1) g)))`

export const openBetsText = `/* money: read open bets of rounds to complete */
select ${betColumns} from bets b where b.status = 'OPEN' and b.round_id = any(array(
  select r.id from unnest($1::bytea[], $2::uuid[], $3::text[]) k(h, account, round_key),
    lateral (select player_id from sessions where token_hash = k.h limit 1) s,
    lateral (select id from rounds where provider_account_id = k.account and player_id = s.player_id
      and round_key = k.round_key limit 1) r
  union
  select t.round_id from unnest($4::uuid[], $5::text[]) k(scope, name),
    lateral (select round_id from transactions where scope_id = k.scope and transaction_key = k.name limit 1) t
  union
  select unnest($6::uuid[])
))`

/** How many of a round's bets a win that names none may be for: its newest. */
const lastBetsMax = 20

export const lastBetsText = `/* money: read last bets of rounds */
select ${betColumns} from unnest($1::bytea[], $2::uuid[], $3::text[]) k(h, account, round_key),
  lateral (select player_id from sessions where token_hash = k.h limit 1) s,
  lateral (select id from rounds where provider_account_id = k.account and player_id = s.player_id
    and round_key = k.round_key limit 1) r,
  lateral (select ${betColumns} from bets b where b.round_id = r.id order by b.id desc limit ${lastBetsMax}) b`

export const roundsText = `/* money: read rounds to resolve */
select ${prefixed('r', roundColumns)}, ${prefixed('w', walletColumns)}
from unnest($1::uuid[]) k(id), lateral (select ${roundColumns} from rounds r where r.id = k.id limit 1) r
left join wallets w on w.player_id = r.player_id and w.currency = r.currency`

export const walletsText = `/* money: read wallets */
select ${walletColumns} from unnest($1::uuid[], $2::text[]) k(player, currency),
  lateral (select ${walletColumns} from wallets w
    where w.player_id = k.player and w.currency = k.currency limit 1) w`
