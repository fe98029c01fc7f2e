import { unblockPlayer } from '../../../domain/players/unblock-player.ts'
import { blockPlayer } from '../../../domain/sessions/block-player.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload, player, playerRef } from './payload.ts'

export const playerMutations = {
  Mutation: {
    blockPlayer: (_, { input }, ctx) =>
      done(ctx, blockPlayer(ctx, { ...input, player: playerRef(input.player) })),
    unblockPlayer: (_, { input }, ctx) =>
      done(ctx, unblockPlayer(ctx, { ...input, player: playerRef(input.player) })),
  },
  BlockPlayerPayload: { ...payload, player },
  UnblockPlayerPayload: { ...payload, player },
} satisfies Resolvers
