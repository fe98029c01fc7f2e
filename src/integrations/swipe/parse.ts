import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import { sha256 } from '../../lib/fingerprint.ts'
import { Problem } from '../../lib/problem.ts'
import type { ParsedCall } from '../dialect.ts'
import { Fields } from '../fields.ts'
import { refusalOf, tolerant } from '../refusal.ts'
import { parseJson } from '../strict-json.ts'
import { commandOf } from './commands.ts'
import { type Movement, readTerms, sessionIdBytesMax } from './terms.ts'

/** Never throws: what cannot be understood is an operation REFUSED. */
export function parseMovement(movement: Movement, call: ReceivedCall, account: OpenAccount): ParsedCall {
  const known: { transactionKey?: string } = {}
  const secrets: string[] = []
  try {
    const fields = new Fields(parseJson(call.body))
    // A session's id must be known before anything is refused, or it would be stored.
    const sessionId = tolerant(() => fields.optionalText('sessionID', sessionIdBytesMax))
    if (sessionId !== undefined) secrets.push(sessionId)
    const transactionKey = tolerant(() => fields.optionalText('txID'))
    if (transactionKey !== undefined) known.transactionKey = transactionKey
    const terms = readTerms(movement, fields)
    return {
      ...known,
      secrets,
      operation: {
        kind: 'OF_SESSION',
        tokenHash: terms.tokenHash,
        complete: (session) => commandOf({ terms, call, account }, session),
      },
    }
  } catch (error) {
    return { ...known, secrets, operation: refusalOf(error) }
  }
}

/** The same for the one read. */
export function parseBalance(call: ReceivedCall): ParsedCall {
  const sessionId = new URLSearchParams(call.query).get('sessionID') ?? ''
  // Stored as it stands in the URL, where it may be encoded.
  const secrets = [sessionId, ...encodedValues(call.query)].filter(Boolean)
  if (sessionId === '' || Buffer.byteLength(sessionId) > sessionIdBytesMax) {
    const problem = new Problem('TYPE', 'sessionID is missing or too long', 'sessionID')
    return { secrets, operation: refusalOf(problem) }
  }
  return { secrets, operation: { kind: 'BALANCE', tokenHash: sha256(sessionId) } }
}

const encodedValues = (query: string) => query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1))
