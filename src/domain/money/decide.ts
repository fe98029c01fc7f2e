// All money rules start here: (state, command) -> outcome and draft, pure and synchronous. Nothing is changed in the
// state; the caller folds the draft. Which verdicts are remembered under the transaction key is data, below.
import { decideAdjust } from './decide-adjust.ts'
import { decideBet } from './decide-bet.ts'
import { decideDeposit, decideWithdrawal } from './decide-cash.ts'
import { limitFacts, reachedText, readReached } from './decide-limits.ts'
import { decideEndRound } from './decide-end-round.ts'
import { decidePromo } from './decide-promo.ts'
import { decideResolveRound } from './decide-resolve-round.ts'
import { decideRollback } from './decide-rollback.ts'
import { decideWin } from './decide-win.ts'
import { type Deciding, findSession, linked, touch } from './deciding.ts'
import { Draft } from './draft.ts'
import { type State, type TransactionState, transactionKeyOf, type WalletState } from './state.ts'
import type { Command, Outcome, Verdict } from './types.ts'

/** Refusals that stay: the same id gets the same answer for ever. All others may be asked again. */
export const rememberedRefusals: ReadonlySet<Verdict> = new Set([
  'FUNDS',
  'LIMIT',
  'PLAYER_BLOCKED',
  'SESSION_EXPIRED',
  'CURRENCY',
  'GAME',
  'REFERENCE_ROLLED_BACK',
  'ALREADY_SETTLED',
])

export interface Decision {
  readonly outcome: Outcome
  readonly draft: Draft
}

/** Decides one command at a moment. Throws PutBack, or on a bug; then nothing has been changed. */
export function decide(state: State, command: Command, at: Date): Decision {
  const deciding = begin(state, command, at)
  const known = state.transactions.get(transactionKeyOf(command.scopeId, command.transactionKey))
  if (known) return repeated(deciding, known)
  const verdict = dispatch(deciding)
  if (verdict === 'OK' || isRemembered(verdict, deciding.draft)) remember(deciding, verdict)
  return { outcome: outcomeOf(deciding, verdict), draft: deciding.draft }
}

/** The refusal of a command whose unit does not take effect: remembered where refusals are, and nothing else. */
export function refuse(state: State, command: Command, refused: Outcome, at: Date): Decision {
  const deciding = begin(state, command, at)
  const { verdict, first, transactionId, playerId, walletId, sessionId } = refused
  deciding.parts.limit = refused.limit
  Object.assign(deciding.subject, { playerId, walletId, sessionId })
  if (isRemembered(verdict, deciding.draft)) remember(deciding, verdict)
  const known = first !== undefined || verdict === 'DUPLICATE_CONFLICT' ? { transactionId } : {}
  const outcome = { ...known, ...(first ? { first } : {}), ...outcomeOf(deciding, verdict) } as Outcome
  return { outcome, draft: deciding.draft }
}

function begin(state: State, command: Command, at: Date): Deciding {
  const draft = new Draft(state, at)
  return { state, command, draft, subject: {}, parts: {}, transactionId: draft.newId() }
}

/** A refusal stays when its verdict does, or when it left a tombstone. */
const isRemembered = (verdict: Verdict, draft: Draft): boolean =>
  rememberedRefusals.has(verdict) || draft.transactions.length > 0

function dispatch(deciding: Deciding): Verdict {
  const { command } = deciding
  switch (command.kind) {
    case 'BET':
      return decideBet({ ...deciding, command })
    case 'WIN':
      return decideWin({ ...deciding, command })
    case 'ROLLBACK':
      return decideRollback({ ...deciding, command })
    case 'END_ROUND':
      return decideEndRound({ ...deciding, command })
    case 'PROMO':
      return decidePromo({ ...deciding, command })
    case 'DEPOSIT':
      return decideDeposit({ ...deciding, command })
    case 'WITHDRAWAL':
      return decideWithdrawal({ ...deciding, command })
    case 'ADJUSTMENT':
      return decideAdjust({ ...deciding, command })
    default:
      return decideResolveRound({ ...deciding, command })
  }
}

