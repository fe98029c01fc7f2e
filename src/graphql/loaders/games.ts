import type { ScopedContext } from '../../domain/context.ts'
import { gamesByIds, gamesByProviders } from '../../domain/games/queries.ts'
import { many, one } from './batch.ts'

export const gameLoaders = (ctx: ScopedContext) => ({
  gameById: one((ids) => gamesByIds(ctx, ids)),
  gamesByProvider: many((ids) => gamesByProviders(ctx, ids)),
})
