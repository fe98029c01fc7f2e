// Where moments lie in the lanes: within a lane stamps rise with the numbers, so a moment is found by halving, some
// forty steps along the primary key however long the lane is.
import { laneCount } from '../../db/lane.ts'
import { Parameters, readValues } from '../../db/rows.ts'
import type { ReadContext } from '../context.ts'

export interface Moment {
  /** RFC 3339, up to microseconds. */
  readonly at: string
  /** Behind what was recorded at that very moment, instead of before it. */
  readonly behind: boolean
}

/** For each moment and each lane a number: what is before the moment stands below it, all else at or above it. */
export async function placesAt(
  { sql }: Pick<ReadContext, 'sql'>,
  table: 'journal' | 'ledger_entries',
  moments: readonly Moment[],
): Promise<bigint[][]> {
  const parameters = new Parameters()
  const ats = parameters.addArray(
    'timestamptz',
    moments.map(({ at }) => at),
  )
  const behinds = parameters.addArray(
    'int4',
    moments.map(({ behind }) => (behind ? 1 : 0)),
  )
  const end = (direction: 'asc' | 'desc') =>
    `(select l.seq from ${table} l where l.lane = p.lane order by l.seq ${direction} limit 1)`
  const text = `/* ${table === 'journal' ? 'journal' : 'ledgerEntries'}: places of moments */
select (with recursive span(low, high) as (
  select coalesce(${end('asc')}, 0), coalesce(${end('desc')} + 1, 0)
  union all
  select case when f.recorded_at < m.at then f.seq + 1 else s.low end,
    case when f.recorded_at < m.at then s.high else s.middle end
  from (select low, high, (low + high) / 2 as middle from span where low < high) s
  left join lateral (select l.seq, l.recorded_at from ${table} l
    where l.lane = p.lane and l.seq >= s.middle and l.seq < s.high order by l.seq limit 1) f on true
) select low from span where low >= high)::text
from (select u.at + u.behind * interval '1 microsecond' as at, u.ord
  from unnest(${ats}, ${behinds}) with ordinality u(at, behind, ord)) m
cross join (select n::int2 as lane from generate_series(0, ${laneCount - 1}) n) p order by m.ord, p.lane`
  const rows = await readValues(sql, text, parameters.values)
  return moments.map((_, at) =>
    rows.slice(at * laneCount, (at + 1) * laneCount).map(([seq]) => BigInt(String(seq))),
  )
}
