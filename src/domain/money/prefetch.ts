// The first burst of a batch: lock the players, then read everything the rules may ask, in one write without
// waiting. The lock is a statement of its own and comes first: each later statement takes its snapshot after the
// lock was granted, so that what it reads of a locked player is the state now. Rows of players that are not locked
// may be torn; the rules put such commands back.
import { arrayLiteral } from '../../db/arrays.ts'
import type { Reply, Statement } from '../../db/lane.ts'
import { playerColumns, toPlayerLock } from '../journal/lock-players.ts'
import { readBet, readCommandRow, readLimit, readRound, readTransaction, readWallet } from './rows.ts'
import {
  emptyState,
  gameKeyOf,
  putBet,
  putLimit,
  putRound,
  putTransaction,
  putWallet,
  roundKeyOf,
  type State,
  transactionKeyOf,
} from './state.ts'
import type { Command } from './types.ts'

type ProviderCommand = Extract<Command, { tokenHash: Buffer }>

const isProvider = (command: Command): command is ProviderCommand => 'tokenHash' in command

/** The reads that find players: by game token, by known transaction, by name. */
const lockText = `/* money: lock players */
select ${playerColumns} from players p where p.id = any(array(
  select s.player_id from unnest($1::bytea[]) h,
    lateral (select player_id from sessions where token_hash = h limit 1) s
  union
  select t.player_id from unnest($2::uuid[], $3::text[]) k(scope, name),
    lateral (select player_id from transactions where scope_id = k.scope and transaction_key = k.name limit 1) t
  union
  select unnest($4::uuid[])
)) order by p.id for no key update`

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

const transactionsText = `/* money: read transactions */
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

const sessionsText = `/* money: read sessions */
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

const gamesText = `/* money: read games */
select g.id, g.provider_id, g.code, g.status
from unnest($1::uuid[], $2::text[]) k(provider, code), lateral (
  select id, provider_id, code, status from games where provider_id = k.provider and code = k.code limit 1) g`

const limitColumns = `l.id, l.brand_id, l.player_id, l.game_id, l.kind, l.period, l.currency, l.amount_minor,
  l.effective_from, l.pending_minor, l.pending_from`

const limitsText = `/* money: read limits */
with s as materialized (
  select s.player_id, s.game_id from unnest($1::bytea[]) h,
    lateral (select player_id, game_id from sessions where token_hash = h limit 1) s)
select ${limitColumns} from limits l where l.player_id = any(array(select player_id from s))
union all
select ${limitColumns} from limits l where l.brand_id = any($2::uuid[]) and l.player_id is null
  and (l.game_id is null or l.game_id = any(array(
    select game_id from s
    union all
    select g.id from unnest($3::uuid[], $4::text[]) k(provider, code),
      lateral (select id from games where provider_id = k.provider and code = k.code limit 1) g)))`

