// What the journal's readers ask: where every lane ends, what comes past given places, and which rows stand there.
import { arrayLiteral } from '../../db/arrays.ts'
import { laneCount } from '../../db/lane.ts'
import type { ReadContext } from '../context.ts'
import { type EventRow, eventColumns, toEvent } from './rows.ts'
import type { JournalEvent } from './types.ts'

/** A place in the journal: the row itself, or everything up to it. */
export interface Place {
  readonly lane: number
  readonly seq: bigint
}

/** A row that stands in the journal, told apart by its id. */
export interface PlaceRow extends Place {
  readonly id: string
}

type Reading = Pick<ReadContext, 'sql'>

/** The place in every lane there can be: the start of the lane where none is given. */
export function everyLane(places: readonly Place[]): Place[] {
  const seqs = new Map(places.map(({ lane, seq }) => [lane, seq]))
  return Array.from({ length: laneCount }, (_, lane) => ({ lane, seq: seqs.get(lane) ?? 0n }))
}

/** The newest row of every lane in use, in one snapshot; the lane's floor where retention left no row. */
export async function journalHeads(ctx: Reading): Promise<PlaceRow[]> {
  const text = `/* journal: heads */
  select p.lane, e.seq, e.id from generate_series(0, ${laneCount - 1}) as p(lane) cross join lateral (
    select b.seq, b.id from (
      (select j.seq, j.id from journal j where j.lane = p.lane order by j.seq desc limit 1)
      union all select f.seq, f.event_id from lane_floors f where f.lane = p.lane) b
    order by b.seq desc limit 1) e`
  return plain(await ctx.sql.unsafe<PlaceRow[]>(text, [], { prepare: true }))
}

/** From one seq to below another, in every lane. */
export interface SeqRange {
  readonly from: bigint
  readonly below: bigint
}

export const everySeq: SeqRange = { from: 0n, below: 2n ** 63n - 1n }

/**
 * At most `laneRows` events of every lane past its place, in lane order and by seq: one statement, one snapshot.
 * A narrow range saves looking into the partitions of all other months for each lane.
 */
export async function eventsPast(
  ctx: Reading,
  places: readonly Place[],
  laneRows: number,
  { from, below }: SeqRange = everySeq,
): Promise<JournalEvent[]> {
  const text = `/* journal: past places */
  select e.* from unnest($1::text::smallint[], $2::text::bigint[]) as p(lane, low) cross join lateral (
    select ${eventColumns} from journal j
    where j.lane = p.lane and j.seq > p.low and j.seq >= $4::bigint and j.seq < $5::bigint
    order by j.seq limit $3) e
  order by e.lane, e.seq`
  const parameters = [...placeArrays(everyLane(places)), laneRows, String(from), String(below)]
  const rows = await ctx.sql.unsafe<EventRow[]>(text, parameters, { prepare: true })
  return rows.map(toEvent)
}

/** Where lanes begin that lost rows to retention: the newest row that went. */
export async function laneFloors(ctx: Reading): Promise<PlaceRow[]> {
  const text = `/* journal: floors */ select f.lane, f.seq, f.event_id as id from lane_floors f`
  return plain(await ctx.sql.unsafe<PlaceRow[]>(text, [], { prepare: true }))
}

/** The rows that stand at these places, and the floors of all lanes, in one snapshot. */
export async function rowsAt(
  ctx: Reading,
  places: readonly Place[],
): Promise<{ readonly rows: PlaceRow[]; readonly floors: PlaceRow[] }> {
  const text = `/* journal: rows at places, and floors */
  select j.lane, j.seq, j.id, false as floor from unnest($1::text::smallint[], $2::text::bigint[]) as p(lane, seq)
  join journal j on j.lane = p.lane and j.seq = p.seq
  union all select f.lane, f.seq, f.event_id, true from lane_floors f`
  const found = await ctx.sql.unsafe<(PlaceRow & { floor: boolean })[]>(text, placeArrays(places), {
    prepare: true,
  })
  return {
    rows: plain(found.filter(({ floor }) => !floor)),
    floors: plain(found.filter(({ floor }) => floor)),
  }
}

const plain = (rows: readonly PlaceRow[]): PlaceRow[] => rows.map(({ lane, seq, id }) => ({ lane, seq, id }))

const placeArrays = (places: readonly Place[]): [string, string] => [
  arrayLiteral(places.map(({ lane }) => lane)),
  arrayLiteral(places.map(({ seq }) => seq)),
]
