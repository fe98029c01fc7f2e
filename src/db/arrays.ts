// Columns of a batch travel as array parameters, one statement text for any number of rows. The literals are
// written here, since a client without fetched types cannot, and since a Date would lose microseconds.

export type Scalar = string | number | bigint | boolean | Date | Buffer | null | undefined

const special = /[\\"]/

// Most rows of a batch carry the same few moments.
let lastTime = Number.NaN
let lastText = ''

function quotedDate(value: Date): string {
  const time = value.getTime()
  if (time !== lastTime) {
    lastText = `"${value.toISOString()}"`
    lastTime = time
  }
  return lastText
}

function element(value: Scalar): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') {
    return special.test(value) ? `"${value.replaceAll(/[\\"]/g, '\\$&')}"` : `"${value}"`
  }
  if (value instanceof Date) return quotedDate(value)
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`
  return String(value)
}

/** A PostgreSQL array literal of one dimension. */
export function arrayLiteral(values: readonly Scalar[]): string {
  let text = ''
  for (const value of values) text += text === '' ? element(value) : `,${element(value)}`
  return `{${text}}`
}

/** The elements of an array literal of one dimension, as PostgreSQL writes it. */
export function parseArray<T>(literal: string, parse: (text: string) => T): (T | null)[] {
  return [...literal.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs)].map(([bare, quoted]) => {
    if (quoted !== undefined) return parse(quoted.replaceAll(/\\(.)/gs, '$1'))
    return bare === 'NULL' ? null : parse(bare)
  })
}
