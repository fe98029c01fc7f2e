import { laneCount } from '../../db/lane.ts'
import { readValues } from '../../db/rows.ts'
import type { ReadContext } from '../context.ts'

/** More of a lane are not counted. */
const laneEventsMax = 1000

/** Metrics do not wait for a database that is slow to answer. */
const waitMs = 800

/** How far the figures are behind the journal; what cannot be read, or not at once, is NaN. */
export function foldReadings({ sql }: Pick<ReadContext, 'sql'>) {
  const read = async (text: string): Promise<number> => {
    const [row] = await Promise.race([readValues(sql, text, []).catch(() => []), nothing()])
    return row ? Number(row[0]) : Number.NaN
  }
  return { figuresLagSeconds: () => read(lagStatement), figuresEventsBehind: () => read(behindStatement) }
}

const nothing = () => new Promise<never[]>((resolve) => setTimeout(() => resolve([]), waitMs).unref())

const lagStatement = `/* figures: lag */
select coalesce(extract(epoch from clock_timestamp() - s.as_of), 'Infinity')::float8 from figure_state s`

const behindStatement = `/* figures: events behind */
select coalesce(sum(e.count), 0)::float8 from figure_state s cross join generate_series(0, ${laneCount - 1}) as p(lane)
cross join lateral (
  select count(*) from (
    select 1 from journal j where j.lane = p.lane and j.seq > s.places[p.lane + 1] limit ${laneEventsMax}) r) e`
