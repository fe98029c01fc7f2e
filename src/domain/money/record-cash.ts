import { fingerprint } from '../../lib/fingerprint.ts'
import { formatDecimal, isCurrency, parseDecimal } from '../../lib/money.ts'
import { assert, Problem } from '../../lib/problem.ts'
import { refuseInput } from '../audit/check.ts'
import { type Answer, type Call, type Entry, entryOf, guard, type Verb } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locatePlayer, type PlayerPlace, type PlayerRef, playerRefText } from '../players/locate-player.ts'
import type { Attachments, DepositCommand, Outcome, Submit, Verdict, WithdrawCommand } from './types.ts'

export interface RecordCashInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  /** A decimal in units of the currency, more than zero. */
  readonly amount: string
  readonly currency: string
}

export type CashAnswer = Answer<{
  readonly playerId: string
  readonly walletId: string
  readonly transactionId: string
}>

type CashCommand = DepositCommand | WithdrawCommand

const actions = { DEPOSIT: 'recordDeposit', WITHDRAWAL: 'recordWithdrawal' } as const

/**
 * Money between the cashier and a player's cash, through the commit streams. It happens once by its transaction's
 * key; the audit entry is written with it, under the transaction's id, where a replay finds it.
 */
export function recordCash(
  ctx: Context,
  kind: CashCommand['kind'],
  input: RecordCashInput,
  submit: Submit,
): Promise<CashAnswer> {
  const { amount, currency } = input
  const verb: Verb<PlayerPlace> = {
    action: actions[kind],
    permission: 'CASH_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), amount, currency],
    ownKey: true,
    check: () => void checkAmount(amount, currency),
    locate: () => locatePlayer(ctx, input.player),
  }
  return guard(ctx, verb, async (call, place) => {
    const { brandId, playerId } = place
    const amountMinor = checkAmount(amount, currency)
    const command: CashCommand = {
      kind,
      scopeId: brandId,
      brandId,
      playerId,
      amountMinor,
      currency,
      transactionKey: `${kind.toLowerCase()}:${call.key.actorId}:${input.idempotencyKey}`,
      fingerprint: fingerprint([kind, playerId, amountMinor, currency]),
      actor: { kind: ctx.actor.kind, id: ctx.actor.id },
      trace: ctx.requestId,
      receivedAt: call.cause.at,
    }
    const entry = entryOf(verb, place, brandId)
    return toAnswer(
      call,
      await submit({ command, attach: (outcome) => audit(call, command, entry, outcome) }),
    )
  })
}

function checkAmount(amount: string, currency: string): bigint {
  if (!isCurrency(currency)) refuseInput('amount.currency', 'is not a known currency')
  const minor = caughtAmount(amount, currency)
  if (minor <= 0n) throw new Problem('BAD_AMOUNT', 'the amount is not more than zero', amountField)
  return minor
}

const amountField = 'amount.amount'

function caughtAmount(amount: string, currency: string): bigint {
  try {
    return parseDecimal(amount, currency)
  } catch (error) {
    if (error instanceof Problem) throw new Problem('BAD_AMOUNT', error.message, amountField)
    throw error
  }
}

/** How the verdicts of cash commands read as user errors. */
const refusals: Partial<Record<Verdict, { code: string; message: string; field?: string }>> = {
  FUNDS: { code: 'INSUFFICIENT_FUNDS', message: 'the cash does not cover the amount', field: amountField },
  PLAYER_BLOCKED: { code: 'PLAYER_BLOCKED', message: 'the player is blocked', field: 'player' },
  PLAYER_UNKNOWN: { code: 'PLAYER_UNKNOWN', message: 'there is no such player', field: 'player' },
  DUPLICATE_CONFLICT: {
    code: 'IDEMPOTENCY_KEY_REUSED',
    message: 'this key was used with other input',
    field: 'idempotencyKey',
  },
  RETRY_LATER: { code: 'RETRY_LATER', message: 'it is not certain yet; ask again with the same key' },
}

function refusalOf(outcome: Outcome) {
  const verdict = outcome.verdict === 'REPLAY' ? outcome.first : outcome.verdict
  if (verdict === 'OK') return null
  const refusal = verdict && refusals[verdict]
  assert(refusal, `a cash command was answered ${verdict}`)
  return refusal
}

/** A conflict names the first call's transaction: its entry is that one's, not this refusal's. */
const auditIdOf = (call: Call, { verdict, transactionId }: Outcome): string =>
  transactionId === undefined || verdict === 'DUPLICATE_CONFLICT' ? call.auditEntryId : transactionId

/** The entry of what was decided; a replay leaves none. */
function audit(call: Call, command: CashCommand, entry: Entry, outcome: Outcome): Attachments {
  if (outcome.verdict === 'REPLAY') return {}
  const auditId = auditIdOf(call, outcome)
  const { amountMinor, currency, transactionKey } = command
  const asked = { amount: formatDecimal(amountMinor, currency), currency, transactionKey }
  const refusal = refusalOf(outcome)
  if (refusal) return { auditId, audit: { ...entry, outcome: 'REFUSED', code: refusal.code, after: asked } }
  const cashMinor = (outcome.balanceMinor ?? 0n) - (outcome.bonusMinor ?? 0n)
  const movedMinor = command.kind === 'DEPOSIT' ? amountMinor : -amountMinor
  const before = { cash: formatDecimal(cashMinor - movedMinor, currency) }
  const after = { ...asked, cash: formatDecimal(cashMinor, currency) }
  return { auditId, audit: { ...entry, outcome: 'ALLOWED', before, after } }
}

function toAnswer(call: Call, outcome: Outcome): CashAnswer {
  const userError = refusalOf(outcome)
  const { playerId, walletId, transactionId } = outcome
  const ids = playerId && walletId && transactionId ? { playerId, walletId, transactionId } : null
  return {
    ids: userError ? null : ids,
    userError,
    replayed: outcome.verdict === 'REPLAY',
    auditEntryId: outcome.verdict === 'RETRY_LATER' ? null : auditIdOf(call, outcome),
  }
}
