import type { ReceivedCall } from '../../domain/providers/call-row.ts'
import type { OpenAccount } from '../../domain/providers/types.ts'
import type { Operation, ParsedCall } from '../dialect.ts'
import { Fields } from '../fields.ts'
import { refusalOf, tolerant } from '../refusal.ts'
import { parseJson } from '../strict-json.ts'
import { operations, type Request, tokenBytesMax } from './operations.ts'
import { tokensIn } from './verify.ts'

/** Never throws: what cannot be understood is an operation REFUSED. */
export function parseCall(request: Request, call: ReceivedCall, account: OpenAccount): ParsedCall {
  const known: { attemptKey?: string } = {}
  const secrets = [...tokensIn(call.query)]
  try {
    const fields = new Fields(parseJson(call.body))
    // The session must be known before anything is refused, or it would be stored.
    const sid = tolerant(() => fields.optionalText('sid', tokenBytesMax))
    if (sid !== undefined) secrets.push(sid)
    const uuid = fields.optionalText('uuid')
    if (uuid !== undefined) known.attemptKey = uuid
    const operation = operations[request]({ fields, call, account })
    return { ...known, ...keyOf(operation), operation, secrets }
  } catch (error) {
    return { ...known, operation: refusalOf(error), secrets }
  }
}

const keyOf = (operation: Operation) =>
  operation.kind === 'COMMAND' ? { transactionKey: operation.command.transactionKey } : {}

/** The attempt's id of a body that may be anything. */
export const echoOf = (body: Buffer): string | undefined =>
  tolerant(() => new Fields(parseJson(body)).optionalText('uuid'))
