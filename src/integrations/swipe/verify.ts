import { timingSafeEqual } from 'node:crypto'
import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import type { SignatureResult } from '../dialect.ts'
import { tolerant } from '../refusal.ts'
import { parseJson } from '../strict-json.ts'
import { canonicalJson, canonicalQuery, signText } from './sign.ts'

export const signatureHeader = 'x-request-sign'

/**
 * Over the bytes as they came: they are sent in canonical form. A proxy may have written them anew, and what is signed
 * is the canonical form of what they say: so that is tried next. It vouches for nothing else than what was signed,
 * since a body that is read one way here has one canonical form (no key twice), and only texts, which are never
 * changed by it, mean something to this dialect: two numbers that have one form are as good as each other.
 */
export function verifyBody(call: ReceivedCall, account: OpenAccount): SignatureResult {
  const signature = signatureOf(call)
  if (typeof signature === 'string') return signature
  if (isSigned(call.body, signature, account)) return 'VALID'
  const canonical = tolerant(() => canonicalBody(call.body))
  return canonical !== undefined && isSigned(canonical, signature, account) ? 'VALID' : 'INVALID'
}

/** Over the canonical form of the query's parameters: the order and the encoding in the URL are not signed. */
export function verifyQuery(call: ReceivedCall, account: OpenAccount): SignatureResult {
  const signature = signatureOf(call)
  if (typeof signature === 'string') return signature
  const canonical = tolerant(() => canonicalQuery(call.query))
  return canonical !== undefined && isSigned(canonical, signature, account) ? 'VALID' : 'INVALID'
}

function signatureOf({ headers }: ReceivedCall): Buffer | 'MISSING' | 'INVALID' {
  const text = headers[signatureHeader]
  if (text === undefined) return 'MISSING'
  return /^[\da-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : 'INVALID'
}

const isSigned = (canonical: string | Uint8Array, signature: Buffer, { secrets }: OpenAccount): boolean =>
  secrets.some((secret) => timingSafeEqual(Buffer.from(signText(canonical, secret), 'hex'), signature))

/** Read strictly first, so that what is verified is what will be read. */
function canonicalBody(body: Buffer): string {
  parseJson(body)
  return canonicalJson(JSON.parse(body.toString()))
}
