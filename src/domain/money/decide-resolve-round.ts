import { uncountStake } from './decide-limits.ts'
import { type Deciding, linked, namedPlayer, touch } from './deciding.ts'
import { completeRound } from './settle.ts'
import { toHouse } from './split.ts'
import type { BetState } from './state.ts'
import type { ResolveRoundCommand, Verdict } from './types.ts'

/** An operator ends a round that hangs: as it stands, or with the stakes given back. */
export function decideResolveRound(deciding: Deciding<ResolveRoundCommand>): Verdict {
  const { command, draft, subject } = deciding
  const round = draft.round(command.roundId)
  const player = namedPlayer(deciding, command.playerId)
  if (!round || round.playerId !== command.playerId || player?.brandId !== command.brandId) {
    return 'REFERENCE_UNKNOWN'
  }
  touch(deciding, round.playerId)
  subject.roundId = round.id
  subject.gameId = round.gameId
  subject.sessionId = round.sessionId
  if (round.status !== 'OPEN') return 'ALREADY_SETTLED'
  if (command.whenQuiet && draft.openBets(round.id).length > 0) return 'RETRY_LATER'
  if (command.kind === 'VOID_ROUND') {
    // What was paid on stays and is settled as won: a refund on top of a win would pay twice.
    for (const bet of draft.openBets(round.id)) if (bet.payoutMinor === 0n) voidBet(deciding, bet)
  }
  completeRound(deciding, round.id)
  return 'OK'
}

/** OPEN -> VOIDED: the stake goes back to where it came from. */
function voidBet(deciding: Deciding, bet: BetState): void {
  const { draft, parts } = deciding
  draft.moveBet(bet, 'void', { settledAt: draft.at })
  parts.bonusMinor = (parts.bonusMinor ?? 0n) + bet.bonusStakeMinor
  uncountStake(deciding, bet)
  draft.record(
    linked(deciding, {
      type: 'BetVoided',
      amountMinor: bet.stakeMinor,
      currency: bet.currency,
      betId: bet.id,
      gameId: bet.gameId,
      facts: { kind: bet.kind },
    }),
    bet.walletId,
    bet.kind === 'REAL' ? toHouse('STAKES', -bet.stakeMinor, -bet.bonusStakeMinor) : [],
  )
}
