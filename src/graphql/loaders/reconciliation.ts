import type { ScopedContext } from '../../domain/context.ts'
import {
  type ItemRequest,
  itemsByBets,
  itemsByIds,
  itemsByKeys,
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
  /** Keys are a provider account and a transaction key. */
  reconciliationItemsByKey: pages((keys: readonly (readonly [string, string])[], request: ItemRequest) =>
    itemsByKeys(ctx, keys, request),
  ),
  reconciliationItemsByBet: pages((ids: readonly string[], request: ItemRequest) =>
    itemsByBets(ctx, ids, request),
  ),
})
