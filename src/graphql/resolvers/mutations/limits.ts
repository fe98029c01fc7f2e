import { cancelLimitChange } from '../../../domain/players/cancel-limit-change.ts'
import type { LimitSubject as LimitPlace } from '../../../domain/players/locate-limit.ts'
import { removeLimit } from '../../../domain/players/remove-limit.ts'
import { setLimit } from '../../../domain/players/set-limit.ts'
import { excludePlayer } from '../../../domain/sessions/exclude-player.ts'
import type { GraphContext } from '../../context.ts'
import type { LimitSubject, Resolvers } from '../../generated.ts'
import type { Answered } from '../../mappers.ts'
import { done, payload, player, playerRef } from './payload.ts'

export const limitMutations = {
  Mutation: {
    setLimit: (_, { input }, ctx) => {
      const { of, amount, ...rest } = input
      return done(ctx, setLimit(ctx, { ...rest, ...amount, subject: subject(of) }))
    },
    removeLimit: (_, { input }, ctx) => done(ctx, removeLimit(ctx, { ...input, subject: subject(input.of) })),
    cancelLimitChange: (_, { input }, ctx) =>
      done(ctx, cancelLimitChange(ctx, { ...input, subject: subject(input.of) })),
    excludePlayer: (_, { input }, ctx) => {
      const { until = null } = input
      return done(ctx, excludePlayer(ctx, { ...input, until, player: playerRef(input.player) }))
    },
  },
  SetLimitPayload: { ...payload, limit },
  RemoveLimitPayload: { ...payload, limit },
  CancelLimitChangePayload: { ...payload, limit },
  ExcludePlayerPayload: { ...payload, player },
} satisfies Resolvers

function subject({ player: ref, brandCode, game }: LimitSubject): LimitPlace {
  if (ref) return { player: playerRef(ref) }
  return game ? { game } : { brandCode: brandCode ?? '' }
}

function limit({ ids }: Answered, _: unknown, ctx: GraphContext) {
  return ids?.['limitId'] === undefined ? null : ctx.loaders.limitById.load(ids['limitId'])
}
