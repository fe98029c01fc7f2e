import { onlyWithin, readLinkValues } from '../../db/link-reads.ts'
import { Parameters } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import { readSums, sumColumns } from './sums.ts'
import type { Sums } from './types.ts'

/** What a player's bets in one currency come to. */
export interface PlayerFigures extends Sums {
  readonly currency: string
  /** The biggest single win of a real-money bet, its jackpot included; null without any. */
  readonly biggestWinMinor: bigint | null
}

/** So many of the brand's days, today included; null for all days. */
export type Days = number | null

/**
 * For each player and each window, in their order, the figures by currency; a currency without any is left out, and so
 * is a player who is unknown in the caller's brands. One statement, however many players and windows.
 */
export async function playerFigures(
  ctx: ScopedContext,
  playerIds: readonly string[],
  windows: readonly Days[],
): Promise<ReadonlyMap<string, readonly (readonly PlayerFigures[])[]>> {
  const parameters = new Parameters()
  const now = parameters.add('timestamptz', ctx.clock.now().toISOString())
  const text = `/* figures: of players in windows of days */
select p.id, w.n::int4, g.currency, coalesce(max(f.biggest_win_minor) filter (where g.kind = 'REAL'), 0)::text,
  ${sumColumns}
from players p
join brands z on z.id = p.brand_id
cross join unnest(${parameters.addArray('int4', windows)}) with ordinality as w(days, n)
cross join lateral (
  select coalesce((date_trunc('day', ${now} at time zone z.time_zone) - make_interval(days => w.days - 1))
    at time zone z.time_zone, '-infinity') as low) l
join player_figures f on f.player_id = p.id and f.starts_at >= l.low
join figure_groups g on g.id = f.group_id
where p.id = any(${parameters.addArray('uuid', playerIds)})
and ${onlyWithin('p.brand_id', parameters.addArray('uuid', [...ctx.actor.brandIds]))}
group by 1, 2, 3 order by 1, 2, 3`
  const rows = await readLinkValues(ctx.sql, text, parameters.values)
  const found = new Map<string, PlayerFigures[][]>()
  for (const values of rows) {
    const [id, n, currency, biggest] = values.map(String)
    const own = found.get(id ?? '') ?? windows.map(() => [])
    found.set(id ?? '', own)
    own[Number(n) - 1]?.push({
      currency: currency ?? '',
      ...readSums(values, 4),
      biggestWinMinor: biggest === '0' ? null : BigInt(biggest ?? 0),
    })
  }
  return found
}
