import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { ProviderAccount } from '../../domain/providers/types.ts'
import type { ParsedCall } from '../dialect.ts'
import { Fields } from '../fields.ts'
import { refusalOf, tolerant } from '../refusal.ts'
import { parseJson } from '../strict-json.ts'
import { operations, type Request, tokenBytesMax } from './operations.ts'
import { providerTime } from './provider-time.ts'
import type { Family } from './statuses.ts'

/** Never throws: what cannot be understood is an operation REFUSED. */
export function parseCall(
  request: Request,
  family: Family,
  call: ReceivedCall,
  account: ProviderAccount,
): ParsedCall {
  const known: { -readonly [K in keyof ParsedCall]?: ParsedCall[K] } = {}
  const secrets: string[] = []
  const at = providerTime(call.headers['x-msg-timestamp'])
  if (at) known.providerTime = at
  try {
    const fields = new Fields(parseJson(call.body))
    // A token must be known before anything is refused, or it would be stored.
    const token = tolerant(() => fields.optionalText('token', tokenBytesMax))
    if (token !== undefined) secrets.push(token)
    const attemptKey = tolerant(() => fields.optionalText('request_uuid'))
    if (attemptKey !== undefined) known.attemptKey = attemptKey
    const transactionKey = tolerant(() => fields.optionalText('transaction_uuid'))
    if (transactionKey !== undefined) known.transactionKey = transactionKey
    if (request !== 'TOKEN_CHECK') fields.text('request_uuid')
    const operation = operations[request]({ family, fields, call, account, providerTime: at })
    return { ...known, secrets, operation }
  } catch (error) {
    return { ...known, secrets, operation: refusalOf(error) }
  }
}

/** The attempt's id of a body that may be anything. */
export const echoOf = (body: Buffer): string | undefined =>
  tolerant(() => new Fields(parseJson(body)).optionalText('request_uuid'))
