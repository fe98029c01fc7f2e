import { Problem } from '../../lib/problem.ts'
import { isUuid } from '../../lib/uuid.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import type { Permission } from '../operators/permissions.ts'
import { locateItem, lockItem } from './locate-item.ts'

export interface AssignItemInput {
  readonly idempotencyKey: string
  readonly itemId: string
  /** Null gives the item back: nobody works on it. */
  readonly operatorId: string | null
  readonly expectedVersion?: bigint | null
}

/** Says who works on a mismatch: an operator of its brand. What is resolved is nobody's any more. */
export function assignReconciliationItem(
  ctx: Context,
  input: AssignItemInput,
): Promise<Answer<{ readonly itemId: string }>> {
  const { operatorId } = input
  const expectedVersion = input.expectedVersion ?? undefined
  return mutate(ctx, {
    action: 'assignReconciliationItem',
    permission: 'RECONCILE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [input.itemId, operatorId, ...(expectedVersion === undefined ? [] : [expectedVersion])],
    check: () => undefined,
    locate: () => locateItem(ctx, input.itemId),
    async work(tx, { itemId, brandId }) {
      if (operatorId !== null) await checkOperator(tx, operatorId, brandId)
      const before = await lockItem(tx, itemId, expectedVersion)
      const after = { state: operatorId === null ? 'OPEN' : 'IN_PROGRESS', ownerId: operatorId }
      await tx.run(
        `/* reconciliation: assign an item */
        update reconciliation_items set owner_id = $2::uuid, state = $3, version = version + 1 where id = $1`,
        [itemId, operatorId, after.state],
      )
      return { ids: { itemId }, audit: { before, after } }
    },
  })
}

async function checkOperator(tx: VerbTransaction, operatorId: string, brandId: string): Promise<void> {
  const rows = isUuid(operatorId)
    ? await tx.run(
        `/* reconciliation: an operator of the brand */
        select o.id from operators o join operator_brands b on b.operator_id = o.id
        where o.id = $1 and b.brand_id = $2 and o.status = 'ACTIVE'`,
        [operatorId, brandId],
      )
    : []
  if (rows.length === 0) {
    throw new Problem('OPERATOR_UNKNOWN', 'no such operator works for this brand', 'operatorId')
  }
}
