import { assert, Problem } from '../../lib/problem.ts'
import { isUuid } from '../../lib/uuid.ts'
import type { Place } from '../audit/mutation.ts'
import { checkVersion } from '../audit/version-changed.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

export interface ItemPlace extends Place {
  readonly itemId: string
}

/** Finds an item in the actor's brands. It belongs to nobody's lock: no money hangs on it. */
export async function locateItem(ctx: Context, id: string): Promise<ItemPlace> {
  const rows = isUuid(id)
    ? await ctx.sql<{ brand_id: string }[]>`
        /* reconciliation: locate an item */ select brand_id from reconciliation_items where id = ${id}`
    : []
  const [row] = rows
  if (!row || !inScope(ctx.actor, row.brand_id)) {
    throw new Problem('ITEM_UNKNOWN', 'there is no such item', 'itemId')
  }
  const subject = { subjectType: 'ReconciliationItem', subjectId: id }
  return { ...subject, brandId: row.brand_id, playerIds: [], itemId: id }
}

/** Locks an item to change it; refused when it is resolved, or has another version than is expected. */
export async function lockItem(
  tx: VerbTransaction,
  itemId: string,
  expectedVersion: bigint | undefined,
): Promise<{ state: unknown; ownerId: unknown }> {
  const [row] = await tx.run(
    `/* reconciliation: lock an item */
    select state, owner_id, version from reconciliation_items where id = $1 for no key update`,
    [itemId],
  )
  assert(row, 'an item that was located is there')
  if (row['state'] === 'RESOLVED') {
    throw new Problem('ALREADY_RESOLVED', 'the item is resolved already', 'itemId')
  }
  checkVersion(row['version'] as bigint, expectedVersion)
  return { state: row['state'], ownerId: row['owner_id'] }
}
