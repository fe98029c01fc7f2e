import { build } from '../../db/build.ts'
import { eq } from '../../db/drizzle.ts'
import { operators } from '../../db/tables/operators.ts'
import { Problem } from '../../lib/problem.ts'
import { checkReason } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import { placeOfOperator } from './locate-operator.ts'
import type { Permission } from './permissions.ts'
import type { Operator } from './types.ts'

export interface SetOperatorStatusInput {
  readonly idempotencyKey: string
  readonly login: string
  readonly status: Operator['status']
  readonly reason: string
}

/** Switches an operator off or on: while off, every token of the operator's is refused, within a second everywhere. */
export function setOperatorStatus(
  ctx: Context,
  input: SetOperatorStatusInput,
): Promise<Answer<{ readonly operatorId: string }>> {
  const { login, status, reason } = input
  return mutate(ctx, {
    action: 'setOperatorStatus',
    permission: 'OPERATORS_MANAGE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [login, status, reason],
    reason,
    check: () => checkReason(reason),
    locate: () => placeOfOperator(ctx, login),
    async work(tx, { subjectId: operatorId }) {
      if (operatorId === ctx.actor.id) {
        throw new Problem('OPERATOR_SELF', 'nobody switches themselves off or on', 'login')
      }
      const [before] = await tx.run(
        '/* operators: lock one */ select status from operators where id = $1::uuid for no key update',
        [operatorId],
      )
      if (before?.['status'] === status) {
        throw new Problem('STATUS_UNCHANGED', `the operator is ${status} already`, 'status')
      }
      await tx.query(build.update(operators).set({ status }).where(eq(operators.id, operatorId)))
      return { ids: { operatorId }, audit: { before: { status: before?.['status'] }, after: { status } } }
    },
  })
}
