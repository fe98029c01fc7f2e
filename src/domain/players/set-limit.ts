import { parseDecimal } from '../../lib/money.ts'
import { Problem } from '../../lib/problem.ts'
import type { Context } from '../context.ts'
import { changeLimit, type LimitAnswer, type LimitInput } from './change-limit.ts'
import { setTo } from './limit-rules.ts'

export interface SetLimitInput extends LimitInput {
  /** A decimal in units of the currency; zero lets nothing be staked. */
  readonly amount: string
}

/**
 * Sets a limit on stakes or losses. A new one and a lower one act at once; a higher one of a player acts after the
 * brand's cooling-off time, and can be taken back until then.
 */
export function setLimit(ctx: Context, input: SetLimitInput): Promise<LimitAnswer> {
  const { amount, currency } = input
  return changeLimit(ctx, input, {
    action: 'setLimit',
    amount,
    check: () => void minorOf(amount, currency),
    next: (now, at, coolingOffMs) => setTo(now, minorOf(amount, currency), at, coolingOffMs),
  })
}

function minorOf(amount: string, currency: string): bigint {
  const field = 'amount.amount'
  let minor: bigint
  try {
    minor = parseDecimal(amount, currency)
  } catch (error) {
    if (error instanceof Problem) throw new Problem('BAD_AMOUNT', error.message, field)
    throw error
  }
  if (minor < 0n) throw new Problem('BAD_AMOUNT', 'the amount is below zero', field)
  return minor
}
