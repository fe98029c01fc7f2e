import { checkReason } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locatePlayer, lockedPlayer, type PlayerRef, playerRefText } from '../players/locate-player.ts'
import { setPlayerStatus } from '../players/set-player-status.ts'
import { closeSessionsOfPlayer } from './close-sessions.ts'

export interface BlockPlayerInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  readonly reason: string
}

/** Stops a player's bets and ends all open sessions. Wins and rollbacks of bets placed before are still taken. */
export function blockPlayer(
  ctx: Context,
  input: BlockPlayerInput,
): Promise<Answer<{ readonly playerId: string }>> {
  return mutate(ctx, {
    action: 'blockPlayer',
    permission: 'PLAYERS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), input.reason],
    reason: input.reason,
    check: () => checkReason(input.reason),
    locate: () => locatePlayer(ctx, input.player),
    async work(tx, { playerId }, at) {
      await setPlayerStatus(tx, lockedPlayer(tx, playerId), 'BLOCKED', input.reason, at)
      const closed = await closeSessionsOfPlayer(tx, playerId, 'BLOCKED', at)
      const after = { status: 'BLOCKED', closedSessions: closed.map(({ id }) => id) }
      return { ids: { playerId }, audit: { before: { status: 'ACTIVE' }, after } }
    },
  })
}
