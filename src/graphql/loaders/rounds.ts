import type { ScopedContext } from '../../domain/context.ts'
import {
  type RoundRequest,
  roundResultsByIds,
  roundsByIds,
  roundsByPlayers,
  roundsBySessions,
} from '../../domain/rounds/queries.ts'
import { one, pages } from './batch.ts'

export const roundLoaders = (ctx: ScopedContext) => ({
  roundById: one((ids) => roundsByIds(ctx, ids)),
  roundResultById: one((ids) => roundResultsByIds(ctx, ids)),
  roundsByPlayer: pages((ids: readonly string[], request: RoundRequest) =>
    roundsByPlayers(ctx, ids, request),
  ),
  roundsBySession: pages((ids: readonly string[], request: RoundRequest) =>
    roundsBySessions(ctx, ids, request),
  ),
})
