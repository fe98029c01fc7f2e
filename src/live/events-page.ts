// Pages of the journal with the same cursors as subscriptions have: one order, by (stamp, lane, seq), and a cursor
// that is a place in every lane. Where it stands in a lane without a match before it is the last match there.
import type { ReadContext } from '../domain/context.ts'
import type { EventFilter } from '../domain/journal/filter.ts'
import { type LanePagesQuery, lanePages } from '../domain/journal/lane-pages.ts'
import { laneFloors, type Place } from '../domain/journal/queries.ts'
import type { JournalEvent } from '../domain/journal/types.ts'
import { checkPageArguments, type Page, type PageArguments } from '../lib/page.ts'
import { type Cursor, parseCursor, verifyVector } from './cursor.ts'
import { Vector } from './vector.ts'

type Reading = Pick<ReadContext, 'sql'>

/** Throws the Problems of page arguments, CURSOR_INVALID and CURSOR_EXPIRED. */
export async function eventsPage(
  ctx: Reading,
  filter: EventFilter,
  args: PageArguments,
): Promise<Page<JournalEvent>> {
  const wish = checkPageArguments(args)
  const [after, before] = [parsed(wish.after), parsed(wish.before)]
  const range = {
    filter,
    ...(after && { after: after.vector.places() }),
    ...(before && { upTo: upTo(before) }),
  }
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
  return {
    rows,
    cursor: (event) => cursors.get(event) ?? '',
    hasNextPage: () => (wish.forward ? more : anyPast(ctx, filter, before)),
    hasPreviousPage: () => (wish.forward ? anyUpTo(ctx, filter, after) : more),
  }
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

async function any(ctx: Reading, query: Omit<LanePagesQuery, 'laneRows'>): Promise<boolean> {
  const found = await lanePages(ctx, { ...query, laneRows: 1 })
  return found.length > 0
}

/** Whether there is anything at or after the event of `before`. */
async function anyPast(ctx: Reading, filter: EventFilter, before: Cursor | undefined): Promise<boolean> {
  return before !== undefined && (await any(ctx, { filter, after: upTo(before), direction: 'FORWARD' }))
}

/** Whether there is anything up to `after`. */
async function anyUpTo(ctx: Reading, filter: EventFilter, after: Cursor | undefined): Promise<boolean> {
  return (
    after !== undefined && (await any(ctx, { filter, upTo: after.vector.places(), direction: 'BACKWARD' }))
  )
}
