import type { Context } from '../context.ts'
import { type CashAnswer, recordCash, type RecordCashInput } from './record-cash.ts'
import type { Submit } from './types.ts'

/** Money in from the cashier; opens the wallet of its currency when there is none. */
export const recordDeposit = (ctx: Context, input: RecordCashInput, submit: Submit): Promise<CashAnswer> =>
  recordCash(ctx, 'DEPOSIT', input, submit)
