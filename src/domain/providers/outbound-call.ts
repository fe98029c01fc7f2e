import { sha256 } from '../../lib/fingerprint.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { keptBytesMax, keptUnsignedBytesMax } from './call-row.ts'
import { redact } from './redact.ts'
import type { NewProviderCall, OpenAccount } from './types.ts'

/** One request of ours and what came back, as bytes. */
export interface Exchange {
  readonly operation: string
  readonly path: string
  readonly requestBody: Buffer
  readonly requestHeaders: Readonly<Record<string, string>>
  /** Empty when none came. */
  readonly replyBody: Buffer
  /** 0 when none came. */
  readonly httpStatus: number
  /** Of the reply; UNCHECKED when none came. */
  readonly signature: NewProviderCall['signature']
  readonly sentAt: Date
  /** When the reply was there, or was given up. */
  readonly endedAt: Date
  readonly latencyUs: number
}

/** What an exchange is about. */
type Links = Pick<NewProviderCall, 'transactionKey' | 'playerId' | 'sessionId' | 'roundId' | 'betId'> & {
  readonly requestId: string
}

type Decision = Pick<NewProviderCall, 'verdict' | 'effect'> &
  Partial<Pick<NewProviderCall, 'transactionId' | 'providerTime'>>

/** Builds the row of a call that went out: received is when it was sent, decided when its reply was there. */
export function describeExchange(
  account: OpenAccount,
  exchange: Exchange,
  links: Links,
): (decision: Decision) => NewProviderCall {
  const { requestBody, replyBody, sentAt, endedAt } = exchange
  const { operation, path, httpStatus, latencyUs, signature, requestHeaders } = exchange
  const trusted = signature === 'VALID'
  const known = {
    id: uuidv7(sentAt),
    brandId: account.brandId,
    providerAccountId: account.id,
    direction: 'OUTBOUND' as const,
    operation,
    path,
    signature,
    httpStatus,
    latencyUs,
    attemptKey: null,
    ...links,
    receivedAt: sentAt,
    decidedAt: endedAt,
    requestBytes: requestBody.length,
    requestDigest: sha256(requestBody),
    requestBody: redact(requestBody.subarray(0, keptBytesMax), account.secrets),
    requestTruncated: requestBody.length > keptBytesMax,
    requestHeaders: { ...requestHeaders },
    replyBody: redact(replyBody.subarray(0, trusted ? keptBytesMax : keptUnsignedBytesMax), account.secrets),
  }
  return (decision) => ({ ...known, ...decision })
}
