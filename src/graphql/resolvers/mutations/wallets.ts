import { registerPlayer } from '../../../domain/wallets/register-player.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload, player, wallet } from './payload.ts'

export const walletMutations = {
  Mutation: {
    registerPlayer: (_, { input }, ctx) => {
      const { name, email, phone, birthDate, ...account } = input
      return done(ctx, registerPlayer(ctx, { ...account, profile: { name, email, phone, birthDate } }))
    },
  },
  RegisterPlayerPayload: { ...payload, player, wallet },
} satisfies Resolvers
