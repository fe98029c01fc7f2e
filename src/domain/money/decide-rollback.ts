import { assert } from '../../lib/problem.ts'
import { countReturn, uncountStake } from './decide-limits.ts'
import { type Deciding, findSession, linked } from './deciding.ts'
import { about, betOf, isNamed } from './reference.ts'
import { completeRound } from './settle.ts'
import { fromHouse, toHouse } from './split.ts'
import { type BetState, type SessionState, type TransactionState, transactionKeyOf } from './state.ts'
import { betMoves } from './states.ts'
import type { RollbackCommand, Verdict } from './types.ts'

/**
 * A rollback reverses the bet or the win it names, once. What it names may never have come: then a tombstone takes
 * its key, so that it can never take effect later. Nothing to reverse is success, unless the dialect says otherwise.
 */
export function decideRollback(deciding: Deciding<RollbackCommand>): Verdict {
  const session = findSession(deciding)
  const verdict = find(deciding, session)
  const { roundId } = deciding.subject
  if (verdict === 'OK' && roundId && closes(deciding, roundId)) completeRound(deciding, roundId)
  return verdict
}

/** What is read of a round's open bets is all of them, or completeRound puts the command back. */
const closes = ({ command, draft }: Deciding<RollbackCommand>, roundId: string): boolean =>
  command.closesRound === 'WHEN_QUIET' ? draft.openBets(roundId).length === 0 : command.closesRound

function find(deciding: Deciding<RollbackCommand>, session: SessionState | undefined): Verdict {
  const { command, state } = deciding
  // Its own key is taken by itself: a tombstone there would hide it from its repetitions.
  if (command.referenceKey === command.transactionKey) {
    return nothing(deciding, { kind: 'ROLLBACK' }, 'REFERENCE_UNKNOWN')
  }
  const reference = state.transactions.get(transactionKeyOf(command.scopeId, command.referenceKey))
  if (!reference) return bury(deciding)
  // A gift belongs to no bet and is not taken back by a rollback; to say that it was would lose it silently.
  if (reference.kind === 'PROMO' && reference.verdict === 'OK') return 'REFERENCE_UNKNOWN'
  const bet = reference.verdict === 'OK' ? betOf(deciding, reference.betId) : undefined
  if (!bet) return nothing(deciding, reference, 'REFERENCE_UNKNOWN')
  if ((session && session.playerId !== bet.playerId) || !isNamed(deciding, bet)) return 'REFERENCE_UNKNOWN'
  about(deciding, bet)
  if (!isWhole(command, reference)) return 'BAD_REQUEST'
  return reverse(deciding, reference, bet)
}

/** What carries no amount, as a rollback does not, has no whole to be compared with. */
const isWhole = ({ wholeMinor }: RollbackCommand, { amountMinor }: TransactionState) =>
  wholeMinor === undefined || amountMinor === null || wholeMinor === amountMinor

function reverse(deciding: Deciding<RollbackCommand>, reference: TransactionState, bet: BetState): Verdict {
  const { command } = deciding
  if (reference.kind === 'BET') {
    if (bet.status === 'ROLLED_BACK') return nothing(deciding, reference, 'ALREADY_SETTLED')
    const final = bet.status === 'SETTLED' || bet.payoutMinor > 0n
    if (!betMoves[bet.status].rollBack || (final && command.afterWin === 'REFUSE')) return 'ALREADY_SETTLED'
    reverseBet(deciding, bet)
    return 'OK'
  }
  if (reference.kind !== 'WIN') return nothing(deciding, reference, 'REFERENCE_UNKNOWN')
  if (reference.reversedById !== null) return nothing(deciding, reference, 'ALREADY_SETTLED')
  if (command.afterWin === 'REFUSE') return 'ALREADY_SETTLED'
  reverseWin(deciding, reference, bet)
  return 'OK'
}

