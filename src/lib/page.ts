// Pages of a list: what the caller asks for, what is found, and the cursors between. A cursor names its list, sort
// and filter, so that one that is used elsewhere is refused instead of giving a page of nonsense.
import { createHash } from 'node:crypto'
import { Problem } from './problem.ts'

export const pageSizeMax = 100

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

export interface PageWish {
  readonly size: number
  /** From the start (first) or from the end (last). */
  readonly forward: boolean
  readonly after: string | undefined
  readonly before: string | undefined
}

/** Rows in the list's own order. Whether there is more is found out only when asked. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  cursor(row: Row): string
  hasNextPage(): boolean | Promise<boolean>
  hasPreviousPage(): boolean | Promise<boolean>
}

/** A page of a list that can say, when asked, what the whole of it comes to. */
export interface ListPage<Row, Sum extends string = never> extends Page<Row> {
  /** How many rows the whole list has; null says the limit of `countLimit`. */
  count(limit?: number | null): Promise<Count>
  /** What the whole list comes to, for each currency that occurs. */
  totals(): Promise<readonly Totals<Sum>[]>
  /** How many rows of each kind the whole list has, most first; counting ends at the limit for all of them together. */
  kinds(limit?: number | null): Promise<readonly Kind[]>
}

/** Rows that are alike in the columns by which those of their list are counted apart. */
export interface Kind {
  readonly of: readonly string[]
  readonly count: Count
}

/** AT_LEAST: counting ended behind the limit. */
export interface Count {
  readonly value: number
  readonly precision: 'EXACT' | 'AT_LEAST'
}

/** Of so many found, when looking ended one behind the limit. */
export const countOf = (found: number, limit: number): Count =>
  found > limit ? { value: limit, precision: 'AT_LEAST' } : { value: found, precision: 'EXACT' }

/** Kinds beyond these, the rarest, are not told: what callers may name freely would make any number of them. */
export const kindsMax = 100

/** The same of a kind, when so many were found of all kinds: each has at least what was found of it. */
export const countOfKind = (found: number, ofAll: number, limit: number): Count =>
  ofAll > limit ? { ...countOf(found, limit), precision: 'AT_LEAST' } : countOf(found, limit)

/** `by`: what totals of one currency are told apart by; empty when by nothing. */
export type Totals<Sum extends string> = { readonly currency: string; readonly by: string } & Readonly<
  Record<Sum, bigint>
>

export interface Edge<Row> {
  readonly cursor: string
  readonly node: Row
}

export const countLimit = { usual: 10_000, most: 1_000_000 } as const

/** 1 to 1,000,000; null counts as absent. */
export function checkCountLimit(limit: number | null | undefined): number {
  const wish = limit ?? countLimit.usual
  if (wish >= 1 && wish <= countLimit.most) return wish
  throw refusal(`limit must be 1 to ${countLimit.most}, not ${wish}`, 'limit')
}

/** Exactly one of first and last, 1 to 100; null counts as absent. */
export function checkPageArguments(args: PageArguments): PageWish {
  const first = args.first ?? undefined
  const last = args.last ?? undefined
  if (first !== undefined && last !== undefined) throw refusal('first and last exclude each other', 'last')
  const size = first ?? last
  if (size === undefined) throw refusal('one of first and last is needed', 'first')
  const name = first === undefined ? 'last' : 'first'
  if (size < 1 || size > pageSizeMax) throw refusal(`${name} must be 1 to ${pageSizeMax}, not ${size}`, name)
  const [after, before] = [args.after ?? undefined, args.before ?? undefined]
  return { size, forward: first !== undefined, after, before }
}

/** What a cursor is bound to. */
export interface CursorFrame {
  readonly list: string
  readonly sort: string
  /** Of the filter, and of whose list it is. */
  readonly digest: string
}

const version = 1

export function writeCursor(frame: CursorFrame, values: readonly string[]): string {
  const text = JSON.stringify([version, frame.list, frame.sort, frame.digest, ...values])
  return Buffer.from(text).toString('base64url')
}

/** The values of the cursor; a Problem says precisely what is wrong with it. */
export function readCursor(frame: CursorFrame, cursor: string, argument: 'after' | 'before'): string[] {
  const parts = parse(cursor)
  if (parts?.[0] !== version || !parts.slice(1).every((part) => typeof part === 'string')) {
    throw refusal(`${argument} is not a cursor of this list`, argument)
  }
  const [list, sort, digest, ...values] = parts.slice(1) as string[]
  const other = (what: string) => refusal(`${argument} is a cursor of another ${what}`, argument)
  if (list !== frame.list) throw other(`list: ${list}, not ${frame.list}`)
  if (sort !== frame.sort) throw other(`sort: ${sort}, not ${frame.sort}`)
  if (digest !== frame.digest) throw other('filter or parent')
  return values
}

/** The values of a cursor that nobody has checked; none when it is no cursor. */
export const cursorValues = (cursor: string): readonly string[] =>
  (parse(cursor) ?? []).slice(4).filter((one) => typeof one === 'string')

/** The same text for the same of anything made of plain values, absent and null being the same. */
export const sameText = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `${one}n` : one === null ? undefined : one,
  ) ?? ''

/** A short digest of it. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(sameText(value)).digest('base64url').slice(0, 11)

function parse(cursor: string): unknown[] | undefined {
  if (cursor.length > 2000) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

const refusal = (message: string, field: string) => new Problem('BAD_USER_INPUT', message, field)