/** The key is taken: by the same call, by another one, or by a rollback that came first. */
function repeated(deciding: Deciding, known: TransactionState): Decision {
  const { command, subject } = deciding
  touch(deciding, known.playerId ?? undefined)
  subject.walletId = known.walletId ?? undefined
  subject.sessionId = known.sessionId ?? undefined
  subject.roundId = known.roundId ?? undefined
  subject.betId = known.betId ?? undefined
  if (known.kind === 'TOMBSTONE') {
    if ('tokenHash' in command) findSession(deciding)
    return { outcome: outcomeOf(deciding, 'TOMBSTONED'), draft: deciding.draft }
  }
  const same = known.kind === command.kind && known.fingerprint.equals(command.fingerprint)
  if (same && known.refusedLimit !== null) deciding.parts.limit = readReached(known.refusedLimit)
  const outcome = outcomeOf(deciding, same ? 'REPLAY' : 'DUPLICATE_CONFLICT')
  return {
    outcome: { ...outcome, transactionId: known.id, ...(same ? { first: known.verdict as Verdict } : {}) },
    draft: deciding.draft,
  }
}

/** The transaction row, and an event at least: a refusal's, or that a result was reported without moving money. */
function remember(deciding: Deciding, verdict: Verdict): void {
  const { command, draft, parts } = deciding
  const amounts =
    'amountMinor' in command ? { amountMinor: command.amountMinor, currency: command.currency } : {}
  if (verdict !== 'OK') {
    const facts = { kind: command.kind, verdict, ...(parts.limit && limitFacts(parts.limit)) }
    draft.record(linked(deciding, { type: 'TransactionDeclined', ...amounts, facts }))
  } else if (draft.events.length === 0) {
    draft.record(linked(deciding, { type: 'ResultRecorded', ...amounts, facts: { kind: command.kind } }))
  }
  draft.transactions.unshift(transactionRow(deciding, verdict))
}

function transactionRow(
  { command, subject, parts, draft, transactionId }: Deciding,
  verdict: Verdict,
): TransactionState {
  return {
    scopeId: command.scopeId,
    transactionKey: command.transactionKey,
    id: transactionId,
    brandId: command.brandId,
    providerAccountId: 'providerAccountId' in command ? command.providerAccountId : null,
    kind: command.kind,
    verdict,
    fingerprint: command.fingerprint,
    referenceKey: ('referenceKey' in command ? command.referenceKey : undefined) ?? null,
    playerId: subject.playerId ?? null,
    walletId: subject.walletId ?? null,
    sessionId: subject.sessionId ?? null,
    roundId: subject.roundId ?? null,
    betId: subject.betId ?? null,
    amountMinor: 'amountMinor' in command ? command.amountMinor : null,
    bonusMinor: parts.bonusMinor || null,
    jackpotMinor: parts.jackpotMinor || null,
    currency: 'currency' in command ? command.currency : null,
    reversedById: null,
    refusedLimit: parts.limit ? reachedText(parts.limit) : null,
    providerTime: command.providerTime ?? null,
    recordedAt: draft.at,
  }
}

function outcomeOf(deciding: Deciding, verdict: Verdict): Outcome {
  const { command, state, draft, subject, parts, transactionId } = deciding
  const wallet = subject.walletId === undefined ? undefined : draft.wallet(subject.walletId)
  const player = subject.playerId === undefined ? undefined : state.players.get(subject.playerId)
  const stored = draft.transactions.length > 0 ? { transactionId } : {}
  return {
    verdict,
    brandId: command.brandId,
    ...stored,
    ...(parts.limit ? { limit: parts.limit } : {}),
    ...(parts.currentVersion === undefined ? {} : { currentVersion: parts.currentVersion }),
    ...(player ? { playerId: player.id, playerExternalId: player.externalId } : {}),
    ...(wallet ? balanceOf(wallet) : {}),
    ...(subject.sessionId ? { sessionId: subject.sessionId } : {}),
    ...(subject.roundId ? { roundId: subject.roundId } : {}),
    ...(subject.betId ? { betId: subject.betId } : {}),
  }
}

const balanceOf = ({ id, cashMinor, bonusMinor, currency }: WalletState) => ({
  walletId: id,
  balanceMinor: cashMinor + bonusMinor,
  bonusMinor,
  currency,
})
