import { readUuid } from '../../../lib/global-id.ts'
import type { PlayerRef as PlayerPlace } from '../../../domain/players/locate-player.ts'
import type { SessionRef as SessionPlace } from '../../../domain/sessions/locate-session.ts'
import type { GraphContext } from '../../context.ts'
import type { PlayerRef, SessionRef } from '../../generated.ts'
import { forgetLoaded } from '../../loaders/create.ts'
import type { Answered, UserErrorRow } from '../../mappers.ts'

/** What every payload has, whatever was done. */
export const payload = {
  userErrors({ userError }: Answered): UserErrorRow[] {
    if (!userError) return []
    const { code, message, field, currentVersion } = userError
    const version = currentVersion === undefined ? null : BigInt(currentVersion)
    return [{ code, message, field: field?.split('.') ?? null, currentVersion: version }]
  },
  auditEntry: ({ auditEntryId }: Answered, _: unknown, ctx: GraphContext) =>
    auditEntryId === null ? null : ctx.loaders.auditEntryById.load(auditEntryId),
}

export const preview = ({ preview: would }: Answered) => would ?? null

export const player = ({ ids }: Answered, _: unknown, ctx: GraphContext) =>
  ids?.['playerId'] === undefined ? null : ctx.loaders.playerById.load(ids['playerId'])

export const wallet = ({ ids }: Answered, _: unknown, ctx: GraphContext) =>
  ids?.['walletId'] === undefined ? null : ctx.loaders.walletById.load(ids['walletId'])

export const round = ({ ids }: Answered, _: unknown, ctx: GraphContext) =>
  ids?.['roundId'] === undefined ? null : ctx.loaders.roundById.load(ids['roundId'])

export const transaction = ({ ids }: Answered, _: unknown, ctx: GraphContext) =>
  ids?.['transactionId'] === undefined ? null : ctx.loaders.transactionById.load(ids['transactionId'])

/** An answer, after which everything that was read before in this operation is stale. */
export async function done<A extends Answered>(ctx: GraphContext, answer: Promise<A>): Promise<A> {
  const answered = await answer
  forgetLoaded(ctx.loaders)
  return answered
}

/** A global id that is none of a player is an id that does not exist. */
export const playerRef = ({ byId, byExternal }: PlayerRef): PlayerPlace =>
  byId === undefined ? byExternal : { id: readUuid('Player', byId) ?? '' }

export const sessionRef = ({ byId, byGameToken }: SessionRef): SessionPlace =>
  byId === undefined ? { gameToken: byGameToken } : { id: readUuid('Session', byId) ?? '' }
