// Rows by hand-written statements: explicit columns, decoded as the tables declare them. Stamps come as RFC 3339
// text with all their microseconds, amounts as bigint.
import { Column, PgDateString, PgTimestampString, getTableColumns, is } from './drizzle.ts'
import type { InferSelectModel } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { arrayLiteral, type Scalar } from './arrays.ts'
import type { Sql } from './connection.ts'

/** What is read of a row. In statements the table goes by the alias t. */
export interface Shape<Row> {
  /** `t.id as c0, t.code as c1 …` */
  readonly columns: string
  /** The same by their new names, of a subselect: `r.c0, r.c1 …` */
  readonly names: string
  decode(values: readonly unknown[], from: number): Row
  /**
   * Rows of which only some columns are read, and those of these texts besides; whoever asks for another one of
   * their columns gets an error. When there are many such choices already, it is the smallest of them that has all
   * these: each choice makes texts of its own, and prepared statements are never forgotten.
   */
  readonly only: (names: ReadonlySet<string>, sqls?: readonly string[]) => Shape<Row>
}

interface Piece {
  readonly name: string
  readonly sql: string
  /** Absent when the driver gives it as it is wanted. */
  readonly decode?: (value: unknown) => unknown
}

/** The columns of a table but some. */
export function shapeOf<T extends PgTable, K extends keyof InferSelectModel<T> & string = never>(
  table: T,
  without: readonly K[] = [],
): Shape<Omit<InferSelectModel<T>, K>> {
  const columns = Object.entries(getTableColumns(table)).filter(
    ([name]) => !without.some((one) => one === name),
  )
  return shape(columns.map(([name, column]) => piece(name, column)))
}

/** The same with one more column, computed in SQL; it comes as the driver gives it. */
export function withComputed<Row, Name extends string, Value>(
  base: Shape<Row> & { readonly pieces?: readonly Piece[] },
  name: Name,
  sql: string,
): Shape<Row & Record<Name, Value>> {
  return shape([...(base.pieces ?? []), { name, sql }])
}

/** Columns that are all computed in SQL; they come as the driver gives them. */
export const computedShape = <Row>(columns: Readonly<Record<keyof Row & string, string>>): Shape<Row> =>
  shape(Object.entries<string>(columns).map(([name, sql]) => ({ name, sql, decode: (value) => value })))

const choicesMax = 32

function shape<Row>(pieces: readonly Piece[]): Shape<Row> & { readonly pieces: readonly Piece[] } {
  const chosen = new Map<string, Chosen<Row>>()
  const whole: Shape<Row> & { readonly pieces: readonly Piece[] } = {
    pieces,
    ...shapeOfPieces(pieces, pieces),
    only: (names, sqls = []) => {
      if (!sqls.every((sql) => pieces.some((piece) => piece.sql === sql))) return whole
      const some = pieces.filter(({ name, sql }) => names.has(name) || sqls.includes(sql))
      const key = some.map(({ name }) => name).join()
      const known = chosen.get(key)?.shape
      if (known || some.length === pieces.length) return known ?? whole
      if (chosen.size >= choicesMax) return smallestWith(some, [...chosen.values()]) ?? whole
      const made: Shape<Row> = { ...shapeOfPieces(some, pieces), only: whole.only }
      chosen.set(key, { pieces: some, shape: made })
      return made
    },
  }
  return whole
}

interface Chosen<Row> {
  readonly pieces: readonly Piece[]
  readonly shape: Shape<Row>
}

function smallestWith<Row>(some: readonly Piece[], chosen: readonly Chosen<Row>[]): Shape<Row> | undefined {
  const fitting = chosen.filter(({ pieces }) => some.every((piece) => pieces.includes(piece)))
  return fitting.toSorted((a, b) => a.pieces.length - b.pieces.length)[0]?.shape
}

const shapeOfPieces = <Row>(pieces: readonly Piece[], all: readonly Piece[]): Omit<Shape<Row>, 'only'> => ({
  columns: pieces.map((one, index) => `${one.sql} as c${index}`).join(', '),
  names: pieces.map((_, index) => `r.c${index}`).join(', '),
  decode: decoder(pieces, all) as Shape<Row>['decode'],
})

/**
 * A function that names all columns in one literal, made of the tables' own names: a row that grows column by column
 * costs seventy times as much, and rows are most of what is read.
 */
function decoder(pieces: readonly Piece[], all: readonly Piece[]): Shape<unknown>['decode'] {
  const decoders = pieces.map((one) => one.decode)
  const entries = pieces.map(({ name, decode }, index) => {
    if (!/^[a-z]\w*$/i.test(name)) throw new Error(`a column cannot be called ${name}`)
    const value = `values[from + ${index}]`
    return `${name}: ${decode ? `${value} === null ? null : decoders[${index}](${value})` : value}`
  })
  const absent = all.filter((one) => !pieces.includes(one)).map(({ name }) => name)
  const literal = [...(absent.length > 0 ? ['__proto__: unread'] : []), ...entries].join(', ')
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function('decoders', 'unread', `return (values, from) => ({ ${literal} })`)
  return make(decoders, unreadColumns(absent)) as Shape<unknown>['decode']
}

const unread = (name: string): never => {
  throw new Error(`the column ${name} was not read`)
}

/** Missing columns must not pass for empty ones. */
function unreadColumns(names: readonly string[]): object {
  const properties = names.map((name) => [name, { get: () => unread(name) }])
  return Object.defineProperties({}, Object.fromEntries(properties) as PropertyDescriptorMap)
}

function piece(name: string, column: PgColumn): Piece {
  const sql = `t.${column.name}`
  if (is(column, PgTimestampString)) return { name, sql: utcText(sql) }
  if (is(column, PgDateString)) return { name, sql: `${sql}::text` }
  const plain = column.mapFromDriverValue === Column.prototype.mapFromDriverValue
  return plain ? { name, sql } : { name, sql, decode: (value) => column.mapFromDriverValue(value) }
}

const utcText = (sql: string) => `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Collects the parameters of a statement while its text is written. */
export class Parameters {
  readonly values: string[] = []
  readonly #taken: number

  /** Behind so many that the statement has already. */
  constructor(taken = 0) {
    this.#taken = taken
  }

  /** Its place in the text, cast to the type. Through text, since the driver would cut or bend some types. */
  add(type: string, value: string | number | bigint | boolean): string {
    return this.#push(String(value), type)
  }

  addArray(type: string, values: readonly Scalar[]): string {
    return this.#push(arrayLiteral(values), `${type}[]`)
  }

  #push(value: string, type: string): string {
    return `$${this.#taken + this.values.push(value)}::text::${type}`
  }
}

/** All values of all rows, in the order of the statement's columns. The text must be one of few: it is prepared. */
export async function readValues(sql: Sql, text: string, parameters: readonly string[], prepare = true) {
  const rows = await sql.unsafe(text, [...parameters], { prepare }).values()
  return rows as readonly (readonly unknown[])[]
}

/** Rows whose columns are exactly the shape's. */
export async function readRows<Row>(
  sql: Sql,
  shape: Shape<Row>,
  text: string,
  parameters: readonly string[],
): Promise<Row[]> {
  const rows = await readValues(sql, text, parameters)
  return rows.map((values) => shape.decode(values, 0))
}
