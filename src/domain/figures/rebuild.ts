import type { ReadContext } from '../context.ts'
import { laneCount } from '../../db/lane.ts'
import { readValues } from '../../db/rows.ts'
import { foldAll, type FoldProgress } from './fold.ts'

export interface RebuildOptions {
  readonly signal?: AbortSignal
  readonly onStep?: (progress: FoldProgress) => void
}

/**
 * Forgets the figures and folds the journal anew, as after a change of a brand's time zone. Days whose journal rows
 * have gone in part or whole stay as they are. Servers may go on: they fold along. Until it is done reports lack what
 * is not folded yet, and say so by `asOf`. Cut off, it is gone on with by whoever folds next.
 */
export async function rebuildFigures(
  ctx: Pick<ReadContext, 'sql'>,
  options: RebuildOptions = {},
): Promise<FoldProgress> {
  while (!options.signal?.aborted) {
    const [row = []] = await readValues(ctx.sql, forgetStatement, [])
    if (row[0] === 1) break
  }
  return foldAll(ctx, options)
}

/**
 * All or nothing, and nothing when a step was taken between this statement's snapshot and its lock: what that step
 * added would not be seen here, and would be left to be counted twice.
 */
const forgetStatement = `/* figures: forget all that can be folded again */
with gate as materialized (
  select s.id from figure_state s
  where s.id = 1 and s.steps = (select old.steps from figure_state old where old.id = 1) for no key update),
kept as materialized (
  select coalesce((select max(recorded_at) from lane_floors), '-infinity') as floor from gate),
forget_figures as (
  delete from figures f using kept k, figure_groups g, brands z
  where g.id = f.group_id and z.id = g.brand_id
    and case f.grain when 'DAY' then f.starts_at else date_trunc('day', f.starts_at, z.time_zone) end > k.floor),
forget_player_figures as (
  delete from player_figures f using kept k, figure_groups g, brands z
  where g.id = f.group_id and z.id = g.brand_id and date_trunc('day', f.starts_at, z.time_zone) > k.floor),
moved as (
  update figure_state s set places = array_fill(0::bigint, array[${laneCount}]), as_of = null, steps = s.steps + 1,
    folded_at = null, kept_from = nullif(k.floor, '-infinity')
  from kept k where s.id = 1 returning 1)
select count(*)::int4 from moved`
