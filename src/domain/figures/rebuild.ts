import type { ReadContext } from '../context.ts'
import { laneCount } from '../../db/lane.ts'
import { readValues } from '../../db/rows.ts'
import { foldAll, type FoldProgress } from './fold.ts'

export interface RebuildOptions {
  readonly signal?: AbortSignal
  readonly onStep?: (progress: FoldProgress) => void
  /** Before figures are forgotten: in how many parts, each a statement. */
  readonly onForget?: (parts: number) => void
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
  const ends = await partEnds(ctx)
  options.onForget?.(ends.length + 1)
  while (!options.signal?.aborted && !(await forget(ctx, ends)));
  return foldAll(ctx, options)
}

const partDays = 7

/** Where parts of the time that there are figures of end, as texts. */
async function partEnds({ sql }: Pick<ReadContext, 'sql'>): Promise<string[]> {
  const text = `/* figures: weeks that there are figures of */
select w.at::text from (select min(starts_at) as low, max(starts_at) as high from player_figures) f
cross join generate_series(f.low, f.high, '${partDays} days') as w(at) order by w.at`
  return (await readValues(sql, text, [])).map(([at]) => String(at))
}

/** Another changed the state or held it: nothing was done. */
const beaten = ['40001', '55P03']

/**
 * False when nothing was done. A statement for each part, so that none runs into the limit of statements; all of them
 * are one message and so one transaction, whatever breaks, and of one snapshot, which a step taken meanwhile makes
 * unusable: what it added would not be seen here, and would be counted twice.
 */
async function forget({ sql }: Pick<ReadContext, 'sql'>, ends: readonly string[]): Promise<boolean> {
  const parts = [...ends, undefined].map((end, at) => ({ from: ends[at - 1], end }))
  const text = `/* figures: forget all that can be folded again */
set transaction isolation level repeatable read;
select from figure_state where id = 1 for no key update;
${parts.map(forgetPart).join('')}
update figure_state set places = array_fill(0::bigint, array[${laneCount}]), as_of = null, steps = steps + 1,
  folded_at = null, kept_from = (select max(recorded_at) from lane_floors) where id = 1;`
  try {
    await sql.unsafe(text).simple()
    return true
  } catch (error) {
    if (beaten.includes(String((error as { code?: unknown }).code))) return false
    throw error
  }
}

const keptFrom = `(select coalesce(max(recorded_at), '-infinity') from lane_floors)`

interface Part {
  readonly from: string | undefined
  readonly end: string | undefined
}

function forgetPart({ from, end }: Part): string {
  const within = [
    'g.id = f.group_id and z.id = g.brand_id',
    ...(from === undefined ? [] : [`f.starts_at >= '${from}'`]),
    ...(end === undefined ? [] : [`f.starts_at < '${end}'`]),
  ].join(' and ')
  return `delete from figures f using figure_groups g, brands z where ${within}
  and case f.grain when 'DAY' then f.starts_at else date_trunc('day', f.starts_at, z.time_zone) end > ${keptFrom};
delete from player_figures f using figure_groups g, brands z where ${within}
  and date_trunc('day', f.starts_at, z.time_zone) > ${keptFrom};
`
}