const openBetsText = `/* money: read open bets of rounds to complete */
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

const lastBetsText = `/* money: read last bets of rounds */
select ${betColumns} from unnest($1::bytea[], $2::uuid[], $3::text[]) k(h, account, round_key),
  lateral (select player_id from sessions where token_hash = k.h limit 1) s,
  lateral (select id from rounds where provider_account_id = k.account and player_id = s.player_id
    and round_key = k.round_key limit 1) r,
  lateral (select ${betColumns} from bets b where b.round_id = r.id order by b.id desc limit ${lastBetsMax}) b`

const roundsText = `/* money: read rounds to resolve */
select ${prefixed('r', roundColumns)}, ${prefixed('w', walletColumns)}
from unnest($1::uuid[]) k(id), lateral (select ${roundColumns} from rounds r where r.id = k.id limit 1) r
left join wallets w on w.player_id = r.player_id and w.currency = r.currency`

const walletsText = `/* money: read wallets */
select ${walletColumns} from unnest($1::uuid[], $2::text[]) k(player, currency),
  lateral (select ${walletColumns} from wallets w
    where w.player_id = k.player and w.currency = k.currency limit 1) w`

type Kind =
  | 'lock'
  | 'transactions'
  | 'sessions'
  | 'games'
  | 'limits'
  | 'openBets'
  | 'lastBets'
  | 'rounds'
  | 'wallets'

/** The statements of the first burst after BEGIN, with the kind of each; reads that nobody needs are left out. */
export function prefetch(commands: readonly Command[]): { kind: Kind; statement: Statement }[] {
  const provided = commands.filter(isProvider)
  const own = commands.filter((command) => !isProvider(command))
  const cash = own.filter((command) => 'currency' in command)
  const resolved = own.flatMap((command) => ('roundId' in command ? [command.roundId] : []))
  const closing = provided.filter(closes)
  const unnamed = provided.filter((command) => command.kind === 'WIN' && command.referenceKey === undefined)
  const staking = provided.filter((command) => command.kind === 'BET' && command.betKind === 'REAL')
  const gameKeys = provided.flatMap(gameKey)
  const hashes = arrayLiteral([...new Set(provided.map((command) => command.tokenHash))])
  const [scopes, names] = keys(commands)
  const players = arrayLiteral(own.map((command) => command.playerId))
  const plan: { kind: Kind; statement: Statement }[] = [
    { kind: 'lock', statement: { text: lockText, parameters: [hashes, scopes, names, players] } },
    { kind: 'transactions', statement: { text: transactionsText, parameters: [scopes, names] } },
  ]
  const add = (kind: Kind, needed: readonly unknown[], text: string, parameters: () => string[]) =>
    needed.length > 0 && plan.push({ kind, statement: { text, parameters: parameters() } })
  add('sessions', provided, sessionsText, () => tokens(provided))
  add('games', gameKeys, gamesText, () => named(gameKeys))
  add('limits', staking, limitsText, () => [
    arrayLiteral([...new Set(staking.map((command) => command.tokenHash))]),
    arrayLiteral([...new Set(staking.map((command) => command.brandId))]),
    ...named(gameKeys),
  ])
  add('openBets', [...closing, ...resolved], openBetsText, () => [
    ...tokens(closing),
    ...keys(closing),
    arrayLiteral(resolved),
  ])
  add('lastBets', unnamed, lastBetsText, () => tokens(unnamed))
  add('rounds', resolved, roundsText, () => [arrayLiteral(resolved)])
  add('wallets', cash, walletsText, () => [
    arrayLiteral(cash.map((command) => command.playerId)),
    arrayLiteral(cash.map((command) => command.currency)),
  ])
  return plan
}

const gameKey = (command: ProviderCommand): (readonly [string, string])[] =>
  command.kind === 'BET' && command.gameCode !== undefined ? [[command.providerId, command.gameCode]] : []

const named = (keys: readonly (readonly [scope: string, name: string])[]): [string, string] => [
  arrayLiteral(keys.map(([scope]) => scope)),
  arrayLiteral(keys.map(([, name]) => name)),
]

const tokens = (commands: readonly ProviderCommand[]): [string, string, string] => [
  arrayLiteral(commands.map((command) => command.tokenHash)),
  arrayLiteral(commands.map((command) => command.providerAccountId)),
  arrayLiteral(commands.map((command) => command.roundKey)),
]

const closes = (command: ProviderCommand) =>
  command.kind === 'END_ROUND' || (command.kind !== 'PROMO' && command.closesRound)

/** The transaction keys of the commands and of what they refer to, each once. */
function keys(commands: readonly Command[]): [scopes: string, names: string] {
  const pairs = new Map<string, readonly [string, string]>()
  const add = (scope: string, name: string) => pairs.set(`${scope} ${name}`, [scope, name])
  for (const command of commands) {
    add(command.scopeId, command.transactionKey)
    const referenceKey = 'referenceKey' in command ? command.referenceKey : undefined
    if (referenceKey !== undefined) add(command.scopeId, referenceKey)
  }
  return named([...pairs.values()])
}

/** The replies of the burst, in the order of the plan, as the state to decide on. */
export function toState(
  commands: readonly Command[],
  plan: readonly { kind: Kind }[],
  replies: readonly Reply[],
): State {
  const state = emptyState()
  plan.forEach(({ kind }, index) => {
    for (const row of replies[index]?.rows ?? []) fill[kind](state, row)
  })
  for (const command of commands) {
    if ('roundId' in command) state.completable.add(command.roundId)
    else if (isProvider(command) && closes(command)) completable(state, command)
  }
  return state
}

/** The rounds that openBets was asked about, found again: by session and round key, and by reference. */
function completable(state: State, command: ProviderCommand): void {
  const session = state.sessions.get(command.tokenHash.toString('hex'))
  const key = session && roundKeyOf(command.providerAccountId, session.playerId, command.roundKey ?? '')
  const named = [command.transactionKey, ('referenceKey' in command && command.referenceKey) || '']
  const ids = [
    key && state.roundIds.get(key),
    ...named.map((name) => state.transactions.get(transactionKeyOf(command.scopeId, name))?.roundId),
  ]
  for (const id of ids) if (id) state.completable.add(id)
}

type Row = Record<string, unknown>

const fill: Record<Kind, (state: State, row: Row) => void> = {
  lock: (state, row) => void state.players.set(row['id'] as string, toPlayerLock(row)),
  transactions(state, row) {
    putTransaction(state, readTransaction(row))
    joined(state, row)
    if (row['b_id']) putBet(state, readBet(row, 'b_'))
  },
  sessions(state, row) {
    const session = readCommandRow(row)
    state.sessions.set(session.tokenHash, session.session)
    joined(state, row)
    if (row['r_id'] && row['staked_minor'] !== null) {
      state.roundStakes.set(row['r_id'] as string, row['staked_minor'] as bigint)
    }
  },
  games: (state, row) =>
    void state.games.set(gameKeyOf(row['provider_id'] as string, row['code'] as string), {
      id: row['id'] as string,
      status: row['status'] as 'ENABLED',
    }),
  limits: (state, row) => putLimit(state, readLimit(row)),
  openBets: (state, row) => putBet(state, readBet(row, '')),
  lastBets: (state, row) => putBet(state, readBet(row, '')),
  rounds: joined,
  wallets: (state, row) => putWallet(state, readWallet(row, '')),
}

function joined(state: State, row: Row): void {
  if (row['w_id']) putWallet(state, readWallet(row, 'w_'))
  if (row['r_id']) putRound(state, readRound(row, 'r_'))
}
