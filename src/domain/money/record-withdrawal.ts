import type { Context } from '../context.ts'
import { type CashAnswer, recordCash, type RecordCashInput } from './record-cash.ts'
import type { Submit } from './types.ts'

/** Money out to the cashier, never more than the cash; a blocked player may take the money out. */
export const recordWithdrawal = (ctx: Context, input: RecordCashInput, submit: Submit): Promise<CashAnswer> =>
  recordCash(ctx, 'WITHDRAWAL', input, submit)
