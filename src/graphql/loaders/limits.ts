import type { ScopedContext } from '../../domain/context.ts'
import {
  limitsByBrands,
  limitsByGames,
  limitsByIds,
  limitsByPlayers,
} from '../../domain/players/limit-queries.ts'
import { many, one } from './batch.ts'

export const limitLoaders = (ctx: ScopedContext) => ({
  limitById: one((ids) => limitsByIds(ctx, ids)),
  limitsByPlayer: many((ids) => limitsByPlayers(ctx, ids)),
  limitsByBrand: many((ids) => limitsByBrands(ctx, ids)),
  limitsByGame: many((ids) => limitsByGames(ctx, ids)),
})
