import { sha256 } from '../../lib/fingerprint.ts'
import { redact, redactText } from './redact.ts'
import type { NewProviderCall, ProviderAccount } from './types.ts'

/** How much of a body is kept. */
export const keptBytesMax = 16 * 1024
/** How much is kept of a body that nobody vouches for. */
export const keptUnsignedBytesMax = 1024

const headerLengthMax = 512

/** A call as it came in: bytes and header texts, nothing understood yet. */
export interface ReceivedCall {
  readonly id: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** What stands behind the `?` of the URL, as received; empty when there is none. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly receivedAt: Date
  readonly requestId: string
}

/** What is known of a call before it is decided. */
export interface CallFacts {
  readonly operation: string
  readonly signature: NewProviderCall['signature']
  readonly attemptKey?: string
  readonly transactionKey?: string
  readonly providerTime?: Date
  /** Values that must not be stored, wherever in the call they stand. */
  readonly secrets: readonly string[]
  /** Names of the headers worth keeping, in lower case. */
  readonly headers: readonly string[]
}

/** What came of a call. */
export interface CallDecision {
  readonly verdict: string
  readonly effect: NewProviderCall['effect']
  readonly reply: string
  readonly httpStatus: number
  readonly decidedAt: Date
  readonly latencyUs: number
  readonly links: Partial<
    Pick<NewProviderCall, 'playerId' | 'sessionId' | 'roundId' | 'betId' | 'transactionId'>
  >
}

/** Builds the row of an inbound call: `describeCall` once, then its result for every decision (tries repeat). */
export function describeCall(
  account: Pick<ProviderAccount, 'id' | 'brandId'>,
  call: ReceivedCall,
  facts: CallFacts,
): (decision: CallDecision) => NewProviderCall {
  const trusted = facts.signature === 'VALID'
  const kept = call.body.subarray(0, trusted ? keptBytesMax : keptUnsignedBytesMax)
  const known = {
    id: call.id,
    brandId: account.brandId,
    providerAccountId: account.id,
    direction: 'INBOUND' as const,
    operation: facts.operation,
    path: trusted && call.query ? `${call.path}?${redactText(call.query, facts.secrets)}` : call.path,
    signature: facts.signature,
    attemptKey: facts.attemptKey ?? null,
    transactionKey: facts.transactionKey ?? null,
    providerTime: facts.providerTime ?? null,
    receivedAt: call.receivedAt,
    requestId: redactText(call.requestId, facts.secrets),
    requestBytes: call.body.length,
    requestDigest: sha256(call.body),
    requestBody: redact(kept, facts.secrets),
    requestTruncated: kept.length < call.body.length,
    requestHeaders: keptHeaders(call.headers, facts),
  }
  return ({ reply, links, ...decision }) => ({
    ...known,
    ...decision,
    ...links,
    replyBody: redact(Buffer.from(reply), facts.secrets),
  })
}

function keptHeaders(headers: ReceivedCall['headers'], facts: CallFacts): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of facts.headers) {
    const value = headers[name]
    if (value !== undefined) kept[name] = redactText(value.slice(0, headerLengthMax), facts.secrets)
  }
  return kept
}
