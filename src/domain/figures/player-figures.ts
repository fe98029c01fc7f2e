import { onlyWithin, readLinkValues } from '../../db/link-reads.ts'
import { Parameters } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import { addedUp, addTo, noSums, readKindSums } from './sums.ts'
import type { Kind, Sums } from './types.ts'

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
  const widestFirst = windows.toSorted((a, b) => widthOf(b) - widthOf(a))
  const places = windows.map((days) => widestFirst.indexOf(days))
  const found = new Map<string, Map<string, PlayerFigures>[]>()
  for (const values of await readParts(ctx, playerIds, widestFirst)) {
    const [id, within, currency, kind, biggest] = values as [string, number, string, Kind, bigint]
    const own = found.get(id) ?? windows.map(() => new Map<string, PlayerFigures>())
    found.set(id, own)
    const part = readKindSums(values, 5)
    own.forEach((byCurrency, at) => {
      if ((places[at] ?? within) >= within) return
      const { biggestWinMinor, ...sums } = byCurrency.get(currency) ?? nothing
      const win = kind === 'REAL' && biggest > (biggestWinMinor ?? 0n) ? biggest : biggestWinMinor
      byCurrency.set(currency, { ...addTo(sums, kind, part), currency, biggestWinMinor: win })
    })
  }
  return new Map([...found].map(([id, own]) => [id, own.map((byCurrency) => [...byCurrency.values()])]))
}

const nothing = { ...noSums, biggestWinMinor: null }

const widthOf = (days: Days): number => days ?? Number.MAX_SAFE_INTEGER

/**
 * Each hour is read once, however many windows it lies in: of those from the widest on, as many as it says. Groups are
 * looked up one by one, since there may be more of them than a player has hours.
 */
function readParts(ctx: ScopedContext, playerIds: readonly string[], widestFirst: readonly Days[]) {
  const parameters = new Parameters()
  const now = parameters.add('timestamptz', ctx.clock.now().toISOString())
  const text = `/* figures: of players in windows of days */
select p.id, width_bucket(f.starts_at, l.lows), g.currency, g.kind, max(f.biggest_win_minor), ${addedUp}
from players p
join brands z on z.id = p.brand_id
cross join lateral (
  select array_agg(coalesce((date_trunc('day', ${now} at time zone z.time_zone)
    - make_interval(days => w.days - 1)) at time zone z.time_zone, '-infinity') order by w.n) as lows
  from unnest(${parameters.addArray('int4', widestFirst)}) with ordinality as w(days, n)) l
join player_figures f on f.player_id = p.id and f.starts_at >= l.lows[1]
cross join lateral (select g.currency, g.kind from figure_groups g where g.id = f.group_id limit 1) g
where p.id = any(${parameters.addArray('uuid', playerIds)})
and ${onlyWithin('p.brand_id', parameters.addArray('uuid', [...ctx.actor.brandIds]))}
group by 1, 2, 3, 4 order by 1, 3`
  return readLinkValues(ctx.sql, text, parameters.values)
}
