import DataLoader from 'dataloader'
import type { ScopedContext } from '../../domain/context.ts'
import {
  type ActivityRequest,
  activitiesByIds,
  activitiesByPlayers,
} from '../../domain/players/activity-queries.ts'
import {
  type ExternalKey,
  type PlayerRequest,
  playerIdsByExternalKeys,
  playersByBrands,
  playersByIds,
  profilesByPlayers,
} from '../../domain/players/queries.ts'
import { one, pages } from './batch.ts'

export const playerLoaders = (ctx: ScopedContext) => ({
  playerById: one((ids) => playersByIds(ctx, ids)),
  profileByPlayer: one((ids) => profilesByPlayers(ctx, ids)),
  playerIdByExternalKey: new DataLoader<ExternalKey, string | null, string>(
    async (keys) => (await playerIdsByExternalKeys(ctx, keys)).map((id) => id ?? null),
    { cacheKeyFn: ({ brandCode, externalId }) => JSON.stringify([brandCode, externalId]) },
  ),
  playersByBrand: pages((ids: readonly string[], request: PlayerRequest) =>
    playersByBrands(ctx, ids, request),
  ),
  activityById: one((ids) => activitiesByIds(ctx, ids)),
  activitiesByPlayer: pages((ids: readonly string[], request: ActivityRequest) =>
    activitiesByPlayers(ctx, ids, request),
  ),
})
