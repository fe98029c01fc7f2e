// How calls of this dialect are signed: hexadecimal HMAC-SHA256 over JSON in canonical form (as RFC 8785 defines it:
// keys sorted, no blanks, numbers as ECMAScript writes them). Knows nothing else: clients of any wallet may use it.
import { createHmac } from 'node:crypto'
import { Problem } from '../../lib/problem.ts'

/** The canonical text of a value as JSON.parse returns it. Throws Problem SYNTAX for what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') throw new Problem('SYNTAX', 'a value is not one of JSON')
  // The default order of texts is that of their UTF-16 units, as it should be.
  const keys = Object.keys(value).sort()
  const of = value as Readonly<Record<string, unknown>>
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(of[key])}`).join(',')}}`
}

/** The canonical text of a query such as `sessionID=…`: an object of texts. A name twice is a Problem SYNTAX. */
export function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query)]
  const named = new Map(pairs)
  if (named.size !== pairs.length) throw new Problem('SYNTAX', 'a parameter stands twice')
  return canonicalJson(Object.fromEntries(named))
}

/** The signature of a body that is canonical already, or of a canonical query. */
export const signText = (canonical: string | Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(canonical).digest('hex')
