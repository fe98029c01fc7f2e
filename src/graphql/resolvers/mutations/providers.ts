import { setProviderAccountStatus } from '../../../domain/providers/set-account-status.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload } from './payload.ts'

export const providerMutations = {
  Mutation: {
    setProviderAccountStatus: (_, { input }, ctx) => done(ctx, setProviderAccountStatus(ctx, input)),
  },
  SetProviderAccountStatusPayload: {
    ...payload,
    providerAccount: ({ ids }, _, { loaders }) =>
      ids?.['accountId'] === undefined ? null : loaders.providerAccountById.load(ids['accountId']),
  },
} satisfies Resolvers
