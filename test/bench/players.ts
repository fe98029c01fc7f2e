import type { Sql } from '../../src/db/connection.ts'
import { apiToken, apiTokenHash } from '../../src/domain/operators/token.ts'
import type { Subject } from '../support/hub88-client.ts'
import { createWorld, type ProviderWorld } from '../support/provider-world.ts'
import { idFunction } from './generated-ids.ts'

const manyPlayers = 10_000

export interface Crowd {
  readonly world: ProviderWorld
  /** One open session of each player. */
  readonly sessions: readonly Subject[]
}

/** A provider account and its players, each with plenty of cash and an open session. */
export async function layDownPlayers(sql: Sql, publicKey: string, playerCount = manyPlayers): Promise<Crowd> {
  const world = await createWorld(sql, [publicKey])
  const { brandId, accountId, gameId } = world
  const everyPlayer = `from generate_series(0, ${playerCount - 1}) n`
  await sql.unsafe(`${idFunction}
    insert into players (id, brand_id, external_id, status, country, version, last_at, created_at)
    select pg_temp.id('player ' || n, now()), '${brandId}', 'player-' || n, 'ACTIVE', 'EE', 0, now(), now()
    ${everyPlayer};
    insert into wallets
      (id, brand_id, player_id, currency, cash_minor, bonus_minor, owed_minor, version, created_at)
    select pg_temp.id('wallet ' || n, now()), '${brandId}', pg_temp.id('player ' || n, now()), 'EUR', 1000000000000,
      0, 0, 0, now() ${everyPlayer};
    insert into sessions (id, brand_id, player_id, wallet_id, provider_account_id, game_id, currency, token_hash,
      status, opened_at, expires_at)
    select pg_temp.id('session ' || n, now()), '${brandId}', pg_temp.id('player ' || n, now()),
      pg_temp.id('wallet ' || n, now()), '${accountId}', '${gameId}', 'EUR',
      sha256(('gt_' || lpad(n::text, 43, '0'))::bytea), 'OPEN', now(), now() + interval '1 day' ${everyPlayer}`)
  const sessions = Array.from({ length: playerCount }, (_, n) => ({
    user: `player-${n}`,
    token: `gt_${String(n).padStart(43, '0')}`,
  }))
  return { world, sessions }
}

/** An operator of the brand who may watch; returns the API token. */
export async function layDownViewer(sql: Sql, brandId: string): Promise<string> {
  const token = apiToken()
  const hash = apiTokenHash(token).toString('hex')
  await sql.unsafe(`${idFunction}
    insert into operators (id, kind, name, login, role, status, created_at)
    values (pg_temp.id('viewer', now()), 'STAFF', 'Viewer', 'viewer', 'SUPPORT', 'ACTIVE', now());
    insert into operator_brands (operator_id, brand_id) values (pg_temp.id('viewer', now()), '${brandId}');
    insert into api_tokens (id, operator_id, name, token_hash, created_at, expires_at)
    values (pg_temp.id('token', now()), pg_temp.id('viewer', now()), 'bench', '\\x${hash}', now(),
      now() + interval '1 day')`)
  return token
}
