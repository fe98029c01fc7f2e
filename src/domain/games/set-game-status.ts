import { eq } from '../../db/drizzle.ts'
import { build } from '../../db/build.ts'
import { games } from '../../db/tables/games.ts'
import { Problem } from '../../lib/problem.ts'
import { checkReason, isExternalKey } from '../audit/check.ts'
import { type Answer, mutate, type Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { keptGames } from './queries.ts'
import type { Game } from './types.ts'

export interface SetGameStatusInput {
  readonly idempotencyKey: string
  readonly providerCode: string
  readonly gameCode: string
  readonly status: Game['status']
  readonly reason: string
}

/**
 * Switches a game, for every brand that has it: while it is off, bets and launches are refused, wins and rollbacks
 * still taken. So it is for those only who may act in all these brands.
 */
export function setGameStatus(
  ctx: Context,
  input: SetGameStatusInput,
): Promise<Answer<{ readonly gameId: string }>> {
  const { providerCode, gameCode, status, reason } = input
  const answer = mutate(ctx, {
    action: 'setGameStatus',
    permission: 'GAMES_MANAGE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [providerCode, gameCode, status, reason],
    reason,
    check: () => checkReason(reason),
    locate: () => locateGame(ctx, providerCode, gameCode),
    async work(tx, { subjectId: gameId }) {
      const [before] = await tx.run(
        '/* games: lock one */ select status from games where id = $1::uuid for no key update',
        [gameId],
      )
      if (before?.['status'] === status) {
        throw new Problem('STATUS_UNCHANGED', `the game is ${status} already`, 'status')
      }
      await tx.query(build.update(games).set({ status }).where(eq(games.id, gameId)))
      return { ids: { gameId }, audit: { before: { status: before?.['status'] }, after: { status } } }
    },
  })
  return answer.finally(() => keptGames.forget(ctx.sql))
}

/** The audit entry belongs to the first of the brands that have the game. */
async function locateGame(ctx: Context, providerCode: string, gameCode: string): Promise<Place> {
  const rows =
    isExternalKey(providerCode) && isExternalKey(gameCode)
      ? await ctx.sql<{ id: string; brand_id: string }[]>`
          /* games: locate by codes, with the brands that have it */
          select distinct g.id, a.brand_id from providers p
          join games g on g.provider_id = p.id
          join provider_accounts a on a.provider_id = p.id
          where p.code = ${providerCode} and g.code = ${gameCode} order by a.brand_id`
      : []
  const [first] = rows.filter((row) => inScope(ctx.actor, row.brand_id))
  if (!first) throw new Problem('GAME_UNKNOWN', 'there is no such game', 'gameCode')
  if (!rows.every((row) => inScope(ctx.actor, row.brand_id))) {
    throw new Problem('GAME_SHARED', 'the game is also one of brands that are not yours', 'gameCode')
  }
  return { brandId: first.brand_id, playerIds: [], subjectType: 'Game', subjectId: first.id }
}
