import { checkText, reasonLengthMax } from '../audit/check.ts'
import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import { locateItem, lockItem } from './locate-item.ts'
import type { ReconciliationItem } from './types.ts'

export type Resolution = NonNullable<ReconciliationItem['resolution']>

export interface ResolveItemInput {
  readonly idempotencyKey: string
  readonly itemId: string
  readonly resolution: Resolution
  /** Why, in a person's own words. */
  readonly note: string
  readonly expectedVersion?: bigint | null
}

/** Closes a mismatch with what was done about it. It moves no money: corrections are verbs of their own. */
export function resolveReconciliationItem(
  ctx: Context,
  input: ResolveItemInput,
): Promise<Answer<{ readonly itemId: string }>> {
  const { resolution, note } = input
  const expectedVersion = input.expectedVersion ?? undefined
  return mutate(ctx, {
    action: 'resolveReconciliationItem',
    permission: 'RECONCILE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [input.itemId, resolution, note, ...(expectedVersion === undefined ? [] : [expectedVersion])],
    reason: note,
    check: () => checkText('note', note, reasonLengthMax),
    locate: () => locateItem(ctx, input.itemId),
    async work(tx, { itemId }, at) {
      const { state } = await lockItem(tx, itemId, expectedVersion)
      await tx.run(
        `/* reconciliation: resolve an item */
        update reconciliation_items set state = 'RESOLVED', resolution = $2, note = $3, resolved_by_id = $4::uuid,
          resolved_at = $5, version = version + 1
        where id = $1`,
        [itemId, resolution, note, ctx.actor.id, at],
      )
      const after = { state: 'RESOLVED', resolution }
      return { ids: { itemId }, audit: { before: { state }, after } }
    },
  })
}
