import { Problem } from '../../lib/problem.ts'
import type { Context } from '../context.ts'
import { changeLimit, type LimitAnswer, type LimitInput } from './change-limit.ts'
import { cancelled } from './limit-rules.ts'

/** Takes back a change of a limit that is waited for: the limit stays as it is. */
export function cancelLimitChange(ctx: Context, input: LimitInput): Promise<LimitAnswer> {
  return changeLimit(ctx, input, {
    action: 'cancelLimitChange',
    next(now) {
      if (!now) throw new Problem('LIMIT_UNKNOWN', 'there is no such limit')
      if (now.pendingFrom === null) throw new Problem('NOTHING_PENDING', 'the limit has no change to come')
      return cancelled(now)
    },
  })
}
