import { eq } from '../../db/drizzle.ts'
import { build } from '../../db/build.ts'
import { playerProfiles, players } from '../../db/tables/players.ts'
import { Problem } from '../../lib/problem.ts'
import { checkReason, refuseInput } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { LockedPlayer, VerbTransaction } from '../journal/verb-lane.ts'
import type { Permission } from '../operators/permissions.ts'
import { forEver, isExcluded } from '../players/exclusion.ts'
import { locatePlayer, lockedPlayer, type PlayerRef, playerRefText } from '../players/locate-player.ts'
import { closeSessionsOfPlayer } from './close-sessions.ts'

export interface ExcludePlayerInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  /** For ever when null. */
  readonly until: Date | null
  readonly reason: string
}

/**
 * A player's own wish not to play: like a block, but nobody can lift or shorten it before it is over. It can be made
 * longer at any time. Wins and rollbacks of bets placed before are still taken.
 */
export function excludePlayer(
  ctx: Context,
  input: ExcludePlayerInput,
): Promise<Answer<{ readonly playerId: string }>> {
  const { until, reason } = input
  return mutate(ctx, {
    action: 'excludePlayer',
    permission: 'PLAYERS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), until?.toISOString(), reason],
    reason,
    check: () => checkReason(reason),
    locate: () => locatePlayer(ctx, input.player),
    async work(tx, { playerId }, at) {
      const player = lockedPlayer(tx, playerId)
      const end = until ?? forEver
      if (end <= at || end > forEver) refuseInput('until', 'is not in the future')
      if (isExcluded(player, at) && player.excludedUntil && end <= player.excludedUntil) {
        throw new Problem('ALREADY_EXCLUDED', 'the player is excluded for as long already', 'until')
      }
      await exclude(tx, player, { end, reason, at })
      const links = { brandId: player.brandId, playerId, occurredAt: at }
      tx.append({ type: 'PlayerExcluded', ...links, facts: { until: told(end) } })
      const closed = await closeSessionsOfPlayer(tx, playerId, 'EXCLUDED', at)
      const before = { excludedUntil: told(player.excludedUntil) }
      const after = { excludedUntil: told(end), closedSessions: closed.map(({ id }) => id) }
      return { ids: { playerId }, audit: { before, after } }
    },
  })
}

const told = (end: Date | null) =>
  end?.getTime() === forEver.getTime() ? 'FOR_EVER' : (end?.toISOString() ?? null)

/** The reason is kept with the person, not in the journal. */
async function exclude(
  tx: VerbTransaction,
  { id: playerId, brandId }: LockedPlayer,
  { end, reason, at }: { readonly end: Date; readonly reason: string; readonly at: Date },
): Promise<void> {
  await tx.query(build.update(players).set({ excludedUntil: end }).where(eq(players.id, playerId)))
  const excluded = { excludedReason: reason, excludedAt: at }
  await tx.query(
    build
      .insert(playerProfiles)
      .values({ playerId, brandId, ...excluded })
      .onConflictDoUpdate({ target: playerProfiles.playerId, set: excluded }),
  )
}
