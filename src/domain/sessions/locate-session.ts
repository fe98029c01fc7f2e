import { Problem } from '../../lib/problem.ts'
import { isUuid } from '../../lib/uuid.ts'
import type { Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import { gameTokenHash } from './game-token.ts'

export type SessionRef = { readonly id: string } | { readonly gameToken: string }

export interface SessionPlace extends Place {
  readonly sessionId: string
  readonly playerId: string
}

/** The reference as a replay must repeat it; of a token no more than its hash is ever kept. */
export const sessionRefText = (ref: SessionRef): string =>
  'id' in ref ? ref.id : gameTokenHash(ref.gameToken).toString('hex')

/** Finds a session in the actor's brands: the session is the subject, its player is locked for the work. */
export async function locateSession(ctx: Context, ref: SessionRef): Promise<SessionPlace> {
  const row = 'id' in ref ? await byId(ctx, ref.id) : await byToken(ctx, ref.gameToken)
  if (!row || !inScope(ctx.actor, row.brand_id)) throw sessionUnknown()
  const subject = { subjectType: 'Session', subjectId: row.id }
  const playerId = row.player_id
  return { ...subject, brandId: row.brand_id, sessionId: row.id, playerId, playerIds: [playerId] }
}

export const sessionUnknown = () => new Problem('SESSION_UNKNOWN', 'there is no such session', 'session')

interface Row {
  id: string
  brand_id: string
  player_id: string
}

async function byId(ctx: Context, id: string): Promise<Row | undefined> {
  if (!isUuid(id)) return undefined
  const [row] = await ctx.sql<Row[]>`
    /* sessions: locate by id */ select id, brand_id, player_id from sessions where id = ${id}`
  return row
}

async function byToken(ctx: Context, token: string): Promise<Row | undefined> {
  const [row] = await ctx.sql<Row[]>`
    /* sessions: locate by game token */
    select id, brand_id, player_id from sessions where token_hash = ${gameTokenHash(token)}`
  return row
}
