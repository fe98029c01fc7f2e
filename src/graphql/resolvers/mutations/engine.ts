import { placeBet } from '../../../domain/money/place-bet.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload, sessionRef } from './payload.ts'

export const engineMutations = {
  Mutation: {
    placeBet: (_, { input }, ctx) => {
      const { idempotencyKey, session, amount } = input
      const bet = { idempotencyKey, session: sessionRef(session), ...amount }
      return done(ctx, placeBet(ctx, bet, ctx.engine))
    },
  },
  PlaceBetPayload: {
    ...payload,
    pending: ({ pending }) => pending ?? false,
    bet: ({ ids }, _, ctx) => (ids?.['betId'] === undefined ? null : ctx.loaders.betById.load(ids['betId'])),
  },
} satisfies Resolvers
