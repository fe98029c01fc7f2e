import type { Sql } from '../../src/db/connection.ts'
import { apiToken, apiTokenHash } from '../../src/domain/operators/token.ts'
import { idFunction } from './generated-ids.ts'

export interface Sizes {
  readonly bets: number
  readonly players: number
  readonly games: number
  readonly providers: number
}

const dayMs = 86_400_000

/**
 * Bets of the last 30 days with all that they lead to, as bare rows: of any 50 neighbours no two share a player, a
 * game, a provider, a round or a session, as long as there are 50 of each. One operator may see them all.
 */
export async function layDownBets(sql: Sql, sizes: Sizes): Promise<{ brandId: string; token: string }> {
  const token = apiToken()
  const start = new Date(Date.now() - 31 * dayMs).toISOString()
  await sql.unsafe(`${idFunction}
    create function pg_temp.id(seed text) returns uuid immutable language sql return pg_temp.id(seed, '${start}');
    ${catalogue(sizes, start)}
    ${people(sizes, start)}
    ${play(sizes, start)}
    ${operator(start, apiTokenHash(token))}`)
  const [brand] = await sql<{ id: string }[]>`select id from brands`
  if (!brand) throw new Error('there is no brand')
  return { brandId: brand.id, token }
}

/** Game n is of provider n, counted around; so is everything else that is chosen for it. */
const catalogue = ({ providers, games }: Sizes, start: string) => `
insert into brands (id, code, name, time_zone, currency, created_at)
values (pg_temp.id('brand'), 'bench', 'Bench', 'UTC', 'EUR', '${start}');
insert into providers (id, code, name, created_at)
select pg_temp.id('provider ' || n), 'provider-' || n, 'Provider ' || n, '${start}'
from generate_series(0, ${providers - 1}) n;
insert into provider_accounts (id, brand_id, provider_id, code, dialect, public_keys, status, created_at)
select pg_temp.id('account ' || n), pg_temp.id('brand'), pg_temp.id('provider ' || n), 'account-' || n, 'hub88',
  '{}', 'ENABLED', '${start}'
from generate_series(0, ${providers - 1}) n;
insert into games (id, provider_id, code, name, category, status, created_at)
select pg_temp.id('game ' || n), pg_temp.id('provider ' || n % ${providers}), 'game-' || n,
  'Gambler’s "Delight" ' || n, (array['SLOT', 'TABLE', 'LIVE', 'CRASH'])[n % 4 + 1], 'ENABLED', '${start}'
from generate_series(0, ${games - 1}) n;`

/** Each player in one session of one game. */
const people = ({ players, games, providers }: Sizes, start: string) => `
insert into players (id, brand_id, external_id, status, country, version, last_at, created_at)
select pg_temp.id('player ' || n), pg_temp.id('brand'), 'player-' || n, 'ACTIVE',
  case n % 3 when 0 then 'EE' else 'MT' end, 0, '${start}', '${start}'
from generate_series(0, ${players - 1}) n;
insert into wallets (id, brand_id, player_id, currency, cash_minor, bonus_minor, owed_minor, version, created_at)
select pg_temp.id('wallet ' || n), pg_temp.id('brand'), pg_temp.id('player ' || n), 'EUR', 100000, 0, 0, 0,
  '${start}'
from generate_series(0, ${players - 1}) n;
insert into sessions (id, brand_id, player_id, wallet_id, provider_account_id, game_id, currency, token_hash, status,
  country, opened_at, expires_at, closed_at, close_reason)
select pg_temp.id('session ' || n), pg_temp.id('brand'), pg_temp.id('player ' || n), pg_temp.id('wallet ' || n),
  pg_temp.id('account ' || n % ${games} % ${providers}), pg_temp.id('game ' || n % ${games}), 'EUR',
  sha256(('session ' || n)::bytea), 'CLOSED', 'MT', '${start}', '${start}', '${start}', 'EXPIRED'
from generate_series(0, ${players - 1}) n;`

/** Every bet in a round of its own; one of ten has not been settled. */
const play = ({ bets, players, games, providers }: Sizes, start: string) => `
create temp table plays on commit drop as
select n, at, n % 10 = 0 as open, at + interval '4.321 seconds' as over,
  pg_temp.id('round ' || n, at) as round_id, pg_temp.id('player ' || n % ${players}) as player_id,
  pg_temp.id('wallet ' || n % ${players}) as wallet_id, pg_temp.id('session ' || n % ${players}) as session_id,
  pg_temp.id('game ' || n % ${players} % ${games}) as game_id,
  pg_temp.id('account ' || n % ${players} % ${games} % ${providers}) as account_id
from generate_series(0, ${bets - 1}) n,
  lateral (select '${start}'::timestamptz + n * interval '${Math.floor((30 * dayMs) / bets)} ms' as at) t;
insert into rounds (id, brand_id, player_id, session_id, game_id, provider_account_id, round_key, currency, status,
  started_at, completed_at, version)
select round_id, pg_temp.id('brand'), player_id, session_id, game_id, account_id, 'round-' || n, 'EUR',
  case when open then 'OPEN' else 'COMPLETED' end, at, case when open then null else over end, 1
from plays;
insert into bets (id, brand_id, player_id, wallet_id, session_id, round_id, game_id, provider_account_id,
  transaction_id, transaction_key, status, result, kind, currency, stake_minor, payout_minor, late, placed_at,
  settled_at, version, lane, seq)
select pg_temp.id('bet ' || n, at), pg_temp.id('brand'), player_id, wallet_id, session_id, round_id, game_id,
  account_id, pg_temp.id('transaction ' || n, at), 'transaction-' || n, case when open then 'OPEN' else 'SETTLED' end,
  case when open then null when n % 4 = 1 then 'WON' else 'LOST' end, 'REAL', 'EUR', 100 + n % 900,
  case when not open and n % 4 = 1 then 250 else 0 end, false, at, case when open then null else over end, 1, 0, n + 1
from plays;`

const operator = (start: string, tokenHash: Buffer) => `
insert into operators (id, kind, name, login, role, status, created_at)
values (pg_temp.id('operator'), 'STAFF', 'Bench', 'bench', 'SUPPORT', 'ACTIVE', '${start}');
insert into operator_brands (operator_id, brand_id) values (pg_temp.id('operator'), pg_temp.id('brand'));
insert into api_tokens (id, operator_id, name, token_hash, created_at, expires_at)
values (pg_temp.id('token'), pg_temp.id('operator'), 'bench', '\\x${tokenHash.toString('hex')}', '${start}',
  now() + interval '1 day')`
