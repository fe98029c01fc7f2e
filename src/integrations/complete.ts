import type { Log } from '../lib/log.ts'
import type { SessionDirectory } from '../domain/sessions/session-terms.ts'
import { withDeadline } from './deadline.ts'
import type { CompleteOperation, Operation } from './dialect.ts'

/** Fills in what a call leaves to its session. Never rejects: a session that cannot be read may be asked for again. */
export async function complete(
  deps: { readonly sessions: SessionDirectory; readonly log: Log; readonly deadlineMs: number },
  accountId: string,
  operation: Operation,
): Promise<CompleteOperation> {
  if (operation.kind !== 'OF_SESSION') return operation
  const reading = deps.sessions.termsByToken(accountId, operation.tokenHash)
  try {
    return operation.complete(await withDeadline(reading, deps.deadlineMs))
  } catch (error) {
    deps.log.warn({ err: error }, 'the session of a provider call could not be read')
    return { kind: 'REFUSED', answer: { verdict: 'RETRY_LATER' } }
  }
}
