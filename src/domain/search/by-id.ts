import { Parameters, readValues } from '../../db/rows.ts'
import { sha256 } from '../../lib/fingerprint.ts'
import { isUuid } from '../../lib/uuid.ts'
import type { Permission } from '../operators/permissions.ts'
import type { Found, FoundType, SearchContext, Wish } from './types.ts'

const tables: Readonly<Record<FoundType, readonly [table: string, needs: Permission]>> = {
  Bet: ['bets', 'BETS_READ'],
  Transaction: ['transactions', 'BETS_READ'],
  Round: ['rounds', 'BETS_READ'],
  Session: ['sessions', 'SESSIONS_READ'],
  Player: ['players', 'PLAYERS_READ'],
  ProviderCall: ['provider_calls', 'CALLS_READ'],
}

/** By the plain id: whatever kinds the actor may read are asked at once. */
export async function findById(ctx: SearchContext, { text }: Wish): Promise<Found[]> {
  const uuid = text.toLowerCase()
  if (!isUuid(uuid)) return []
  const parameters = new Parameters()
  const [id, scope] = [parameters.add('uuid', uuid), parameters.addArray('uuid', [...ctx.actor.brandIds])]
  const may = parameters.addArray(
    'text',
    Object.entries(tables).flatMap(([type, [, needs]]) => (ctx.actor.permissions.has(needs) ? [type] : [])),
  )
  const arms = Object.entries(tables).map(
    ([type, [table]]) => `select '${type}' as type, t.id from ${table} t
where '${type}' = any(${may}) and t.id = ${id} and t.brand_id = any(${scope})`,
  )
  const rows = await readValues(
    ctx.sql,
    `/* search: by id */ ${arms.join('\nunion all\n')}`,
    parameters.values,
  )
  return rows.map(([type]) => ({
    type: type as FoundType,
    id: uuid,
    matched: 'ID',
    value: uuid,
    exact: true,
  }))
}

/** By the token that a game carries: only its hash is kept, so only the whole of it finds anything. */
export async function findByToken(ctx: SearchContext, { text: token }: Wish): Promise<Found[]> {
  const parameters = new Parameters()
  const text = `/* search: session by token */
select t.id from sessions t where t.token_hash = ${parameters.add('bytea', `\\x${sha256(token).toString('hex')}`)}
and t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return rows.map(([id]) => ({
    type: 'Session',
    id: String(id),
    matched: 'GAME_TOKEN',
    value: '***',
    exact: true,
  }))
}
