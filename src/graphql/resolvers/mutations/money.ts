import { adjustBalance } from '../../../domain/money/adjust-balance.ts'
import type { RecordCashInput } from '../../../domain/money/record-cash.ts'
import { recordDeposit } from '../../../domain/money/record-deposit.ts'
import { recordWithdrawal } from '../../../domain/money/record-withdrawal.ts'
import type { RecordDepositInput, Resolvers } from '../../generated.ts'
import { done, payload, playerRef, preview, transaction, wallet } from './payload.ts'

export const moneyMutations = {
  Mutation: {
    recordDeposit: (_, { input }, ctx) => done(ctx, recordDeposit(ctx, cashInput(input), ctx.submit)),
    recordWithdrawal: (_, { input }, ctx) => done(ctx, recordWithdrawal(ctx, cashInput(input), ctx.submit)),
    adjustBalance: (_, { input }, ctx) => {
      const { account, reason, expectedVersion = null } = input
      const asked = { ...cashInput(input), account, reason, expectedVersion }
      return done(ctx, adjustBalance(ctx, asked, ctx.submit))
    },
  },
  RecordDepositPayload: { ...payload, preview, wallet, transaction },
  RecordWithdrawalPayload: { ...payload, preview, wallet, transaction },
  AdjustBalancePayload: { ...payload, preview, wallet, transaction },
} satisfies Resolvers

const cashInput = ({
  idempotencyKey,
  player,
  amount,
  dryRun,
}: Pick<RecordDepositInput, 'idempotencyKey' | 'player' | 'amount' | 'dryRun'>): RecordCashInput => ({
  idempotencyKey,
  player: playerRef(player),
  amount: amount.amount,
  currency: amount.currency,
  ...(dryRun && { dryRun }),
})
