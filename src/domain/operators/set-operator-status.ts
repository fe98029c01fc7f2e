import { build } from '../../db/build.ts'
import { eq } from '../../db/drizzle.ts'
import { operators } from '../../db/tables/operators.ts'
import { Problem } from '../../lib/problem.ts'
import { checkReason, isExternalKey } from '../audit/check.ts'
import { type Answer, mutate, type Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
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
    locate: () => locateByLogin(ctx, login),
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

/** One that works for a brand outside of the actor's is as unknown as none. */
async function locateByLogin(ctx: Context, login: string): Promise<Place> {
  const rows = isExternalKey(login)
    ? await ctx.sql<{ id: string; brand_id: string }[]>`
        /* operators: locate with brands by login */
        select o.id, b.brand_id from operators o join operator_brands b on b.operator_id = o.id
        where o.login = ${login} order by b.brand_id`
    : []
  const [first] = rows
  if (!first || !rows.every((row) => inScope(ctx.actor, row.brand_id))) {
    throw new Problem('OPERATOR_UNKNOWN', 'there is no such operator', 'login')
  }
  return { brandId: first.brand_id, playerIds: [], subjectType: 'Operator', subjectId: first.id }
}
