import { type Deciding, findSession } from './deciding.ts'
import { completeRound } from './settle.ts'
import type { EndRoundCommand, Verdict } from './types.ts'

/** Completes a round of the session's player. A round that is completed already stays as it is. */
export function decideEndRound(deciding: Deciding<EndRoundCommand>): Verdict {
  const session = findSession(deciding)
  if (!session) return 'SESSION_INVALID'
  const { roundId } = deciding.subject
  const round = roundId === undefined ? undefined : deciding.draft.round(roundId)
  if (!round) return 'REFERENCE_UNKNOWN'
  deciding.subject.gameId = round.gameId
  completeRound(deciding, round.id)
  return 'OK'
}
