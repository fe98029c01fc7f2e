import { fingerprint } from '../../lib/fingerprint.ts'
import { formatDecimal, isCurrency } from '../../lib/money.ts'
import { assert, Problem } from '../../lib/problem.ts'
import { refuseInput } from '../audit/check.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locatePlayer, type PlayerPlace, type PlayerRef, playerRefText } from '../players/locate-player.ts'
import {
  askedAmount,
  type CommandAnswer,
  type CommandVerb,
  commandBase,
  commonRefusals,
  readAmount,
  type Refusals,
  runCommand,
} from './command-verb.ts'
import type { DepositCommand, Outcome, Submit, WithdrawCommand } from './types.ts'

export interface RecordCashInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  /** A decimal in units of the currency, more than zero. */
  readonly amount: string
  readonly currency: string
  /** Says what it would do, and does nothing. */
  readonly dryRun?: boolean
}

/** What a command on a player's wallet left. */
export type WalletIds = {
  readonly playerId: string
  readonly walletId: string
  readonly transactionId: string
}

export type CashAnswer = CommandAnswer<WalletIds>

type CashCommand = DepositCommand | WithdrawCommand

const actions = { DEPOSIT: 'recordDeposit', WITHDRAWAL: 'recordWithdrawal' } as const

/** Money between the cashier and a player's cash. */
export function recordCash(
  ctx: Context,
  kind: CashCommand['kind'],
  input: RecordCashInput,
  submit: Submit,
): Promise<CashAnswer> {
  const { amount, currency } = input
  const verb: CommandVerb<PlayerPlace> = {
    action: actions[kind],
    permission: 'CASH_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), amount, currency],
    ownKey: true,
    dryRun: input.dryRun ?? false,
    check: () => void checkAmount(amount, currency),
    locate: () => locatePlayer(ctx, input.player),
  }
  return runCommand(ctx, verb, submit, (call, { brandId, playerId }) => {
    const amountMinor = checkAmount(amount, currency)
    const transactionKey = `${kind.toLowerCase()}:${call.key.actorId}:${input.idempotencyKey}`
    const command: CashCommand = {
      ...commandBase(ctx, call, brandId),
      kind,
      scopeId: brandId,
      playerId,
      amountMinor,
      currency,
      transactionKey,
      fingerprint: fingerprint([kind, playerId, amountMinor, currency]),
    }
    const movedMinor = kind === 'DEPOSIT' ? amountMinor : -amountMinor
    return {
      command,
      refusals,
      asked: askedAmount(amountMinor, currency, transactionKey),
      changed: (outcome) => ({
        before: { cash: formatDecimal(cashOf(outcome) - movedMinor, currency) },
        after: { cash: formatDecimal(cashOf(outcome), currency) },
      }),
      ids: walletIds,
    }
  })
}

const cashOf = ({ balanceMinor = 0n, bonusMinor = 0n }: Outcome) => balanceMinor - bonusMinor

export function walletIds({ playerId, walletId, transactionId }: Outcome): WalletIds {
  assert(playerId && walletId && transactionId, 'a command on a wallet names it')
  return { playerId, walletId, transactionId }
}

const amountField = 'amount.amount'

function checkAmount(amount: string, currency: string): bigint {
  if (!isCurrency(currency)) refuseInput('amount.currency', 'is not a known currency')
  const minor = readAmount(amount, currency, amountField)
  if (minor <= 0n) throw new Problem('BAD_AMOUNT', 'the amount is not more than zero', amountField)
  return minor
}

const refusals: Refusals = {
  ...commonRefusals,
  FUNDS: { code: 'INSUFFICIENT_FUNDS', message: 'the cash does not cover the amount', field: amountField },
  PLAYER_BLOCKED: {
    code: 'PLAYER_BLOCKED',
    message: 'the player is blocked, or excluded at their own wish',
    field: 'player',
  },
}
