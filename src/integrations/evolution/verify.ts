import { timingSafeEqual } from 'node:crypto'
import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import { sha256 } from '../../lib/fingerprint.ts'
import type { SignatureResult } from '../dialect.ts'

const parameter = 'authToken'

/** Visible ASCII, long enough not to be guessed. */
export const canVerify = (text: string): boolean => /^[\x21-\x7e]{16,512}$/.test(text)

/** The one `authToken` of the query must be one of the account's; hashes are compared, each in constant time. */
export function verifyCall(call: ReceivedCall, account: OpenAccount): SignatureResult {
  const [spelled, ...others] = spelledTokens(call.query)
  if (spelled === undefined) return 'MISSING'
  const given = sha256(decode(spelled))
  const matches = account.secrets.filter((secret) => timingSafeEqual(sha256(secret), given))
  return matches.length > 0 && others.length === 0 ? 'VALID' : 'INVALID'
}

/** Every text in the query that is a token, or spells one: none of them may be kept. */
export const tokensIn = (query: string): readonly string[] =>
  spelledTokens(query).flatMap((spelled) => [spelled, decode(spelled)])

function spelledTokens(query: string): readonly string[] {
  return query.split('&').flatMap((pair) => {
    const [name = ''] = pair.split('=', 1)
    return decode(name) === parameter ? [pair.slice(name.length + 1)] : []
  })
}

/** A `+` stays one: tokens hold no blanks, and not every client spells it out. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
