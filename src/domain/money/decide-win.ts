import { type Deciding, findSession, linked } from './deciding.ts'
import { about, betOf } from './reference.ts'
import { completeRound, settleBet } from './settle.ts'
import { type BetState, transactionKeyOf } from './state.ts'
import type { Verdict, WinCommand } from './types.ts'

/** A win pays the bet it names. No limit, block, expiry or disabled game ever stops it. */
export function decideWin(deciding: Deciding<WinCommand>): Verdict {
  const { command, state } = deciding
  const reference = state.transactions.get(transactionKeyOf(command.scopeId, command.referenceKey))
  const session = findSession(deciding)
  if (reference?.kind === 'TOMBSTONE') return 'REFERENCE_ROLLED_BACK'
  const bet = reference?.kind === 'BET' ? betOf(deciding, reference.betId) : undefined
  if (!bet || (session && session.playerId !== bet.playerId) || !sameRound(deciding, bet)) {
    return 'REFERENCE_UNKNOWN'
  }
  about(deciding, bet)
  if (command.currency !== bet.currency) return 'CURRENCY'
  if (bet.status === 'ROLLED_BACK') return 'REFERENCE_ROLLED_BACK'
  if (bet.status === 'VOIDED') return 'ALREADY_SETTLED'
  if (command.amountMinor > 0n) pay(deciding, bet)
  else if (bet.status === 'OPEN') settleBet(deciding, bet)
  if (command.closesRound) completeRound(deciding, bet.roundId)
  return 'OK'
}

/** Adds the win to the bet's payout. After the bet was settled it is late: still paid, and flagged. */
function pay(deciding: Deciding<WinCommand>, bet: BetState): void {
  const { command, draft } = deciding
  const late = bet.status === 'SETTLED'
  draft.changeBet(bet, {
    payoutMinor: bet.payoutMinor + command.amountMinor,
    late: bet.late || late,
    ...(late ? { result: 'WON' } : {}),
  })
  draft.record(
    linked(deciding, {
      type: 'WinRecorded',
      amountMinor: command.amountMinor,
      currency: bet.currency,
      facts: { kind: bet.kind, ...(late ? { late } : {}) },
    }),
    bet.walletId,
    [
      ['HOUSE', -command.amountMinor],
      ['CASH', command.amountMinor],
    ],
  )
}

/** The win names the round and, when it names one, the player of its bet. */
function sameRound({ command, draft, state }: Deciding<WinCommand>, bet: BetState): boolean {
  if (draft.round(bet.roundId)?.roundKey !== command.roundKey) return false
  const named = command.playerExternalId
  return named === undefined || state.players.get(bet.playerId)?.externalId === named
}
