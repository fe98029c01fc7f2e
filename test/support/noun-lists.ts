// What lists of nouns must give, said over the bare rows: each field of a filter as a value for the schema and the same
// in JavaScript, each order as a comparison.
import * as fc from 'fast-check'
import type { Sql } from '../../src/db/connection.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { formatDecimal } from '../../src/lib/money.ts'

export type Row = Record<string, string | number | bigint | boolean | Date | null>
export type Matches = (row: Row) => boolean

export interface Said {
  readonly value: unknown
  readonly matches: Matches
}

export interface NounList {
  readonly list: string
  readonly type: string
  readonly rows: string
  readonly fields: Readonly<Record<string, (rows: readonly Row[]) => fc.Arbitrary<Said>>>
  /** What comes before the id in each order. */
  readonly sorts: Readonly<Record<string, (row: Row) => string | number>>
  /** What an order needs besides. */
  readonly narrowed?: object
  /** What all rows found come to: out of rows of their own, each with the `id` that it counts for. */
  readonly totals?: {
    readonly asks: string
    readonly rows: string
    readonly of: (rows: readonly Row[]) => readonly object[]
  }
}

const optional = { requiredKeys: [] }
const valuesOf = (rows: readonly Row[], column: string) => [
  ...new Set(rows.map((row) => row[column]).filter((one) => one !== null)),
]

/** A choice of what occurs, and of one that does not. */
export const choice =
  (column: string, shown: (value: string) => string = (value) => value) =>
  (rows: readonly Row[]): fc.Arbitrary<Said> => {
    const values = valuesOf(rows, column).map(String)
    return fc.oneof(
      fc.constantFrom(...values).map((one) => ({
        value: { eq: shown(one) },
        matches: (row: Row) => String(row[column]) === one,
      })),
      fc.subarray(values, { maxLength: Math.min(values.length, 100) }).map((some) => ({
        value: { in: some.map(shown) },
        matches: (row: Row) => row[column] !== null && some.includes(String(row[column])),
      })),
    )
  }

export const id = (column: string, type: string) => choice(column, (key) => globalId(type, key))

export const text =
  (column: string) =>
  (rows: readonly Row[]): fc.Arbitrary<Said> =>
    fc.oneof(
      choice(column)(rows),
      fc
        .tuple(fc.constantFrom(...valuesOf(rows, column).map(String)), fc.integer({ min: 0, max: 12 }))
        .map(([one, length]) => one.slice(0, length))
        .map((prefix) => ({
          value: { startsWith: prefix },
          matches: (row: Row) => row[column] !== null && String(row[column]).startsWith(prefix),
        })),
    )

export const time =
  (column: string) =>
  (rows: readonly Row[]): fc.Arbitrary<Said> => {
    const times = fc.constantFrom(...valuesOf(rows, column).map((one) => (one as Date).getTime()))
    return fc.record({ gte: times, lt: times }, optional).map(({ gte, lt }) => ({
      value: {
        gte: gte === undefined ? null : new Date(gte).toISOString(),
        lt: lt === undefined ? null : new Date(lt).toISOString(),
      },
      matches(row) {
        if (gte === undefined && lt === undefined) return true
        const at = row[column]
        if (!(at instanceof Date)) return false
        return (gte === undefined || at.getTime() >= gte) && (lt === undefined || at.getTime() < lt)
      },
    }))
  }

export const int =
  (column: string) =>
  (rows: readonly Row[]): fc.Arbitrary<Said> => {
    const numbers = fc.constantFrom(...valuesOf(rows, column).map(Number))
    const some = fc.array(numbers, { maxLength: 3 })
    return fc.record({ eq: numbers, in: some, gte: numbers, lte: numbers }, optional).map((value) => ({
      value,
      matches(row) {
        const number = Number(row[column])
        return (
          (value.eq === undefined || number === value.eq) &&
          (!value.in || value.in.includes(number)) &&
          (value.gte === undefined || number >= value.gte) &&
          (value.lte === undefined || number <= value.lte)
        )
      },
    }))
  }

export const flag = (matches: Matches) => (): fc.Arbitrary<Said> =>
  fc.boolean().map((value) => ({ value, matches: (row) => matches(row) === value }))

/** Of one currency, in its units; what carries no currency or another matches nothing. */
export const money =
  (column: string, currencies: readonly string[] = ['EUR']) =>
  (rows: readonly Row[]): fc.Arbitrary<Said> => {
    const amounts = fc.constantFrom(...valuesOf(rows, column).map((one) => BigInt(String(one))))
    return fc
      .tuple(fc.constantFrom(...currencies), fc.record({ gte: amounts, lte: amounts }, optional))
      .map(([currency, { gte, lte }]) => {
        const units = (minor: bigint | undefined) =>
          minor === undefined ? null : formatDecimal(minor, currency)
        return {
          value: { currency, gte: units(gte), lte: units(lte) },
          matches(row) {
            const [own, of = currency] = [row[column] ?? null, row['currency']]
            if (own === null || of !== currency) return false
            const amount = BigInt(String(own))
            return (gte === undefined || amount >= gte) && (lte === undefined || amount <= lte)
          },
        }
      })
  }

/** Up to three fields, with a few of the same below `and`, `or` and `not`. */
export function filterOf(list: NounList, rows: readonly Row[]): fc.Arbitrary<Said> {
  const plain = fc.subarray(Object.keys(list.fields), { maxLength: 3 }).chain((names) =>
    fc
      .tuple(
        ...names.map(
          (name) => list.fields[name]?.(rows) ?? fc.constant({ value: null, matches: () => true }),
        ),
      )
      .map(
        (said): Said => ({
          value: Object.fromEntries(names.map((name, at) => [name, said[at]?.value])),
          matches: (row) => said.every(({ matches }) => matches(row)),
        }),
      ),
  )
  const branches = fc.array(plain, { maxLength: 2 })
  return fc
    .record({ here: plain, and: branches, or: branches, not: plain }, { requiredKeys: ['here'] })
    .map(({ here, and, or, not }) => ({
      value: {
        ...(here.value as object),
        ...(and && { and: and.map(({ value }) => value) }),
        ...(or && { or: or.map(({ value }) => value) }),
        ...(not && { not: not.value }),
      },
      matches: (row) =>
        here.matches(row) &&
        (!and || and.every(({ matches }) => matches(row))) &&
        (!or || or.some(({ matches }) => matches(row))) &&
        !not?.matches(row),
    }))
}

/** The rows in the order that the list promises, as global ids. */
export function ordered(list: NounList, rows: readonly Row[], key: string, direction: string): string[] {
  const sortKey = list.sorts[key] ?? (() => 0)
  const rising = rows.toSorted((a, b) => {
    const [x, y] = [sortKey(a), sortKey(b)]
    if (x !== y) return x < y ? -1 : 1
    return String(a['id']) < String(b['id']) ? -1 : 1
  })
  return (direction === 'ASC' ? rising : rising.toReversed()).map((row) =>
    globalId(list.type, String(row['id'])),
  )
}

export const readRows = async (sql: Sql, { rows }: NounList, brandIds: readonly string[]): Promise<Row[]> => [
  ...(await sql.unsafe<Row[]>(rows, [[...brandIds]] as never)),
]
