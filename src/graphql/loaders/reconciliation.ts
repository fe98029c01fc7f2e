import type { ScopedContext } from '../../domain/context.ts'
import {
  type ItemRequest,
  itemsByIds,
  itemsByReconciliations,
  reconciliationsByIds,
} from '../../domain/reconciliation/queries.ts'
import { one, pages } from './batch.ts'

export const reconciliationLoaders = (ctx: ScopedContext) => ({
  reconciliationById: one((ids) => reconciliationsByIds(ctx, ids)),
  reconciliationItemById: one((ids) => itemsByIds(ctx, ids)),
  reconciliationItemsByReconciliation: pages((ids: readonly string[], request: ItemRequest) =>
    itemsByReconciliations(ctx, ids, request),
  ),
})
