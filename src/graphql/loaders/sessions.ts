import type { ScopedContext } from '../../domain/context.ts'
import { type SessionRequest, sessionsByIds, sessionsByPlayers } from '../../domain/sessions/queries.ts'
import { one, pages } from './batch.ts'

export const sessionLoaders = (ctx: ScopedContext) => ({
  sessionById: one((ids) => sessionsByIds(ctx, ids)),
  sessionsByPlayer: pages((ids: readonly string[], request: SessionRequest) =>
    sessionsByPlayers(ctx, ids, request),
  ),
})
