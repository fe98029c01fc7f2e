import type { ScopedContext } from '../../domain/context.ts'
import {
  brandIdsByOperators,
  operatorIdsByBrands,
  operatorsByIds,
  tokensByIds,
  tokensByOperators,
} from '../../domain/operators/queries.ts'
import { many, one } from './batch.ts'

export const operatorLoaders = (ctx: ScopedContext) => ({
  operatorById: one((ids) => operatorsByIds(ctx, ids)),
  operatorIdsByBrand: many((ids) => operatorIdsByBrands(ctx, ids)),
  brandIdsByOperator: many((ids) => brandIdsByOperators(ctx, ids)),
  tokenById: one((ids) => tokensByIds(ctx, ids)),
  tokensByOperator: many((ids) => tokensByOperators(ctx, ids)),
})
