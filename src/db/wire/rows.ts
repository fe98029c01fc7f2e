// Rows as the server sends them: a statement's columns are told once, and every row is read by one function.

type Decode = (bytes: Buffer, from: number, to: number) => unknown

/** Reads a DataRow's columns, which begin at a place. */
export type ReadRow<Row> = (bytes: Buffer, at: number) => Row

/** How text of a type, by its number, is read. */
export type Parsers = ReadonlyMap<number, (text: string) => unknown>

const plain: Decode = (bytes, from, to) => bytes.toString('latin1', from, to)
const number: Decode = (bytes, from, to) => Number(bytes.toString('latin1', from, to))
/** So many digits a number holds exactly: reading those is several times as fast as having a text read. */
const exactDigits = 15

function bigint(bytes: Buffer, from: number, to: number): bigint {
  const negative = bytes[from] === 0x2d
  const first = negative ? from + 1 : from
  if (to - first > exactDigits) return BigInt(bytes.toString('latin1', from, to))
  let value = 0
  for (let at = first; at < to; at += 1) value = 10 * value + (bytes[at] ?? 0) - 0x30
  return BigInt(negative ? -value : value)
}

const json: Decode = (bytes, from, to): unknown => JSON.parse(bytes.toString('utf8', from, to))
const date: Decode = (bytes, from, to) => new Date(bytes.toString('latin1', from, to))
const text: Decode = (bytes, from, to) => bytes.toString('utf8', from, to)

/** By the type's number. Times stay text to the microsecond, bigints are exact, arrays are left to the caller. */
const decoders: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [16, (bytes, from) => bytes[from] === 0x74],
  [17, (bytes, from, to) => Buffer.from(bytes.toString('latin1', from + 2, to), 'hex')],
  [20, bigint],
  ...[21, 23, 26, 700, 701].map((oid) => [oid, number] as const),
  ...[114, 3802].map((oid) => [oid, json] as const),
  ...[1082, 1114].map((oid) => [oid, date] as const),
  ...[1184, 2950].map((oid) => [oid, plain] as const),
])

/** The reader of the rows that a RowDescription describes, by names; `at` is where its count of columns stands. */
export function rowReader(bytes: Buffer, at: number): ReadRow<Record<string, unknown>> {
  const { names, decoders: columns } = columnsOf(bytes, at)
  const make = maker(names)
  return (row, first) => make(readValues(columns, row, first))
}

/** The same for rows as values in order; the parsers come before what is usual. */
export function valuesReader(bytes: Buffer, at: number, parsers: Parsers): ReadRow<readonly unknown[]> {
  const { decoders: columns } = columnsOf(bytes, at, parsers)
  return (row, first) => readValues(columns, row, first)
}

function columnsOf(bytes: Buffer, at: number, parsers?: Parsers) {
  const names: string[] = []
  const found: Decode[] = []
  let place = at + 2
  for (let left = bytes.readInt16BE(at); left > 0; left -= 1) {
    const end = bytes.indexOf(0, place)
    names.push(bytes.toString('utf8', place, end))
    const oid = bytes.readInt32BE(end + 7)
    const parse = parsers?.get(oid)
    found.push(parse ? (row, from, to) => parse(row.toString('utf8', from, to)) : (decoders.get(oid) ?? text))
    place = end + 19
  }
  return { names, decoders: found }
}

function readValues(columns: readonly Decode[], row: Buffer, first: number): unknown[] {
  const values: unknown[] = []
  let from = first + 2
  for (const one of columns) {
    const length = row.readInt32BE(from)
    from += 4
    values.push(length < 0 ? null : one(row, from, from + length))
    if (length > 0) from += length
  }
  return values
}

/** One literal with all names: a row that grows column by column costs many times as much. */
function maker(names: readonly string[]): (values: readonly unknown[]) => Record<string, unknown> {
  const entries = names.map((name, index) => `${JSON.stringify(name)}: values[${index}]`)
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('values', `return { ${entries.join(', ')} }`) as ReturnType<typeof maker>
}
