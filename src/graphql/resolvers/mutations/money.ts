import type { RecordCashInput } from '../../../domain/money/record-cash.ts'
import { recordDeposit } from '../../../domain/money/record-deposit.ts'
import { recordWithdrawal } from '../../../domain/money/record-withdrawal.ts'
import type { GraphContext } from '../../context.ts'
import type { RecordDepositInput, Resolvers } from '../../generated.ts'
import type { Answered } from '../../mappers.ts'
import { done, payload, playerRef, wallet } from './payload.ts'

export const moneyMutations = {
  Mutation: {
    recordDeposit: (_, { input }, ctx) => done(ctx, recordDeposit(ctx, cashInput(input), ctx.submit)),
    recordWithdrawal: (_, { input }, ctx) => done(ctx, recordWithdrawal(ctx, cashInput(input), ctx.submit)),
  },
  RecordDepositPayload: { ...payload, wallet, transaction },
  RecordWithdrawalPayload: { ...payload, wallet, transaction },
} satisfies Resolvers

const cashInput = ({ idempotencyKey, player, amount }: RecordDepositInput): RecordCashInput => ({
  idempotencyKey,
  player: playerRef(player),
  amount: amount.amount,
  currency: amount.currency,
})

function transaction({ ids }: Answered, _: unknown, ctx: GraphContext) {
  return ids?.['transactionId'] === undefined ? null : ctx.loaders.transactionById.load(ids['transactionId'])
}
