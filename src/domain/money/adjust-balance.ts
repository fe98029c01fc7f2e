import { fingerprint } from '../../lib/fingerprint.ts'
import { isCurrency } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import { checkReason, refuseInput } from '../audit/check.ts'
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
import { type WalletIds, walletIds } from './record-cash.ts'
import type { AdjustCommand, Submit } from './types.ts'

export interface AdjustBalanceInput {
  readonly idempotencyKey: string
  readonly player: PlayerRef
  readonly account: AdjustCommand['account']
  /** A decimal in units of the currency: above zero gives, below takes. */
  readonly amount: string
  readonly currency: string
  readonly reason: string
  /** Of the wallet; zero while there is none. */
  readonly expectedVersion?: bigint | null
  /** Says what it would do, and does nothing. */
  readonly dryRun?: boolean
}

/** Corrects one account of a player's wallet, against the house's adjustments. */
export function adjustBalance(
  ctx: Context,
  input: AdjustBalanceInput,
  submit: Submit,
): Promise<CommandAnswer<WalletIds>> {
  const { account, amount, currency, reason } = input
  const expectedVersion = input.expectedVersion ?? undefined
  const verb: CommandVerb<PlayerPlace> = {
    action: 'adjustBalance',
    permission: 'BETS_CORRECT' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [playerRefText(input.player), account, amount, currency, reason],
    reason,
    ownKey: true,
    dryRun: input.dryRun ?? false,
    check() {
      checkReason(reason)
      checkAmount(amount, currency)
    },
    locate: () => locatePlayer(ctx, input.player),
  }
  return runCommand(ctx, verb, submit, (call, { brandId, playerId }) => {
    const amountMinor = checkAmount(amount, currency)
    const transactionKey = `adjustment:${call.key.actorId}:${input.idempotencyKey}`
    const command: AdjustCommand = {
      ...commandBase(ctx, call, brandId),
      kind: 'ADJUSTMENT',
      scopeId: brandId,
      playerId,
      account,
      amountMinor,
      currency,
      ...(expectedVersion !== undefined && { expectedVersion }),
      transactionKey,
      // What is expected is a condition, and no part of what is done: with a new one the same key may try again.
      fingerprint: fingerprint(['ADJUSTMENT', playerId, account, amountMinor, currency]),
    }
    const asked = { account, ...askedAmount(amountMinor, currency, transactionKey) }
    return { command, refusals, asked, ids: walletIds }
  })
}

const amountField = 'amount.amount'

function checkAmount(text: string, currency: string): bigint {
  if (!isCurrency(currency)) refuseInput('amount.currency', 'is not a known currency')
  const minor = readAmount(text, currency, amountField)
  if (minor === 0n) throw new Problem('BAD_AMOUNT', 'the amount is neither above nor below zero', amountField)
  return minor
}

const refusals: Refusals = {
  ...commonRefusals,
  FUNDS: {
    code: 'INSUFFICIENT_FUNDS',
    message: 'there is not so much to take, or not so much owed to let off',
    field: amountField,
  },
}
