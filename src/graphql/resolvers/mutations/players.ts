import { unblockPlayer } from '../../../domain/players/unblock-player.ts'
import { blockPlayer } from '../../../domain/sessions/block-player.ts'
import { recordActivity } from '../../../domain/sessions/record-activity.ts'
import { registerPlayer } from '../../../domain/wallets/register-player.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload, player, playerRef, sessionRef, wallet } from './payload.ts'

export const playerMutations = {
  Mutation: {
    registerPlayer: (_, { input }, ctx) => {
      const { name, email, phone, birthDate, ...account } = input
      return done(ctx, registerPlayer(ctx, { ...account, profile: { name, email, phone, birthDate } }))
    },
    blockPlayer: (_, { input }, ctx) =>
      done(ctx, blockPlayer(ctx, { ...input, player: playerRef(input.player) })),
    unblockPlayer: (_, { input }, ctx) =>
      done(ctx, unblockPlayer(ctx, { ...input, player: playerRef(input.player) })),
    recordActivity: (_, { input }, ctx) => {
      const refs = { player: playerRef(input.player), session: input.session && sessionRef(input.session) }
      return done(ctx, recordActivity(ctx, { ...input, ...refs }))
    },
  },
  RegisterPlayerPayload: { ...payload, player, wallet },
  BlockPlayerPayload: { ...payload, player },
  UnblockPlayerPayload: { ...payload, player },
  RecordActivityPayload: {
    ...payload,
    activity: ({ ids }, _, ctx) =>
      ids?.['activityId'] === undefined ? null : ctx.loaders.activityById.load(ids['activityId']),
  },
} satisfies Resolvers
