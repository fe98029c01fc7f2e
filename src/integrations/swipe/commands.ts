import type { Command } from '../../domain/money/types.ts'
import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import type { SessionTerms } from '../../domain/sessions/session-terms.ts'
import { fingerprint } from '../../lib/fingerprint.ts'
import { parseDecimal } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import type { CompleteOperation } from '../dialect.ts'
import { refusalOf, tolerant } from '../refusal.ts'
import type { Terms } from './terms.ts'

/** What a command is made of. */
interface Making<T extends Terms = Terms> {
  readonly terms: T
  readonly call: ReceivedCall
  readonly account: OpenAccount
}

type PlayTerms = Extract<Terms, { movement: 'BET' | 'WIN' }>
type RefundTerms = Extract<Terms, { movement: 'ROLLBACK' }>

/** Never throws. Only a refund does without its session: what it names says whose the money is. */
export function commandOf(making: Making, session: SessionTerms | undefined): CompleteOperation {
  const { terms, ...rest } = making
  try {
    if (terms.movement === 'ROLLBACK') return moves(refund({ ...rest, terms }, session))
    if (!session) return { kind: 'REFUSED', answer: { verdict: 'SESSION_INVALID' } }
    const play = { ...rest, terms }
    return moves(terms.movement === 'BET' ? bet(play, session) : win(play, session))
  } catch (error) {
    return refusalOf(error)
  }
}

const moves = (command: Command): CompleteOperation => ({ kind: 'COMMAND', command })

/** In the session's game: a call names none. */
function bet(making: Making<PlayTerms>, session: SessionTerms): Command {
  const { currency } = session
  const amountMinor = minorOf(making.terms.amount, currency)
  const betKind = making.terms.type === 'free' ? 'FREE' : 'REAL'
  return {
    ...playBase(making, session, amountMinor),
    kind: 'BET',
    amountMinor,
    currency,
    betKind,
    closesRound: false,
  }
}

/**
 * A win pays the last bet of its round and ends the round: there is no other sign of an end but a win, of zero when
 * the round is lost. What comes after it is paid all the same, and flagged late.
 *
 * A win of a free round only tells what it brought: it ends its round and pays nothing. The provider adds these up,
 * and pays them in one when the campaign is over, by a regular win that names the campaign.
 */
function win(making: Making<PlayTerms>, session: SessionTerms): Command {
  const { terms, account } = making
  const { currency } = session
  const amountMinor = minorOf(terms.amount, currency)
  const base = playBase(making, session, amountMinor)
  if (terms.type === 'free') return { ...base, kind: 'WIN', amountMinor: 0n, currency, closesRound: true }
  const { freeWinsTo } = account
  if (terms.ofCampaign) return { ...base, kind: 'PROMO', amountMinor, currency, paidTo: freeWinsTo }
  return { ...base, kind: 'WIN', amountMinor, currency, freeWinsTo, closesRound: true }
}

/**
 * Of the whole bet or win that it names, once. The round is over with it, unless another bet is open there: what is
 * refunded may be a second bet that was declined, or never came.
 */
function refund(making: Making<RefundTerms>, session: SessionTerms | undefined): Command {
  const { amount, originalKey, roundId } = making.terms
  const wholeMinor = session && minorOf(amount, session.currency)
  const same = ['ROLLBACK', session?.playerId, roundId, wholeMinor ?? amount, originalKey]
  return {
    ...commandBase(making, same),
    kind: 'ROLLBACK',
    roundKey: roundKeyOf(roundId, session),
    referenceKey: originalKey,
    ...(wholeMinor === undefined ? {} : { wholeMinor }),
    afterWin: 'REVERSE_REFERENCED',
    closesRound: 'WHEN_QUIET',
  }
}

/** The session's id is no part of the call's sameness, since a player may come back with another; its player is. */
function playBase(making: Making<PlayTerms>, session: SessionTerms, amountMinor: bigint) {
  const { movement, type, roundId } = making.terms
  const same = [movement, type, session.playerId, roundId, amountMinor]
  return { ...commandBase(making, same), roundKey: roundKeyOf(roundId, session) }
}

/**
 * The provider's round ids may repeat between games, so that the game is part of the key: `<round id> <game code>`.
 * Codes of games have no blanks: no two pairs share a key. A refund may lack either and then finds its round by what
 * it names.
 */
const roundKeyOf = (roundId: string | undefined, session: SessionTerms | undefined): string =>
  [roundId, session?.gameCode].join(' ')

/** What the keys of a round with this id begin with, whatever the game. */
export const roundKeyStartOf = (roundId: string): string => `${roundId} `

function commandBase({ terms, call, account }: Making, same: Parameters<typeof fingerprint>[0]) {
  return {
    scopeId: account.id,
    brandId: account.brandId,
    providerAccountId: account.id,
    providerId: account.providerId,
    transactionKey: terms.transactionKey,
    tokenHash: terms.tokenHash,
    fingerprint: fingerprint(same),
    actor: { kind: 'PROVIDER_ACCOUNT', id: account.id },
    trace: call.requestId,
    receivedAt: call.receivedAt,
  } as const
}

/** In minor units; an amount that the currency cannot hold exactly, or beyond the largest, is a Problem TYPE. */
function minorOf(amount: string, currency: string): bigint {
  const minor = tolerant(() => parseDecimal(amount, currency))
  if (minor !== undefined) return minor
  throw new Problem('TYPE', 'amount is not one that the currency can hold', 'amount')
}
