import { checkReason } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locatePlayer, lockedPlayer, type PlayerRef, playerRefText } from './locate-player.ts'
import { setPlayerStatus } from './set-player-status.ts'

export interface UnblockPlayerInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  readonly reason: string
}

/** Lets a blocked player place bets again. Sessions that the block closed stay closed. */
export function unblockPlayer(
  ctx: Context,
  input: UnblockPlayerInput,
): Promise<Answer<{ readonly playerId: string }>> {
  return mutate(ctx, {
    action: 'unblockPlayer',
    permission: 'PLAYERS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), input.reason],
    reason: input.reason,
    check: () => checkReason(input.reason),
    locate: () => locatePlayer(ctx, input.player),
    async work(tx, { playerId }, at) {
      await setPlayerStatus(tx, lockedPlayer(tx, playerId), 'ACTIVE', input.reason, at)
      return { ids: { playerId }, audit: { before: { status: 'BLOCKED' }, after: { status: 'ACTIVE' } } }
    },
  })
}
