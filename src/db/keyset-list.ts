// What a list is, and what can be asked of it.
import type { FilterTree } from '../lib/filter-tree.ts'
import type { PageArguments } from '../lib/page.ts'
import type { Sql } from './connection.ts'
import type { Conditions } from './filter.ts'
import type { SortColumn } from './keyset-bounds.ts'
import type { Parameters, Shape } from './rows.ts'

export type Direction = 'ASC' | 'DESC'

export interface ListShape<Row, Filter extends object, Sort extends string, Sum extends string = never> {
  /** Stands in cursors and in the comments of statements. */
  readonly name: string
  /** `bets t` */
  readonly from: string
  readonly shape: Shape<Row>
  readonly brandColumn: string
  /** The columns of each order, most important first; all of them together are unique. */
  readonly sorts: Readonly<Record<Sort, readonly SortColumn<Row>[]>>
  /** For each field of the filter; `and`, `or` and `not` come by themselves. */
  readonly conditions: Conditions<Filter>
  /**
   * Choice filters that lead to few rows by an index of their own, best first; else the brand's index is walked. The
   * values chosen are those of the column, or `keys` finds those in SQL.
   */
  readonly drivers?: readonly Driver<keyof Filter & string>[]
  /** Those that may lead to many rows, but in the order of this sort; tried after the others. */
  readonly ordered?: { readonly [Key in Sort]?: readonly Driver<keyof Filter & string>[] }
  /** For tables without an index by brand: a column that has one, and its values for an array of brands, in SQL. */
  readonly start?: { readonly column: string; readonly keys: (brandIds: string) => string }
  /** A condition that always holds. */
  readonly always?: string | ((parameters: Parameters) => string)
  /** What a comparison with a cursor's values implies, in words that an index understands. */
  readonly reach?: (operator: string, values: readonly string[], parameters: Parameters) => string
  /** Sums over everything that the filter lets pass, for each currency. */
  readonly totals?: ListTotals<Sum>
  /** Columns of text by which rows can be counted apart. */
  readonly kinds?: readonly string[]
}

export type Driver<Field extends string> = readonly [field: Field, column: string, keys?: DriverKeys]

/** An array of uuids in SQL, from an array of what was chosen and one of brands. */
export type DriverKeys = (chosen: string, brandIds: string) => string

export interface ListTotals<Sum extends string> {
  /** `t.currency` */
  readonly currency: string
  /** A column that they are told apart by as well. */
  readonly by?: string
  /** What the sums need besides the rows: `cross join lateral (…) s`. */
  readonly join?: string
  /** Each an aggregate in SQL that comes to an integer: `sum(t.stake_minor)`. */
  readonly sums: Readonly<Record<Sum, string>>
}

export interface PageRequest<Filter, Sort extends string> {
  readonly page: PageArguments
  readonly filter?: FilterTree<Filter> | null | undefined
  readonly sort: { readonly key: Sort; readonly direction: Direction }
}

/** Where pages begin to look: columns (with types) and for each parent a value of each. */
export interface Parents {
  readonly columns: readonly (readonly [sql: string, type: 'uuid' | 'text'])[]
  readonly keys: readonly (readonly string[])[]
  /** One page over all parents, instead of one for each. */
  readonly merged: boolean
  /** The keys in SQL, instead of those above: from an array of those, and one of the caller's brands. */
  readonly keysOf?: DriverKeys
}

export interface KeysetScope {
  readonly sql: Sql
  readonly actor: { readonly brandIds: ReadonlySet<string> }
  /** What the caller will look at. */
  readonly wanted?: WantedColumns
}

/** By the names of lists: the columns that rows need to have; whole rows where none are said. */
export interface WantedColumns {
  columns?: ReadonlyMap<string, ReadonlySet<string>> | undefined
}

/** What is read of a list's rows. Columns that they are sorted by are among it, since cursors hold them. */
export function wantedShape<Row>(
  { wanted }: KeysetScope,
  { name, shape }: { readonly name: string; readonly shape: Shape<Row> },
  sorts: readonly { readonly sql: string }[] = [],
): Shape<Row> {
  const columns = wanted?.columns?.get(name)
  if (!columns) return shape
  return shape.only(
    columns,
    sorts.map(({ sql }) => sql),
  )
}