/** The reference is unknown: its key is taken for ever, and it needs no player or wallet. */
function bury(deciding: Deciding<RollbackCommand>): Verdict {
  const { command, draft } = deciding
  draft.transactions.push({
    scopeId: command.scopeId,
    transactionKey: command.referenceKey,
    id: draft.newId(),
    brandId: command.brandId,
    providerAccountId: command.providerAccountId,
    kind: 'TOMBSTONE',
    verdict: 'TOMBSTONED',
    fingerprint: command.fingerprint,
    referenceKey: command.transactionKey,
    playerId: null,
    walletId: null,
    sessionId: null,
    roundId: null,
    betId: null,
    amountMinor: null,
    bonusMinor: null,
    jackpotMinor: null,
    currency: null,
    reversedById: null,
    refusedLimit: null,
    providerTime: null,
    recordedAt: draft.at,
  })
  draft.record(linked(deciding, { type: 'RollbackRecorded', facts: { tombstone: true } }))
  return command.unmatched === 'REFUSE' ? 'REFERENCE_UNKNOWN' : 'OK'
}

/** Declined, reversed already, or nothing that moves money: no effect, and success unless the dialect refuses it. */
function nothing(
  deciding: Deciding<RollbackCommand>,
  reference: Pick<TransactionState, 'kind'> & { readonly verdict?: string },
  refusal: Verdict,
): Verdict {
  if (deciding.command.unmatched === 'REFUSE') return refusal
  const facts = { referenceKind: reference.kind, referenceVerdict: reference.verdict }
  deciding.draft.record(linked(deciding, { type: 'RollbackRecorded', facts }))
  return 'OK'
}

/** The stake goes back: out of the stakes in play, or from the house once the bet was settled. */
function reverseBet(deciding: Deciding<RollbackCommand>, bet: BetState): void {
  const { draft, parts } = deciding
  const settled = bet.status === 'SETTLED'
  draft.moveBet(bet, 'rollBack', { late: bet.late || settled })
  parts.bonusMinor = bet.bonusStakeMinor
  uncountStake(deciding, bet)
  draft.record(
    linked(deciding, {
      type: 'BetRolledBack',
      amountMinor: bet.stakeMinor,
      currency: bet.currency,
      facts: { kind: bet.kind, ...(settled ? { late: true } : {}) },
    }),
    bet.walletId,
    bet.kind === 'REAL' ? toHouse(settled ? 'HOUSE' : 'STAKES', -bet.stakeMinor, -bet.bonusStakeMinor) : [],
  )
}

/** The win is taken back, its bonus part from the bonus, as far as bonus and cash go; the rest is owed. */
function reverseWin(deciding: Deciding<RollbackCommand>, win: TransactionState, bet: BetState): void {
  const { draft, transactionId, parts } = deciding
  const wallet = draft.wallet(bet.walletId)
  const amount = win.amountMinor ?? 0n
  assert(wallet, 'a paid win has a wallet')
  const jackpot = win.jackpotMinor ?? 0n
  const bonus = least(win.bonusMinor ?? 0n, wallet.bonusMinor)
  const cash = least(amount - bonus, wallet.cashMinor)
  const owed = amount - bonus - cash
  const payoutMinor = bet.payoutMinor - amount
  const settled = bet.status === 'SETTLED'
  const result = payoutMinor > 0n ? 'WON' : 'LOST'
  parts.bonusMinor = bonus
  countReturn(deciding, bet, -amount, win.recordedAt)
  draft.moveBet(bet, 'unpay', {
    payoutMinor,
    jackpotMinor: bet.jackpotMinor - jackpot,
    ...(settled ? { result, late: true } : {}),
  })
  draft.transactions.push({ ...win, reversedById: transactionId })
  const amounts = { amountMinor: amount, currency: bet.currency }
  draft.record(
    linked(deciding, {
      type: 'WinRolledBack',
      ...amounts,
      facts: { kind: bet.kind, ...(settled ? { late: true } : {}) },
    }),
    bet.walletId,
    [...fromHouse(bet, -amount, -jackpot), ['CASH', -cash], ['BONUS', -bonus], ['OWED', -owed]],
  )
  if (owed > 0n) draft.record(linked(deciding, { type: 'DebtRecorded', ...amounts, amountMinor: owed }))
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)
