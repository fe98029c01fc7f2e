import { Problem } from '../../lib/problem.ts'
import { isUuid } from '../../lib/uuid.ts'
import { isExternalKey } from '../audit/check.ts'
import type { Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { LockedPlayer, VerbTransaction } from '../journal/verb-lane.ts'

export type PlayerRef = { readonly id: string } | { readonly brandCode: string; readonly externalId: string }

export interface PlayerPlace extends Place {
  readonly playerId: string
}

/** The reference as a replay must repeat it. */
export const playerRefText = (ref: PlayerRef): string =>
  'id' in ref ? ref.id : JSON.stringify([ref.brandCode, ref.externalId])

/** Finds a player in the actor's brands: the player is the subject, and is locked for the work. */
export async function locatePlayer(ctx: Context, ref: PlayerRef): Promise<PlayerPlace> {
  const row = 'id' in ref ? await byId(ctx, ref.id) : await byExternalId(ctx, ref)
  if (!row || !inScope(ctx.actor, row.brand_id)) throw playerUnknown()
  const subject = { subjectType: 'Player', subjectId: row.id }
  return { ...subject, brandId: row.brand_id, playerId: row.id, playerIds: [row.id] }
}

/** The player as locked; it was there when it was located, and players are never deleted. */
export function lockedPlayer(tx: VerbTransaction, playerId: string): LockedPlayer {
  const player = tx.players.get(playerId)
  if (!player) throw playerUnknown()
  return player
}

const playerUnknown = () => new Problem('PLAYER_UNKNOWN', 'there is no such player', 'player')

interface Row {
  id: string
  brand_id: string
}

async function byId(ctx: Context, id: string): Promise<Row | undefined> {
  if (!isUuid(id)) return undefined
  const [row] = await ctx.sql<Row[]>`
    /* players: locate by id */ select id, brand_id from players where id = ${id}`
  return row
}

async function byExternalId(
  ctx: Context,
  { brandCode, externalId }: { readonly brandCode: string; readonly externalId: string },
): Promise<Row | undefined> {
  if (!isExternalKey(brandCode) || !isExternalKey(externalId)) return undefined
  const [row] = await ctx.sql<Row[]>`
    /* players: locate by external id */
    select p.id, p.brand_id from brands b join players p on p.brand_id = b.id
    where b.code = ${brandCode} and p.external_id = ${externalId}`
  return row
}
