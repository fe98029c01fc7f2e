// What must exist before a provider can call: laid down by plain inserts, so that the provider's side is tested alone.
import { randomBytes, randomUUID } from 'node:crypto'
import { arrayLiteral } from '../../src/db/arrays.ts'
import type { Sql } from '../../src/db/connection.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { sealText } from '../../src/lib/sealed-text.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import type { Subject } from './hub88-client.ts'

export interface ProviderWorld {
  readonly brandId: string
  readonly providerId: string
  readonly accountId: string
  readonly accountCode: string
  readonly gameId: string
}

export interface WorldPlayer {
  readonly id: string
  readonly externalId: string
  readonly walletId: string
  readonly currency: string
}

/** A session, and the two fields by which the provider names it. */
export interface WorldSession extends Subject {
  readonly id: string
  readonly player: WorldPlayer
}

/** The secret of the servers that these worlds are served by. */
export const serverSecret = Buffer.from('the secret of a server under test')

const gameCodes = ['reel_quest', 'reel_quest_ii']

/** A brand, a provider with two enabled games and a disabled one, and the provider's account with the brand. */
export async function createWorld(
  sql: Sql,
  publicKeys: readonly string[],
  spoken: { readonly dialect?: string; readonly sharedSecrets?: readonly string[] } = {},
): Promise<ProviderWorld> {
  const tag = randomBytes(4).toString('hex')
  const at = new Date()
  const brandId = uuidv7()
  const providerId = uuidv7()
  await sql`insert into brands (id, code, name, time_zone, currency, created_at)
    values (${brandId}, ${`brand-${tag}`}, 'Brand', 'UTC', 'EUR', ${at})`
  await sql`insert into providers (id, code, name, created_at)
    values (${providerId}, ${`provider-${tag}`}, 'Provider', ${at})`
  const games = [...gameCodes, 'switched_off'].map((code) => ({ id: uuidv7(), code }))
  for (const { id, code } of games) {
    const status = code === 'switched_off' ? 'DISABLED' : 'ENABLED'
    await sql`insert into games (id, provider_id, code, name, category, status, created_at)
      values (${id}, ${providerId}, ${code}, ${code}, 'SLOT', ${status}, ${at})`
  }
  const code = `account-${tag}`
  const account = await addAccount(sql, { brandId, providerId, code, publicKeys, ...spoken })
  return { brandId, providerId, ...account, gameId: games[0]?.id ?? '' }
}

export async function addAccount(
  sql: Sql,
  given: {
    readonly brandId: string
    readonly providerId: string
    readonly code: string
    readonly publicKeys: readonly string[]
    readonly dialect?: string
    readonly sharedSecrets?: readonly string[]
    readonly status?: 'ENABLED' | 'DISABLED'
  },
): Promise<{ accountId: string; accountCode: string }> {
  const accountId = uuidv7()
  const sealed = (given.sharedSecrets ?? []).map((text) => sealText(serverSecret, text, accountId))
  await sql`insert into provider_accounts
      (id, brand_id, provider_id, code, dialect, public_keys, shared_secrets, status, created_at)
    values (${accountId}, ${given.brandId}, ${given.providerId}, ${given.code}, ${given.dialect ?? 'hub88'},
      ${[...given.publicKeys]}, ${arrayLiteral(sealed)}::text::bytea[], ${given.status ?? 'ENABLED'}, ${new Date()})`
  return { accountId, accountCode: given.code }
}

/** A player with a wallet and cash in it (100.00 unless said otherwise). */
export async function addPlayer(
  sql: Sql,
  world: ProviderWorld,
  given: { cashMinor?: bigint; currency?: string; status?: 'ACTIVE' | 'BLOCKED' } = {},
): Promise<WorldPlayer> {
  const { cashMinor = 10_000n, currency = 'EUR', status = 'ACTIVE' } = given
  const id = uuidv7()
  const externalId = `player-${randomBytes(6).toString('hex')}`
  const walletId = uuidv7()
  const at = new Date()
  await sql`insert into players (id, brand_id, external_id, status, country, version, last_at, created_at)
    values (${id}, ${world.brandId}, ${externalId}, ${status}, 'EE', 0, ${at}, ${at})`
  await sql`insert into wallets
      (id, brand_id, player_id, currency, cash_minor, bonus_minor, owed_minor, version, created_at)
    values (${walletId}, ${world.brandId}, ${id}, ${currency}, ${cashMinor}, 0, 0, 0, ${at})`
  return { id, externalId, walletId, currency }
}

/** A session of the player in the world's first game; expired ones ended an hour ago. */
export async function addSession(
  sql: Sql,
  world: ProviderWorld,
  player: WorldPlayer,
  given: { expired?: boolean; closed?: boolean; token?: string } = {},
): Promise<WorldSession> {
  const id = uuidv7()
  const token = given.token ?? `gt_${randomBytes(32).toString('base64url')}`
  const hour = 3_600_000
  const expiresAt = new Date(Date.now() + (given.expired ? -hour : hour))
  await sql`insert into sessions (id, brand_id, player_id, wallet_id, provider_account_id, game_id, currency,
      token_hash, status, opened_at, expires_at, closed_at, close_reason)
    values (${id}, ${world.brandId}, ${player.id}, ${player.walletId}, ${world.accountId}, ${world.gameId},
      ${player.currency}, ${sha256(token)}, ${given.closed ? 'CLOSED' : 'OPEN'}, ${new Date(Date.now() - 2 * hour)},
      ${expiresAt}, ${given.closed ? new Date() : null}, ${given.closed ? 'PLAYER' : null})`
  return { id, token, user: player.externalId, player }
}

/** A token that no session has. */
export const unknownToken = (): string => `gt_${randomUUID()}`
