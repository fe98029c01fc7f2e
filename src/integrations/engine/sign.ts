// How calls to a game engine are signed: hexadecimal HMAC-SHA256 with the secret shared with it. A reply's signature
// covers the request's, so that no reply fits another request. Knows nothing else: engines may use it.
import { createHmac, timingSafeEqual } from 'node:crypto'

export const timestampHeader = 'x-pitboss-timestamp'
export const signatureHeader = 'x-pitboss-signature'

export interface SignedRequest {
  /** Milliseconds since 1970. */
  readonly timestamp: string
  readonly method: string
  /** As it stands in the request line. */
  readonly path: string
  readonly body: Uint8Array
}

export const signRequest = (secret: string, { timestamp, method, path, body }: SignedRequest): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${method} ${path}\n`).update(body).digest('hex')

export interface SignedReply {
  /** The signature of the request that it answers. */
  readonly requestSignature: string
  readonly status: number
  readonly body: Uint8Array
}

export const signReply = (secret: string, { requestSignature, status, body }: SignedReply): string =>
  createHmac('sha256', secret).update(`${requestSignature}\n${status}\n`).update(body).digest('hex')

export const sameSignature = (given: string, expected: string): boolean =>
  /^[\da-f]{64}$/.test(given) && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
