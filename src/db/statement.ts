// Builds one long statement of data-modifying CTEs out of parts. The text depends only on the parts, never on the
// number of rows, so that it is prepared once per connection.
import { arrayLiteral, type Scalar } from './arrays.ts'
import type { Statement } from './lane.ts'

/** A column of rows that travel as arrays: its name in the table, its type, and where its value comes from. */
export interface Column<Row> {
  readonly name: string
  readonly type: string
  readonly of: (row: Row) => Scalar
}

export const column = <Row>(name: string, type: string, of: (row: Row) => Scalar): Column<Row> => ({
  name,
  type,
  of,
})

export class StatementBuilder {
  readonly #parameters: (string | number | bigint)[] = []
  readonly #parts: string[] = []

  /** A single parameter; returns its place in the text. */
  value(type: string, value: string | number | bigint): string {
    this.#parameters.push(value)
    return `$${this.#parameters.length}::${type}`
  }

  /** The rows as `unnest(…) as u(columns)`. */
  rows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
    const arrays = columns.map((one) => this.value(`${one.type}[]`, arrayLiteral(rows.map(one.of))))
    return `unnest(${arrays.join(', ')}) as u(${columns.map((one) => one.name).join(', ')})`
  }

  /** Adds a CTE. */
  with(name: string, body: string): void {
    this.#parts.push(`${name} as (${body})`)
  }

  build(title: string, final: string): Statement {
    return { text: `/* ${title} */ with ${this.#parts.join(',\n')}\n${final}`, parameters: this.#parameters }
  }
}

/** An insert of array rows as a CTE that returns one row per row written. */
export function insertRows<Row>(
  builder: StatementBuilder,
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  onConflict = '',
): void {
  const names = columns.map((one) => one.name).join(', ')
  builder.with(
    `insert_${table}`,
    `insert into ${table} (${names}) select ${names} from ${builder.rows(columns, rows)} ${onConflict} returning 1`,
  )
}
