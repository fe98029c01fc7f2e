// Pages by keyset: row-value comparison over the sort's columns, of which the last is unique, so that rows that
// arrive meanwhile neither hide nor repeat others. One statement reads the pages of any number of parents (the bets
// of 50 players), or one page over several (the bets of three brands): always `unnest(parents), lateral (…)`, so
// that each parent's page is one short walk along its index. It knows no noun.
import {
  type CursorFrame,
  checkPageArguments,
  digestOf,
  type Page,
  type PageArguments,
  type PageWish,
  writeCursor,
} from '../lib/page.ts'
import { type Condition, type ChoiceFilter, choicesOf } from './conditions.ts'
import type { Sql } from './connection.ts'
import { type Bounds, boundsOf, type SortColumn } from './keyset-bounds.ts'
import { Parameters, readValues, type Shape } from './rows.ts'

export type Direction = 'ASC' | 'DESC'

export interface ListShape<Row, Filter extends object, Sort extends string> {
  /** Stands in cursors and in the comments of statements. */
  readonly name: string
  /** `bets t` */
  readonly from: string
  readonly shape: Shape<Row>
  readonly brandColumn: string
  readonly sorts: Readonly<Record<Sort, readonly SortColumn<Row>[]>>
  readonly conditions: { readonly [Field in keyof Filter]-?: Condition<NonNullable<Filter[Field]>> }
  /** Choice filters that lead to few rows by an index of their own, best first; else the brand's index is walked. */
  readonly drivers?: readonly (readonly [keyof Filter & string, string])[]
  /** For tables without an index by brand: a column that has one, and its values for an array of brands, in SQL. */
  readonly start?: { readonly column: string; readonly keys: (brandIds: string) => string }
  /** A condition that always holds. */
  readonly always?: string
}

export interface PageRequest<Filter, Sort extends string> {
  readonly page: PageArguments
  readonly filter?: Filter | null | undefined
  readonly sort: { readonly key: Sort; readonly direction: Direction }
}

/** Where pages begin to look: columns (with types) and for each parent a value of each. */
export interface Parents {
  readonly columns: readonly (readonly [sql: string, type: 'uuid'])[]
  readonly keys: readonly (readonly string[])[]
  /** One page over all parents, instead of one for each. */
  readonly merged: boolean
  /** The keys in SQL, instead of those above. */
  readonly keysOf?: (brandIds: string) => string
}

export interface KeysetScope {
  readonly sql: Sql
  readonly actor: { readonly brandIds: ReadonlySet<string> }
}

/** One page of everything in the caller's brands. */
export async function readPage<Row, Filter extends object, Sort extends string>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort>,
  request: PageRequest<Filter, Sort>,
): Promise<Page<Row>> {
  const { column, keys, used } = startOf(scope, list, request.filter ?? undefined)
  const keysOf = !used && list.start ? { keysOf: list.start.keys } : {}
  const parents = {
    columns: [[column, 'uuid']] as const,
    keys: keys.map((key) => [key]),
    merged: true,
    ...keysOf,
  }
  const [page] = await scan(scope, list, request, parents, used)
  if (page instanceof Error) throw page
  if (!page) throw new Error('a merged scan gave no page')
  return page
}

/** A page for each parent, in the parents' order; an error stands for the parent whose cursor is not its own. */
export function readPages<Row, Filter extends object, Sort extends string>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort>,
  request: PageRequest<Filter, Sort>,
  parents: Omit<Parents, 'merged'>,
): Promise<(Page<Row> | Error)[]> {
  return scan(scope, list, request, { ...parents, merged: false }, undefined)
}

/** The walk goes along the first driver that the filter names, or along the brands. */
function startOf<Row, Filter extends object, Sort extends string>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort>,
  filter: Filter | undefined,
): { column: string; keys: readonly string[]; used: string | undefined } {
  for (const [field, column] of list.drivers ?? []) {
    const keys = choicesOf(filter?.[field] as ChoiceFilter | null | undefined)
    if (keys) return { column, keys, used: field }
  }
  return { column: list.start?.column ?? list.brandColumn, keys: [...scope.actor.brandIds], used: undefined }
}

