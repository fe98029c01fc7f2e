import { Problem } from '../../lib/problem.ts'
import { isExternalKey, refuseInput } from '../audit/check.ts'
import type { Place } from '../audit/mutation.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locatePlayer, type PlayerRef, playerRefText } from './locate-player.ts'
import type { Limit, LimitKind, LimitLevel } from './types.ts'

/** Whom a limit is for. */
export type LimitSubject =
  | { readonly player: PlayerRef }
  | { readonly brandCode: string }
  | {
      readonly game: { readonly brandCode: string; readonly providerCode: string; readonly gameCode: string }
    }

/** Which limit: there is at most one of a name. */
export interface LimitName {
  readonly subject: LimitSubject
  readonly kind: LimitKind
  /** Of STAKE and LOSS only. */
  readonly period?: Limit['period'] | undefined
  readonly currency: string
}

export interface LimitPlace extends Place {
  readonly playerId: string | null
  readonly gameId: string | null
}

export const levelOfSubject = (subject: LimitSubject): LimitLevel => {
  if ('player' in subject) return 'PLAYER'
  return 'game' in subject ? 'GAME' : 'BRAND'
}

/** A player's limit is daily work; what binds a whole brand, or a game of it, is for those who manage brands. */
export const permissionFor = (subject: LimitSubject): Permission =>
  'player' in subject ? 'PLAYERS_WRITE' : 'BRANDS_MANAGE'

/** The name as a replay must repeat it. */
export const limitNameText = ({ subject, kind, period, currency }: LimitName): string => {
  const { player, ...rest } = 'player' in subject ? subject : { ...subject, player: null }
  return JSON.stringify([player && playerRefText(player), rest, kind, period ?? null, currency])
}

/** Refuses a name that no limit can have. */
export function checkLimitName({ subject, kind, period }: LimitName): void {
  const counted = kind === 'STAKE' || kind === 'LOSS'
  if (counted && !period) refuseInput('period', `is missing: ${kind} is counted over one`)
  if (!counted && period) refuseInput('period', `is none of ${kind}`)
  if (counted && 'game' in subject) refuseInput('kind', 'is not one for a game: stakes per bet and round are')
}

export async function locateLimit(ctx: Context, subject: LimitSubject): Promise<LimitPlace> {
  if ('player' in subject) return { ...(await below('of', locatePlayer(ctx, subject.player))), gameId: null }
  const place = { playerIds: [], playerId: null, gameId: null }
  if ('brandCode' in subject) {
    const brandId = await below('of', locateBrand(ctx, subject.brandCode))
    return { ...place, brandId, subjectType: 'Brand', subjectId: brandId }
  }
  const { brandCode, providerCode, gameCode } = subject.game
  const brandId = await below('of.game', locateBrand(ctx, brandCode))
  const gameId = await findGame(ctx, brandId, providerCode, gameCode)
  return { ...place, brandId, gameId, subjectType: 'Game', subjectId: gameId }
}

/** What is found by a part of the input; a refusal names the field as the whole input has it. */
async function below<Found>(path: string, found: Promise<Found>): Promise<Found> {
  try {
    return await found
  } catch (error) {
    if (!(error instanceof Problem) || error.field === undefined) throw error
    throw new Problem(error.code, error.message, `${path}.${error.field}`)
  }
}

/** A game of a provider that the brand has an account with. */
async function findGame(
  ctx: Context,
  brandId: string,
  providerCode: string,
  gameCode: string,
): Promise<string> {
  const [row] =
    isExternalKey(providerCode) && isExternalKey(gameCode)
      ? await ctx.sql<{ id: string }[]>`
          /* limits: locate a game of a brand */
          select g.id from providers p join games g on g.provider_id = p.id
          where p.code = ${providerCode} and g.code = ${gameCode} and exists (
            select from provider_accounts a where a.provider_id = p.id and a.brand_id = ${brandId})`
      : []
  if (!row) throw new Problem('GAME_UNKNOWN', 'the brand has no such game', 'of.game')
  return row.id
}
