import { brandsByIds } from '../../domain/brands/queries.ts'
import type { ScopedContext } from '../../domain/context.ts'
import { one } from './batch.ts'

export const brandLoaders = (ctx: ScopedContext) => ({
  brandById: one((ids) => brandsByIds(ctx, ids)),
})
