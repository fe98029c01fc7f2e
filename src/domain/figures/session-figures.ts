import { Parameters, readValues } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import { readSums, sumColumns } from './sums.ts'
import type { Sums } from './types.ts'

export interface SessionSums extends Sums {
  readonly openBets: bigint
  /** Real stakes of the open ones. */
  readonly heldMinor: bigint
}

/**
 * What the bets of each session come to now; a session without bets has no entry. Out of the bets: a session has few,
 * and is looked at while it goes on.
 */
export async function sessionFigures(
  ctx: ScopedContext,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, SessionSums>> {
  const parameters = new Parameters()
  const text = `/* figures: of sessions */
select b.session_id, count(*) filter (where b.status = 'OPEN')::text,
  coalesce(sum(b.stake_minor) filter (where b.status = 'OPEN' and b.kind = 'REAL'), 0)::text, ${sumColumns}
from bets b cross join lateral (select b.kind) g cross join lateral (
  select s.settled as bets, s.settled * b.stake_minor as stake_minor,
    s.settled * b.bonus_stake_minor as bonus_stake_minor, b.payout_minor - b.jackpot_minor as win_minor,
    b.jackpot_minor
  from (select case b.status when 'SETTLED' then 1 else 0 end as settled) s) f
where b.session_id = any(${parameters.addArray('uuid', sessionIds)})
and b.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])}) group by 1`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map(
    rows.map((values) => {
      const [id, open, held] = values.map(String)
      return [id ?? '', { ...readSums(values, 3), openBets: BigInt(open ?? 0), heldMinor: BigInt(held ?? 0) }]
    }),
  )
}
