import DataLoader from 'dataloader'
import type { ScopedContext } from '../../domain/context.ts'
import {
  type EventsOf,
  eventsByPlaces,
  eventsByPlayers,
  eventsByRounds,
  placeKey,
} from '../../domain/journal/event-queries.ts'
import type { Place } from '../../domain/journal/queries.ts'
import type { JournalEvent } from '../../domain/journal/types.ts'
import { pages } from './batch.ts'

export const journalLoaders = (ctx: ScopedContext) => ({
  eventByPlace: new DataLoader<Place, JournalEvent | null, string>(
    async (places) => {
      const rows = await eventsByPlaces(ctx, places)
      return places.map((place) => rows.get(placeKey(place)) ?? null)
    },
    { cacheKeyFn: placeKey },
  ),
  eventsByPlayer: pages((ids: readonly string[], request: EventsOf) => eventsByPlayers(ctx, ids, request)),
  eventsByRound: pages((ids: readonly string[], request: EventsOf) => eventsByRounds(ctx, ids, request)),
})
