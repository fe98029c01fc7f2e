import { Problem } from '../../lib/problem.ts'
import type { Context } from '../context.ts'
import { changeLimit, type LimitAnswer, type LimitInput } from './change-limit.ts'
import { later } from './limit-rules.ts'

/** Removes a limit: a player's after the brand's cooling-off time, that of a brand or a game at once. */
export function removeLimit(ctx: Context, input: LimitInput): Promise<LimitAnswer> {
  return changeLimit(ctx, input, {
    action: 'removeLimit',
    next(now, at, coolingOffMs) {
      if (!now) throw new Problem('LIMIT_UNKNOWN', 'there is no such limit')
      return later(now, null, at, coolingOffMs)
    },
  })
}
