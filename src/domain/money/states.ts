// What a bet and a round may become: the tables of their moves. A command that asks for any other move is refused, and
// the refusal recorded; a rule that tries one all the same fails before anything is written.
import { assert } from '../../lib/problem.ts'

export type BetStatus = 'OPEN' | 'SETTLED' | 'ROLLED_BACK' | 'VOIDED'
export type BetMove = 'settle' | 'pay' | 'unpay' | 'rollBack' | 'void'

/**
 * settle: its round completes, or a result names it. pay, unpay: a win is added or reversed (late, once settled).
 * rollBack: the provider takes it back; of a settled bet only where the dialect reverses what a rollback names.
 * void: an operator gives the stake back.
 */
export const betMoves: Readonly<Record<BetStatus, Partial<Record<BetMove, BetStatus>>>> = {
  OPEN: { settle: 'SETTLED', pay: 'OPEN', unpay: 'OPEN', rollBack: 'ROLLED_BACK', void: 'VOIDED' },
  SETTLED: { pay: 'SETTLED', unpay: 'SETTLED', rollBack: 'ROLLED_BACK' },
  // A rolled back bet may still have a win that is reversed on its own.
  ROLLED_BACK: { unpay: 'ROLLED_BACK' },
  VOIDED: {},
}

export type RoundStatus = 'OPEN' | 'COMPLETED'
export type RoundMove = 'complete' | 'reopen'

/** reopen: a bet came after the end; it is flagged late. */
export const roundMoves: Readonly<Record<RoundStatus, Partial<Record<RoundMove, RoundStatus>>>> = {
  OPEN: { complete: 'COMPLETED' },
  COMPLETED: { reopen: 'OPEN' },
}

export function movedBet(from: BetStatus, move: BetMove): BetStatus {
  const to = betMoves[from][move]
  assert(to, `a bet that is ${from} cannot ${move}`)
  return to
}

export function movedRound(from: RoundStatus, move: RoundMove): RoundStatus {
  const to = roundMoves[from][move]
  assert(to, `a round that is ${from} cannot ${move}`)
  return to
}
