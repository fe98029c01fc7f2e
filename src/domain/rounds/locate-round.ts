import { Problem } from '../../lib/problem.ts'
import { isUuid } from '../../lib/uuid.ts'
import type { Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'

export interface RoundPlace extends Place {
  readonly roundId: string
  readonly playerId: string
  readonly accountCode: string
  readonly status: 'OPEN' | 'COMPLETED'
}

interface Row extends Omit<RoundPlace, keyof Place | 'roundId'> {
  readonly brandId: string
}

/** Finds a round in the actor's brands: the round is the subject, its player is locked for the work. */
export async function locateRound(ctx: Context, roundId: string): Promise<RoundPlace> {
  const [row] = isUuid(roundId)
    ? await ctx.sql<Row[]>`
        /* rounds: locate by id */
        select r.brand_id as "brandId", r.player_id as "playerId", r.status, a.code as "accountCode"
        from rounds r join provider_accounts a on a.id = r.provider_account_id where r.id = ${roundId}`
    : []
  if (!row || !inScope(ctx.actor, row.brandId)) {
    throw new Problem('ROUND_UNKNOWN', 'there is no such round', 'roundId')
  }
  const subject = { subjectType: 'Round', subjectId: roundId, playerIds: [row.playerId] }
  return { ...subject, ...row, roundId }
}
