import { allGames, type GameFilter } from '../../domain/games/queries.ts'
import { idOf } from '../connections.ts'
import type { Resolvers } from '../generated.ts'
import { toFilter } from '../requests.ts'
import { auditEntriesOf } from './audit.ts'

const types = { id: ['Game'], provider: ['Provider'] }

export const gameResolvers = {
  Query: {
    games: (_, { filter }, ctx) => allGames(ctx, toFilter<GameFilter>(filter, types) ?? {}),
  },
  Provider: {
    games: (row, _, { loaders }) => loaders.gamesByProvider.load(row.id),
  },
  Game: {
    id: idOf('Game'),
    auditEntries: auditEntriesOf,
    provider: (row, _, { loaders }) => loaders.providerById.load(row.providerId),
  },
} satisfies Resolvers
