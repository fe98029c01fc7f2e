// Pages of the journal with the same cursors as subscriptions have: one order, by (stamp, lane, seq), and a cursor
// that is a place in every lane. Where it stands in a lane without a match before it is the last match there.
import type { ReadContext } from '../domain/context.ts'
import type { EventFilter, EventTree, EventWish } from '../domain/journal/filter.ts'
import { placesAt } from '../domain/journal/lane-places.ts'
import { countLanes, type LanePagesQuery, lanePages } from '../domain/journal/lane-pages.ts'
import { everyLane, laneFloors, type Place } from '../domain/journal/queries.ts'
import type { JournalEvent } from '../domain/journal/types.ts'
import { exactText } from '../lib/exact-moment.ts'
import {
  checkCountLimit,
  checkPageArguments,
  countOf,
  type ListPage,
  type PageArguments,
} from '../lib/page.ts'
import { type Cursor, parseCursor, verifyVector } from './cursor.ts'
import { Vector } from './vector.ts'

type Reading = Pick<ReadContext, 'sql'>
type TimeRange = NonNullable<EventWish['recordedAt']>

/** Throws the Problems of page arguments, CURSOR_INVALID and CURSOR_EXPIRED. */
export async function eventsPage(
  ctx: Reading,
  filter: EventFilter,
  args: PageArguments,
  { time = {}, tree }: { readonly time?: TimeRange; readonly tree?: EventTree | undefined } = {},
): Promise<ListPage<JournalEvent>> {
  const wish = checkPageArguments(args)
  const [after, before] = [parsed(wish.after), parsed(wish.before)]
  const within = await boundsOf(ctx, time)
  const asked = { filter, ...(tree && { tree }) }
  const range = within({
    ...asked,
    ...(after && { after: after.vector.places() }),
    ...(before && { upTo: upTo(before) }),
  })
  const direction = wish.forward ? 'FORWARD' : 'BACKWARD'
  // Floors are looked up before the read and cursors verified after it: what retention takes meanwhile is then behind
  // neither of them, and whoever goes on from there is told.
  const start = after?.vector.clone() ?? Vector.of(await laneFloors(ctx))
  const found = await lanePages(ctx, { ...range, direction, laneRows: wish.size + 1 })
  await Promise.all([verify(ctx, after), verify(ctx, before)])
  const ordered = found.sort(byPlace)
  const rows = wish.forward ? ordered.slice(0, wish.size) : ordered.slice(-wish.size)
  const more = ordered.length > rows.length
  if (!wish.forward) for (const event of ordered.slice(0, -wish.size)) start.advance(event)
  const cursors = cursorsOf(rows, start)
  const anyPast = () => before !== undefined && any(ctx, within({ ...asked, after: upTo(before) }))
  const anyUpTo = () => after !== undefined && any(ctx, within({ ...asked, upTo: after.vector.places() }))
  return {
    rows,
    cursor: (event) => cursors.get(event) ?? '',
    hasNextPage: () => (wish.forward ? more : anyPast()),
    hasPreviousPage: () => (wish.forward ? anyUpTo() : more),
    count: async (limit) => {
      const most = checkCountLimit(limit)
      return countOf(await countLanes(ctx, within(asked), most + 1), most)
    },
    totals: () => Promise.resolve([]),
    kinds: () => Promise.resolve([]),
  }
}

type Range = Pick<LanePagesQuery, 'filter' | 'tree' | 'after' | 'upTo'>

/** The last place before a moment. */
const seqOf = (bounds: readonly bigint[], lane: number) => (bounds[lane] ?? 0n) - 1n

/** Keeps ranges within a time: from the first place of every lane that lies in it, up to the last. */
async function boundsOf(ctx: Reading, { gte, lt }: TimeRange): Promise<(range: Range) => Range> {
  const moments = [gte, lt].flatMap((at) => (at ? [{ at: exactText(at), behind: false }] : []))
  if (moments.length === 0) return (range) => range
  const found = await placesAt(ctx, 'journal', moments)
  const [low, high] = [gte ? found[0] : undefined, lt ? found.at(-1) : undefined]
  return ({ after, upTo: end, ...asked }) => ({
    ...asked,
    after: everyLane(after ?? []).map(({ lane, seq }) => ({
      lane,
      seq: low && seqOf(low, lane) > seq ? seqOf(low, lane) : seq,
    })),
    ...((end ?? high) && {
      upTo: everyLane(end ?? []).map(({ lane, seq }) => ({
        lane,
        seq: high && (!end || seqOf(high, lane) < seq) ? seqOf(high, lane) : seq,
      })),
    }),
  })
}

const parsed = (text: string | undefined) => (text === undefined ? undefined : parseCursor(text))

const verify = async (ctx: Reading, cursor: Cursor | undefined): Promise<void> =>
  cursor && (await verifyVector(ctx, cursor.vector))

/** Everything before the event that the cursor was made at; all up to it when it was not made at one. */
const upTo = ({ vector, lane }: Cursor): Place[] =>
  vector.places().map((place) => (place.lane === lane ? { lane, seq: place.seq - 1n } : place))

function byPlace(a: JournalEvent, b: JournalEvent): number {
  if (a.recordedUs !== b.recordedUs) return a.recordedUs < b.recordedUs ? -1 : 1
  return a.lane - b.lane || (a.seq < b.seq ? -1 : 1)
}

function cursorsOf(rows: readonly JournalEvent[], place: Vector): Map<JournalEvent, string> {
  return new Map(
    rows.map((event) => {
      place.advance(event)
      return [event, place.cursor(event.lane)]
    }),
  )
}

async function any(ctx: Reading, range: Range): Promise<boolean> {
  const found = await lanePages(ctx, { ...range, direction: 'FORWARD', laneRows: 1 })
  return found.length > 0
}
