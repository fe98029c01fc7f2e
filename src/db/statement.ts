// Builds one long statement of data-modifying CTEs out of parts. The text depends only on which parts have rows,
// never on how many, so that few texts are prepared per connection.
import type { Scalar } from './arrays.ts'
import type { Statement } from './lane.ts'
import { ArrayParameter } from './wire/array.ts'

/** A column of rows that travel as arrays: its name in the table, its type, and where its value comes from. */
export interface Column<Row> {
  readonly name: string
  readonly type: string
  readonly of: (row: Row, index: number) => Scalar
}

export const column = <Row>(
  name: string,
  type: string,
  of: (row: Row, index: number) => Scalar,
): Column<Row> => ({
  name,
  type,
  of,
})

export class StatementBuilder {
  /** The first one is the list of all ids, each once: rows name them by place, since ids are slow to parse. */
  readonly #parameters: (string | number | bigint | ArrayParameter)[] = ['']
  readonly #places = new Map<string, number>()
  readonly #parts: string[] = []

  /** A single parameter; returns its place in the text. */
  value(type: string, value: string | number | bigint | ArrayParameter): string {
    this.#parameters.push(value)
    return `$${this.#parameters.length}::${type}`
  }

  /**
   * The rows as a subquery `u` of the columns. The arrays are unnested in its select list: as tables in FROM each of
   * them would be copied into a store of its own first.
   */
  rows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
    const arrays = columns.map(({ name, type, of }) => `${this.#unnested(type, rows.map(of))} as ${name}`)
    return `(select ${arrays.join(', ')}) as u`
  }

  #unnested(type: string, values: readonly Scalar[]): string {
    if (type !== 'uuid') return `unnest(${this.value(`${type}[]`, new ArrayParameter(type, values))})`
    const places = new ArrayParameter(
      'int',
      values.map((value) => this.#placeOf(value)),
    )
    return `($1::uuid[])[unnest(${this.value('int[]', places)})]`
  }

  /** The place of an id in the list, from 1. */
  #placeOf(id: Scalar): number | null {
    if (typeof id !== 'string') return null
    const known = this.#places.get(id)
    if (known !== undefined) return known
    this.#places.set(id, this.#places.size + 1)
    return this.#places.size
  }

  /** Adds a CTE. */
  with(name: string, body: string): void {
    this.#parts.push(`${name} as (${body})`)
  }

  build(title: string, final: string): Statement {
    this.#parameters[0] = new ArrayParameter('uuid', [...this.#places.keys()])
    return { text: `/* ${title} */ with ${this.#parts.join(',\n')}\n${final}`, parameters: this.#parameters }
  }
}

/** An insert of array rows as a CTE; nothing when there are none. */
export function insertRows<Row>(
  builder: StatementBuilder,
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  onConflict = '',
): void {
  if (rows.length === 0) return
  const names = columns.map((one) => one.name).join(', ')
  builder.with(
    `insert_${table}`,
    `insert into ${table} (${names}) select ${names} from ${builder.rows(columns, rows)} ${onConflict}`,
  )
}
