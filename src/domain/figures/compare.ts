import { readValues } from '../../db/rows.ts'
import type { ReadContext } from '../context.ts'

/**
 * Compares the figures with the ledger and with each other, up to where the fold is: one statement, so exact while
 * bets go on. Returns what differs, in words; nothing when all is true. Days whose journal rows have gone in part are
 * left out.
 */
export async function compareFigures({ sql }: Pick<ReadContext, 'sql'>): Promise<readonly string[]> {
  const rows = await readValues(sql, text, [])
  return rows.map(([what]) => String(what))
}

const differencesMax = 100

/** The house's legs make GGR, the jackpots' legs what they paid; players' hours and groups by place add up to days. */
const text = `/* figures: compare with the ledger and each other */
with s as materialized (
  select places, greatest(since, (select max(recorded_at) from lane_floors)) as floor from figure_state),
ledger as (
  select l.brand_id, l.currency, date_trunc('day', l.recorded_at, z.time_zone) as day,
    sum(case l.account when 'HOUSE' then l.amount_minor else 0 end) as ggr,
    -sum(case l.account when 'JACKPOTS' then l.amount_minor else 0 end) as jackpots
  from s cross join ledger_entries l join brands z on z.id = l.brand_id
  where l.account in ('HOUSE', 'JACKPOTS') and l.seq <= s.places[l.lane + 1] group by 1, 2, 3),
sums as (
  select case when f.grain = 'HOUR' then 'hours' when g.level = 'PLACE' then 'places' else 'days' end as kept,
    g.brand_id, g.currency, g.kind, date_trunc('day', f.starts_at, z.time_zone) as day, sum(f.bets) as bets,
    sum(f.stake_minor) as stake, sum(f.win_minor) as win, sum(f.jackpot_minor) as jackpots
  from figures f join figure_groups g on g.id = f.group_id join brands z on z.id = g.brand_id group by 1, 2, 3, 4, 5
  union all
  select 'players', g.brand_id, g.currency, g.kind, date_trunc('day', f.starts_at, z.time_zone), sum(f.bets),
    sum(f.stake_minor), sum(f.win_minor), sum(f.jackpot_minor)
  from player_figures f join figure_groups g on g.id = f.group_id join brands z on z.id = g.brand_id
  group by 1, 2, 3, 4, 5),
house as (
  select brand_id, currency, day, sum(case kind when 'REAL' then stake - win else 0 end) as ggr,
    sum(jackpots) as jackpots
  from sums where kept = 'days' group by 1, 2, 3),
wrong as (
  select brand_id, currency, day, format('GGR %s, but %s in the ledger; jackpots %s, but %s',
    coalesce(h.ggr, 0), coalesce(l.ggr, 0), coalesce(h.jackpots, 0), coalesce(l.jackpots, 0)) as what
  from house h full join ledger l using (brand_id, currency, day)
  where (coalesce(h.ggr, 0), coalesce(h.jackpots, 0)) <> (coalesce(l.ggr, 0), coalesce(l.jackpots, 0))
  union all
  select brand_id, currency, day, format('%s bets do not add up to the same in %s places: %s',
    kind, count(*), string_agg(kept, ', ' order by kept))
  from sums group by brand_id, currency, kind, day
  having count(*) <> 4 or min(bets) <> max(bets) or min(stake) <> max(stake) or min(win) <> max(win)
    or min(jackpots) <> max(jackpots))
select format('brand %s, %s, the day of %s: %s', z.code, w.currency, w.day at time zone 'UTC', w.what)
from wrong w join brands z on z.id = w.brand_id cross join s where w.day > coalesce(s.floor, '-infinity')
order by z.code, w.day, w.currency limit ${differencesMax}`
