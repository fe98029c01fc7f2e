import { build } from '../../db/build.ts'
import { playerProfiles, players } from '../../db/tables/players.ts'
import { eq } from '../../db/drizzle.ts'
import { Problem } from '../../lib/problem.ts'
import type { LockedPlayer, VerbTransaction } from '../journal/verb-lane.ts'

type Status = LockedPlayer['status']

/** What may become of a status, the event that tells it, and the refusal when it is so already. */
const changes = {
  BLOCKED: {
    from: 'ACTIVE',
    event: 'PlayerBlocked',
    refusal: 'ALREADY_BLOCKED',
    message: 'is blocked already',
  },
  ACTIVE: { from: 'BLOCKED', event: 'PlayerUnblocked', refusal: 'NOT_BLOCKED', message: 'is not blocked' },
} as const

/** Moves a locked player to a status, with its event. The reason is kept with the person, not in the journal. */
export async function setPlayerStatus(
  tx: VerbTransaction,
  player: LockedPlayer,
  status: Status,
  reason: string,
  at: Date,
): Promise<void> {
  const change = changes[status]
  if (player.status !== change.from)
    throw new Problem(change.refusal, `the player ${change.message}`, 'player')
  await tx.query(build.update(players).set({ status }).where(eq(players.id, player.id)))
  const blocked = {
    blockedReason: status === 'BLOCKED' ? reason : null,
    blockedAt: status === 'BLOCKED' ? at : null,
  }
  await tx.query(
    build
      .insert(playerProfiles)
      .values({ playerId: player.id, brandId: player.brandId, ...blocked })
      .onConflictDoUpdate({ target: playerProfiles.playerId, set: blocked }),
  )
  tx.append({ type: change.event, brandId: player.brandId, playerId: player.id, occurredAt: at })
}
