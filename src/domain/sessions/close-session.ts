import { Problem } from '../../lib/problem.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { closeSessionById } from './close-sessions.ts'
import { locateSession, type SessionRef, sessionRefText } from './locate-session.ts'

export interface CloseSessionInput {
  readonly idempotencyKey: string
  readonly session: SessionRef
  readonly reason: 'PLAYER' | 'OPERATOR'
}

/** Ends a session: no more bets; wins and rollbacks of its bets are still taken. */
export function closeSession(
  ctx: Context,
  input: CloseSessionInput,
): Promise<Answer<{ readonly sessionId: string }>> {
  return mutate(ctx, {
    action: 'closeSession',
    permission: 'SESSIONS_WRITE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [sessionRefText(input.session), input.reason],
    reason: input.reason,
    check: () => undefined,
    locate: () => locateSession(ctx, input.session),
    async work(tx, { sessionId }, at) {
      const closed = await closeSessionById(tx, sessionId, input.reason, at)
      if (closed.length === 0) throw new Problem('ALREADY_CLOSED', 'the session is closed already', 'session')
      const after = { status: 'CLOSED', closeReason: input.reason }
      return { ids: { sessionId }, audit: { before: { status: 'OPEN' }, after } }
    },
  })
}
