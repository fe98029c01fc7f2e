import { countReturn } from './decide-limits.ts'
import { type Deciding, findSession, linked } from './deciding.ts'
import { about, betOf, isNamed, lastBetOf } from './reference.ts'
import { completeRound, settleBet } from './settle.ts'
import { bonusOfWin, fromHouse } from './split.ts'
import { type BetState, transactionKeyOf } from './state.ts'
import { betMoves } from './states.ts'
import type { Verdict, WinCommand } from './types.ts'

/**
 * A win pays the bet it names. No limit, block, expiry or disabled game ever stops it. One that is refused ends no
 * round either: the two sides disagree about it, so its other bets are left to their own messages, or to an operator.
 */
export function decideWin(deciding: Deciding<WinCommand>): Verdict {
  const { command, draft } = deciding
  const found = find(deciding)
  if (typeof found === 'string') return found
  const bet = found
  about(deciding, bet)
  if (command.currency !== bet.currency) return 'CURRENCY'
  if (bet.status === 'ROLLED_BACK') return 'REFERENCE_ROLLED_BACK'
  const again = bet.status === 'SETTLED' && command.afterSettlement === 'REFUSE'
  if (again || !betMoves[bet.status].pay) return 'ALREADY_SETTLED'
  if (command.amountMinor > 0n) pay(deciding, bet)
  const settles = command.settlesBet || command.amountMinor === 0n
  if (settles && bet.status === 'OPEN') settleBet(deciding, draft.bet(bet.id) ?? bet)
  if (command.closesRound) completeRound(deciding, bet.roundId)
  return 'OK'
}

/** The bet that the win names, or else the last one of its round. */
function find(deciding: Deciding<WinCommand>): BetState | Verdict {
  const { command, state } = deciding
  const session = findSession(deciding)
  if (command.referenceKey === undefined) return lastBetOf(deciding) ?? 'REFERENCE_UNKNOWN'
  const reference = state.transactions.get(transactionKeyOf(command.scopeId, command.referenceKey))
  if (reference?.kind === 'TOMBSTONE') return 'REFERENCE_ROLLED_BACK'
  const bet = reference?.kind === 'BET' ? betOf(deciding, reference.betId) : undefined
  if (!bet || (session && session.playerId !== bet.playerId) || !sameRound(deciding, bet)) {
    return 'REFERENCE_UNKNOWN'
  }
  return bet
}

/** Adds the win to the bet's payout. After the bet was settled it is late: still paid, and flagged. */
function pay(deciding: Deciding<WinCommand>, bet: BetState): void {
  const { command, draft, parts } = deciding
  const { amountMinor: amount, jackpotMinor: jackpot = 0n } = command
  const late = bet.status === 'SETTLED'
  const bonus = bonusOfWin(amount, bet, command.freeWinsTo)
  parts.bonusMinor = bonus
  parts.jackpotMinor = jackpot
  countReturn(deciding, bet, amount, draft.at)
  draft.moveBet(bet, 'pay', {
    payoutMinor: bet.payoutMinor + amount,
    jackpotMinor: bet.jackpotMinor + jackpot,
    late: bet.late || late,
    ...(late ? { result: 'WON' } : {}),
  })
  draft.record(
    linked(deciding, {
      type: 'WinRecorded',
      amountMinor: amount,
      currency: bet.currency,
      facts: {
        kind: bet.kind,
        ...(late ? { late } : {}),
        ...(bonus > 0n ? { bonusMinor: bonus.toString() } : {}),
        ...(jackpot > 0n ? { jackpotMinor: jackpot.toString() } : {}),
      },
    }),
    bet.walletId,
    [...fromHouse(bet, amount, jackpot), ['CASH', amount - bonus], ['BONUS', bonus]],
  )
}

/** The win names the round and, when it names one, the player of its bet. */
const sameRound = (deciding: Deciding<WinCommand>, bet: BetState): boolean =>
  deciding.draft.round(bet.roundId)?.roundKey === deciding.command.roundKey && isNamed(deciding, bet)
