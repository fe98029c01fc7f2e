// How bets end: a settled bet's stake leaves the stakes in play for the house, won or lost.
import { type Deciding, linked, PutBack } from './deciding.ts'
import type { BetState } from './state.ts'

/** OPEN -> SETTLED: WON when anything was paid on it, else LOST. */
export function settleBet(deciding: Deciding, bet: BetState): void {
  const { draft } = deciding
  const won = bet.payoutMinor > 0n
  draft.moveBet(bet, 'settle', { result: won ? 'WON' : 'LOST', settledAt: draft.at })
  draft.record(
    linked(deciding, {
      type: won ? 'BetSettled' : 'LossRecorded',
      amountMinor: won ? bet.payoutMinor : bet.stakeMinor,
      currency: bet.currency,
      betId: bet.id,
      roundId: bet.roundId,
      gameId: bet.gameId,
      facts: { kind: bet.kind },
    }),
    bet.walletId,
    bet.kind === 'REAL'
      ? [
          ['STAKES', -bet.stakeMinor],
          ['HOUSE', bet.stakeMinor],
        ]
      : [],
  )
}

/** OPEN -> COMPLETED, settling every bet that is still open. A completed round stays as it is. */
export function completeRound(deciding: Deciding, roundId: string): void {
  const { draft } = deciding
  const round = draft.round(roundId)
  if (round?.status !== 'OPEN') return
  if (!deciding.state.completable.has(roundId) && !isNew(deciding, roundId)) throw new PutBack()
  const open = draft.openBets(roundId)
  for (const bet of open) settleBet(deciding, bet)
  draft.moveRound(round, 'complete', { completedAt: draft.at })
  // The round's own event: it belongs to none of its bets.
  const facts = { settledBets: open.length }
  const { betId: _, ...event } = linked(deciding, {
    type: 'RoundCompleted',
    roundId,
    gameId: round.gameId,
    facts,
  })
  draft.record(event)
}

/** Started by this very command: all its bets are in the draft. */
const isNew = ({ draft, state }: Deciding, roundId: string) =>
  draft.rounds.has(roundId) && !state.rounds.has(roundId)
