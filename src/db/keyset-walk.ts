// The statements of one scan of a list: its rows, whether there is more beyond them, how many there are in all and
// what they come to. Always `unnest(parents), lateral (…)`, so that each parent's page is one short walk along its
// index.
import {
  type Count,
  countOf,
  countOfKind,
  type Kind,
  kindsMax,
  type PageWish,
  type Totals,
} from '../lib/page.ts'
import { conditionsOf, saysNothing } from './filter.ts'
import type { Bounds, SortColumn } from './keyset-bounds.ts'
import {
  type KeysetScope,
  type ListShape,
  type PageRequest,
  type Parents,
  wantedShape,
} from './keyset-list.ts'
import { readLinkValues } from './link-reads.ts'
import { Parameters, readValues } from './rows.ts'

export class Walk<Row, Filter extends object, Sort extends string, Sum extends string> {
  readonly columns: readonly SortColumn<Row>[]
  readonly #scope: KeysetScope
  readonly #list: ListShape<Row, Filter, Sort, Sum>
  readonly #request: PageRequest<Filter, Sort>
  readonly #parents: Parents
  /** The field of the filter that the parents stand for. */
  readonly #used: string | undefined

  constructor(
    scope: KeysetScope,
    list: ListShape<Row, Filter, Sort, Sum>,
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

  /** Per parent (or once, when merged) up to one row more than wished for, in the order of the walk. */
  async rows(wish: PageWish, bounds: Bounds): Promise<Row[][]> {
    const { from, name } = this.#list
    const shape = wantedShape(this.#scope, this.#list, this.columns)
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const where = [...this.#conditions(parameters), ...this.#between(parameters, bounds)]
    const direction = (this.#request.sort.direction === 'ASC') === wish.forward ? 'asc' : 'desc'
    const limit = `limit ${parameters.add('int4', wish.size + 1)}`
    const keys = this.columns.map(({ sql }, index) => `${sql} as k${index}`).join(', ')
    const walked = this.columns.filter(({ follows }) => !follows)
    const inner = walked.map(({ sql }) => `${sql} ${direction}`).join(', ')
    const outer = this.columns.map((_, index) => `r.k${index} ${direction}`).join(', ')
    const text = `/* ${name}: page by ${this.#request.sort.key} */
select p.ord, ${shape.names} from ${source} cross join lateral (
  select ${shape.columns}, ${keys} from ${from} where ${where.join(' and ')}
  order by ${inner} ${limit}
) r order by ${this.#parents.merged ? `${outer} ${limit}` : `p.ord, ${outer}`}`
    return this.#perParent(await this.#readShort(text, parameters), (row) => shape.decode(row, 1))
  }

  /** For each parent whether there is anything at or beyond a cursor. */
  async anyBeyond(side: 'after' | 'before', values: readonly string[]): Promise<readonly boolean[]> {
    const { from, name } = this.#list
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const outward = (this.#request.sort.direction === 'ASC') === (side === 'after') ? '<=' : '>='
    const where = [...this.#conditions(parameters), this.#compare(parameters, outward, values)]
    const text = `/* ${name}: anything beyond the page */
select p.ord from ${source} where exists (select 1 from ${from} where ${where.join(' and ')})`
    const found = this.#perParent(await this.#readShort(text, parameters), () => true)
    return found.map((rows) => rows.length > 0)
  }

  /** For each parent how many rows there are in all; counting ends behind the limit. */
  async counts(limit: number): Promise<readonly Count[]> {
    const { from, name } = this.#list
    const { merged } = this.#parents
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const most = `limit ${parameters.add('int4', limit + 1)}`
    const each = `lateral (select 1 from ${from} where ${this.#conditions(parameters).join(' and ')} ${most})`
    const text = `/* ${name}: count */
select ${
      merged
        ? `1, count(*)::int4 from (select 1 from ${source} cross join ${each} r ${most}) c`
        : `p.ord, (select count(*) from ${each} r)::int4 from ${source}`
    }`
    const found = this.#perParent(await this.#read(text, parameters), (row) => Number(row[1]))
    return found.map(([count = 0]) => countOf(count, limit))
  }

  /** For each parent how many rows of each kind there are; counting ends behind the limit. */
  async kinds(limit: number): Promise<readonly (readonly Kind[])[]> {
    const { from, name, kinds } = this.#list
    if (!kinds) throw new Error(`${name} has no kinds`)
    const { merged } = this.#parents
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const where = this.#conditions(parameters).join(' and ')
    const most = `limit ${parameters.add('int4', limit + 1)}`
    const named = kinds.map((column, at) => `${column} collate "C" as g${at}`).join(', ')
    const each = `${source} cross join lateral (select ${named} from ${from} where ${where} ${most}) r`
    const groups = kinds.map((_, at) => `g${at}`).join(', ')
    const text = `/* ${name}: kinds */
select ord, ${groups}, found, of_all from (
  select ord, ${groups}, count(*)::int4 as found, (sum(count(*)) over (partition by ord))::int4 as of_all,
    row_number() over (partition by ord order by count(*) desc, ${groups}) as place
  from (select ${merged ? '1 as ord' : 'p.ord'}, r.* from ${each}${merged ? ` ${most}` : ''}) c group by ord, ${groups}
) k where place <= ${parameters.add('int4', kindsMax)} order by ord, place`
    return this.#perParent(await this.#read(text, parameters), (row) => {
      const [found, ofAll] = row.slice(-2).map(Number)
      return { of: row.slice(1, -2).map(String), count: countOfKind(found ?? 0, ofAll ?? 0, limit) }
    })
  }

  /** For each parent what all its rows come to, a row for each currency that occurs, by its code. */
  async totals(): Promise<readonly (readonly Totals<Sum>[])[]> {
    const { from, name, totals } = this.#list
    if (!totals) throw new Error(`${name} has no totals`)
    const parameters = new Parameters()
    const source = this.#source(parameters)
    const names = Object.keys(totals.sums) as Sum[]
    const sums = names.map((sum) => `coalesce(${totals.sums[sum]}, 0)::text`).join(', ')
    const where = this.#conditions(parameters).join(' and ')
    const { currency, by = `''`, join = '' } = totals
    const groups = [...(this.#parents.merged ? [] : ['p.ord']), currency, ...(totals.by ? [by] : [])].join(
      ', ',
    )
    const order = `${this.#parents.merged ? '' : 'p.ord, '}${currency} collate "C", ${by} collate "C"`
    const text = `/* ${name}: totals */
select ${this.#parents.merged ? '1' : 'p.ord'}, ${currency}, ${by}, ${sums}
from ${source} cross join ${from} ${join} where ${where} group by ${groups} order by ${order}`
    return this.#perParent(await this.#read(text, parameters), (row) => {
      const [, of, told, ...values] = row as [unknown, string, string, ...string[]]
      const found = Object.fromEntries(names.map((sum, at) => [sum, BigInt(values[at] ?? 0)]))
      return { currency: of, by: told, ...(found as Record<Sum, bigint>) }
    })
  }

  /**
   * Few filters make few texts, and prepared statements are never forgotten. One that looks at the rows it passes by is
   * planned anew each time besides: a value that few rows have asks for another way than one that many have.
   */
  #read(text: string, { values }: Parameters) {
    return readValues(this.#scope.sql, text, values, this.#plain)
  }

  /**
   * A page of each parent in the order of ids, which the index of its parents gives, is a link like others; so is one
   * of rows that are named by their ids.
   */
  #readShort(text: string, parameters: Parameters) {
    const { merged, columns, keysOf } = this.#parents
    const oneWay = merged ? columns[0]?.[0] === 't.id' && !keysOf : this.columns.length === 1
    const link = this.#plain && oneWay
    return link ? readLinkValues(this.#scope.sql, text, parameters.values) : this.#read(text, parameters)
  }

  get #plain(): boolean {
    return saysNothing(this.#request.filter ?? {}, this.#used)
  }

  /** Rows begin with the number of their parent. */
  #perParent<Value>(
    rows: readonly (readonly unknown[])[],
    decode: (row: readonly unknown[]) => Value,
  ): Value[][] {
    const { merged, keys } = this.#parents
    const found: Value[][] = merged ? [[]] : keys.map(() => [])
    for (const row of rows) found[merged ? 0 : Number(row[0]) - 1]?.push(decode(row))
    return found
  }

  #source(parameters: Parameters): string {
    const { columns, keys, keysOf } = this.#parents
    if (keysOf) {
      // A parameter that the text does not use would have no type.
      const text = keysOf(':chosen', ':brands')
        .replaceAll(
          ':chosen',
          once(() => parameters.addArray('text', keys.flat())),
        )
        .replaceAll(
          ':brands',
          once(() => parameters.addArray('uuid', [...this.#scope.actor.brandIds])),
        )
      return `unnest(${text}) with ordinality as p(v0, ord)`
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
    const filtered = conditionsOf(conditions, this.#request.filter ?? ({} as Filter), parameters, this.#used)
    const onBrands = this.#parents.columns.some(([sql]) => sql === brandColumn)
    const scoped = onBrands
      ? []
      : [`${brandColumn} = any(${parameters.addArray('uuid', [...this.#scope.actor.brandIds])})`]
    const fixed = typeof always === 'function' ? always(parameters) : always
    return [...parents, ...scoped, ...filtered, ...(fixed ? [fixed] : [])]
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
    const compared = `(${columns}) ${operator} (${bound.join(', ')})`
    const reach = this.#list.reach?.(operator, values, parameters)
    return reach ? `${compared} and ${reach}` : compared
  }
}

function once(make: () => string): () => string {
  let made: string | undefined
  return () => (made ??= make())
}
