import { laneCount } from '../db/lane.ts'
import type { ReadContext } from '../domain/context.ts'
import { rowsAt } from '../domain/journal/queries.ts'
import { Problem } from '../lib/problem.ts'
import { cursorHeaderBytes, cursorLaneBytes, cursorVersion, idMark, noLane, Vector } from './vector.ts'

/** What a cursor says: everything up to the vector is behind it. */
export interface Cursor {
  readonly vector: Vector
  /** The lane of the event that it was made at; undefined for one that was not made at an event. */
  readonly lane: number | undefined
}

const cursorCharsMax = Math.ceil(((cursorHeaderBytes + cursorLaneBytes * laneCount) * 4) / 3)

const malformed = () => new Problem('CURSOR_INVALID', 'this is not a cursor of an event')

/** Throws CURSOR_INVALID for a text that no process of ours can have made. */
export function parseCursor(text: string): Cursor {
  if (text.length > cursorCharsMax || !/^[\w-]+$/.test(text)) throw malformed()
  const bytes = Buffer.from(text, 'base64url')
  const lanes = (bytes.length - cursorHeaderBytes) / cursorLaneBytes
  if (bytes[0] !== cursorVersion || !Number.isInteger(lanes) || lanes < 0) throw malformed()
  const vector = new Vector()
  let before = -1
  for (let at = cursorHeaderBytes; at < bytes.length; at += cursorLaneBytes) {
    const lane = bytes.readUInt8(at)
    const seq = bytes.readBigInt64BE(at + 1)
    if (lane <= before || lane >= laneCount || seq <= 0n) throw malformed()
    vector.set(lane, seq, bytes.readUInt32BE(at + 9))
    before = lane
  }
  const last = bytes.readUInt8(1)
  if (last !== noLane && vector.seq(last) === 0n) throw malformed()
  return { vector, lane: last === noLane ? undefined : last }
}

const expired = (why: string) => new Problem('CURSOR_EXPIRED', `${why}: start without a cursor`)

/**
 * Throws CURSOR_EXPIRED unless the very rows that the cursor names stand in the journal, or stood there as the newest
 * that retention dropped of their lanes: they do not when it comes from another database, or when this one was
 * restored or failed over to an older state. What follows a place below a floor is gone, though some of it may still
 * be read; so what was read past a vector is whole if this passes afterwards.
 */
export async function verifyVector(ctx: Pick<ReadContext, 'sql'>, vector: Vector): Promise<void> {
  const places = vector.places()
  const { rows, floors } = await rowsAt(ctx, places)
  if (floors.some(({ lane, seq }) => vector.seq(lane) < seq)) {
    throw expired('what follows this place is past retention and no longer in the journal')
  }
  const standing = [...rows, ...floors.filter(({ lane, seq }) => vector.seq(lane) === seq)]
  const marks = new Map(standing.map((row) => [row.lane, idMark(row.id)]))
  if (places.every(({ lane }) => marks.get(lane) === vector.mark(lane))) return
  throw expired('this place is not, or no longer, in the journal')
}

export async function openCursor(ctx: Pick<ReadContext, 'sql'>, text: string): Promise<Cursor> {
  const cursor = parseCursor(text)
  await verifyVector(ctx, cursor.vector)
  return cursor
}
