import type { IncomingMessage } from 'node:http'
import { uuidv7 } from '../lib/uuid.ts'

/** The caller's X-Request-Id when it can stand in a log and a header; else one of ours. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : uuidv7()
}
