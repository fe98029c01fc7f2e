import { setGameStatus } from '../../../domain/games/set-game-status.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload } from './payload.ts'

export const gameMutations = {
  Mutation: {
    setGameStatus: (_, { input }, ctx) => done(ctx, setGameStatus(ctx, input)),
  },
  SetGameStatusPayload: {
    ...payload,
    game: ({ ids }, _, { loaders }) =>
      ids?.['gameId'] === undefined ? null : loaders.gameById.load(ids['gameId']),
  },
} satisfies Resolvers
