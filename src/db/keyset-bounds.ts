// What a cursor says about where a page begins or ends, checked before it goes into a statement.
import { type CursorFrame, type PageWish, readCursor } from '../lib/page.ts'
import { Problem } from '../lib/problem.ts'

/** A column that is sorted by: never null, and its value as text is exact. */
export interface SortColumn<Row> {
  readonly sql: string
  readonly type: 'uuid' | 'int8' | 'int4' | 'numeric' | 'text' | 'timestamptz'
  readonly of: (row: Row) => string
  /** Within one parent the columns behind it rise as it does: the walk goes along those alone. */
  readonly follows?: true
}

export interface Bounds {
  readonly after: readonly string[] | undefined
  readonly before: readonly string[] | undefined
}

const matches = (pattern: RegExp) => (text: string) => pattern.test(text)
const integer = (bits: number) => (text: string) =>
  /^-?\d{1,19}$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text)

const fits: Readonly<Record<SortColumn<unknown>['type'], (text: string) => boolean>> = {
  uuid: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  int8: integer(64),
  int4: integer(32),
  numeric: matches(/^-?\d{1,80}$/),
  text: (text) => text.length <= 512 && !text.includes('\0') && text.isWellFormed(),
  timestamptz: (text) => text === '-infinity' || isMoment(text),
}

/** A moment as it is written into cursors, and that there is. */
function isMoment(text: string): boolean {
  const at = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/.test(text) || Number.isNaN(at)) return false
  return new Date(at).toISOString().startsWith(text.slice(0, 19)) && !text.startsWith('0000')
}

/** The values of both cursors; an error when one is not this list's. */
export function boundsOf(
  frame: CursorFrame,
  wish: PageWish,
  columns: readonly SortColumn<never>[],
): Bounds | Error {
  const values = (side: 'after' | 'before') => {
    const cursor = wish[side]
    if (cursor === undefined) return undefined
    const read = readCursor(frame, cursor, side)
    const own = read.length === columns.length && columns.every(({ type }, at) => fits[type](read[at] ?? ''))
    if (!own) throw new Problem('BAD_USER_INPUT', `${side} is not a cursor of this list`, side)
    return read
  }
  try {
    return { after: values('after'), before: values('before') }
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}
