// Columns of a batch travel as array parameters, one statement text for any number of rows. The literals are
// written here, since a client without fetched types cannot, and since a Date would lose microseconds.

export type Scalar = string | number | bigint | boolean | Date | Buffer | null | undefined

function element(value: Scalar): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return `"${value.replace(/[\\"]/g, '\\$&')}"`
  if (value instanceof Date) return `"${value.toISOString()}"`
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`
  return String(value)
}

/** A PostgreSQL array literal of one dimension. */
export const arrayLiteral = (values: readonly Scalar[]): string => `{${values.map(element).join(',')}}`