async function scan<Row, Filter extends object, Sort extends string>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort>,
  request: PageRequest<Filter, Sort>,
  parents: Parents,
  used: string | undefined,
): Promise<(Page<Row> | Error)[]> {
  const wish = checkPageArguments(request.page)
  const walk = new Walk(scope, list, request, parents, used)
  const frames = parents.merged ? [walk.frame()] : parents.keys.map((key) => walk.frame(key))
  const bounds = frames.map((frame) => boundsOf(frame, wish, walk.columns))
  const good = bounds.find((one) => !(one instanceof Error))
  if (!good || good instanceof Error) return bounds as Error[]
  const found = parents.keys.length === 0 ? [[]] : await walk.rows(wish, good)
  const beyond = { after: walk.lazily('after', good.after), before: walk.lazily('before', good.before) }
  return frames.map((frame, index) => {
    const own = bounds[index]
    if (own instanceof Error) return own
    return pageOf(found[index] ?? [], wish, beyond, index, (row) =>
      writeCursor(
        frame,
        walk.columns.map((column) => column.of(row)),
      ),
    )
  })
}

type Beyond = () => Promise<readonly boolean[]> | undefined

function pageOf<Row>(
  found: readonly Row[],
  wish: PageWish,
  beyond: { readonly after: Beyond; readonly before: Beyond },
  index: number,
  cursor: (row: Row) => string,
): Page<Row> {
  const more = found.length > wish.size
  const rows = found.slice(0, wish.size)
  const outside = (side: Beyond) => side()?.then((all) => all[index] ?? false) ?? false
  return {
    rows: wish.forward ? rows : rows.toReversed(),
    cursor,
    hasNextPage: () => (wish.forward && more) || outside(beyond.before),
    hasPreviousPage: () => (!wish.forward && more) || outside(beyond.after),
  }
}

/** Writes and runs the statements of one scan. */
class Walk<Row, Filter extends object, Sort extends string> {
  readonly columns: readonly SortColumn<Row>[]
  readonly #scope: KeysetScope
  readonly #list: ListShape<Row, Filter, Sort>
  readonly #request: PageRequest<Filter, Sort>
  readonly #parents: Parents
  readonly #used: string | undefined

  constructor(
    scope: KeysetScope,
    list: ListShape<Row, Filter, Sort>,
    request: PageRequest<Filter, Sort>,
    parents: Parents,
    used: string | undefined,
  ) {
    this.columns = list.sorts[request.sort.key]
    this.#scope = scope
    this.#list = list
    this.#request = request
    this.#parents = parents
    this.#used = used
  }

