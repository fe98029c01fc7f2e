// What a cursor says about where a page begins or ends, checked before it goes into a statement.
import { type CursorFrame, type PageWish, readCursor } from '../lib/page.ts'
import { Problem } from '../lib/problem.ts'

/** A column that is sorted by: never null, and its value as text is exact. */
export interface SortColumn<Row> {
  readonly sql: string
  readonly type: 'uuid' | 'int8' | 'int4' | 'text' | 'timestamptz'
  readonly of: (row: Row) => string
}

export interface Bounds {
  readonly after: readonly string[] | undefined
  readonly before: readonly string[] | undefined
}

const patterns: Readonly<Record<SortColumn<unknown>['type'], RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  int8: /^-?\d{1,18}$/,
  int4: /^-?\d{1,9}$/,
  text: /^[^\0]{0,512}$/u,
  timestamptz: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/,
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
    const fits =
      read.length === columns.length && columns.every(({ type }, at) => patterns[type].test(read[at] ?? ''))
    if (!fits) throw new Problem('BAD_USER_INPUT', `${side} is not a cursor of this list`, side)
    return read
  }
  try {
    return { after: values('after'), before: values('before') }
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}