  frame(parent: readonly string[] = []): CursorFrame {
    const { sort, filter } = this.#request
    const digest = digestOf([filter ?? {}, parent])
    return { list: this.#list.name, sort: `${sort.key} ${sort.direction}`, digest }
  }

  /** Per parent (or once, when merged) up to one row more than wished for, in the order of the walk. */
  async rows(wish: PageWish, bounds: Bounds): Promise<Row[][]> {
    const { shape, from, name } = this.#list
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const where = [...this.#conditions(parameters), ...this.#between(parameters, bounds)]
    const direction = (this.#request.sort.direction === 'ASC') === wish.forward ? 'asc' : 'desc'
    const limit = `limit ${parameters.add('int4', wish.size + 1)}`
    const keys = this.columns.map(({ sql }, index) => `${sql} as k${index}`).join(', ')
    const inner = this.columns.map(({ sql }) => `${sql} ${direction}`).join(', ')
    const outer = this.columns.map((_, index) => `r.k${index} ${direction}`).join(', ')
    const text = `/* ${name}: page by ${this.#request.sort.key} */
select p.ord, ${shape.names} from ${source} cross join lateral (
  select ${shape.columns}, ${keys} from ${from} where ${where.join(' and ')}
  order by ${inner} ${limit}
) r order by ${this.#parents.merged ? `${outer} ${limit}` : `p.ord, ${outer}`}`
    const values = await readValues(this.#scope.sql, text, parameters.values, this.#common)
    const found: Row[][] = this.#parents.merged ? [[]] : this.#parents.keys.map(() => [])
    for (const row of values) {
      const at = this.#parents.merged ? 0 : Number(row[0]) - 1
      found[at]?.push(shape.decode(row, 1))
    }
    return found
  }

  /** Whether there is anything at or beyond a cursor, for all parents at once, when somebody asks. */
  lazily(side: 'after' | 'before', values: readonly string[] | undefined): Beyond {
    let answer: Promise<readonly boolean[]> | undefined
    return () => {
      if (values && this.#parents.keys.length > 0) answer ??= this.#anyBeyond(side, values)
      return answer
    }
  }

  async #anyBeyond(side: 'after' | 'before', values: readonly string[]): Promise<readonly boolean[]> {
    const { from, name } = this.#list
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const outward = (this.#request.sort.direction === 'ASC') === (side === 'after') ? '<=' : '>='
    const where = [...this.#conditions(parameters), this.#compare(parameters, outward, values)]
    const text = `/* ${name}: anything beyond the page */
select p.ord from ${source} where exists (select 1 from ${from} where ${where.join(' and ')})`
    const rows = await readValues(this.#scope.sql, text, parameters.values, this.#common)
    if (this.#parents.merged) return [rows.length > 0]
    const found = new Set(rows.map(([ord]) => Number(ord) - 1))
    return this.#parents.keys.map((_, index) => found.has(index))
  }

  /** Few filters make few texts: only those are prepared, since prepared statements are never forgotten. */
  get #common(): boolean {
    return (
      Object.values(this.#request.filter ?? {}).filter((one) => one !== null && one !== undefined).length <= 1
    )
  }

  #source(parameters: Parameters): string {
    const { columns, keys, keysOf } = this.#parents
    if (keysOf) {
      const brandIds = parameters.addArray('uuid', [...this.#scope.actor.brandIds])
      return `unnest(${keysOf(brandIds)}) with ordinality as p(v0, ord)`
    }
    const arrays = columns.map(([, type], at) =>
      parameters.addArray(
        type,
        keys.map((key) => key[at]),
      ),
    )
    return `unnest(${arrays.join(', ')}) with ordinality as p(${columns.map((_, at) => `v${at}`).join(', ')}, ord)`
  }

  #conditions(parameters: Parameters): string[] {
    const { conditions, always, brandColumn } = this.#list
    const parents = this.#parents.columns.map(([sql], at) => `${sql} = p.v${at}`)
    const filter = this.#request.filter ?? ({} as Filter)
    const filtered = Object.entries(conditions).flatMap(([field, make]) => {
      const value = filter[field as keyof Filter]
      if (value === null || value === undefined || field === this.#used) return []
      return (make as Condition<NonNullable<Filter[keyof Filter]>>)(value, parameters)
    })
    const onBrands = this.#parents.columns.some(([sql]) => sql === brandColumn)
    const scoped = onBrands
      ? []
      : [`${brandColumn} = any(${parameters.addArray('uuid', [...this.#scope.actor.brandIds])})`]
    return [...parents, ...scoped, ...filtered, ...(always ? [always] : [])]
  }

  #between(parameters: Parameters, { after, before }: Bounds): string[] {
    const ascending = this.#request.sort.direction === 'ASC'
    return [
      ...(after ? [this.#compare(parameters, ascending ? '>' : '<', after)] : []),
      ...(before ? [this.#compare(parameters, ascending ? '<' : '>', before)] : []),
    ]
  }

  #compare(parameters: Parameters, operator: string, values: readonly string[]): string {
    const columns = this.columns.map(({ sql }) => sql).join(', ')
    const bound = this.columns.map(({ type }, at) => parameters.add(type, values[at] ?? ''))
    return `(${columns}) ${operator} (${bound.join(', ')})`
  }
}
