import { setOperatorStatus } from '../../../domain/operators/set-operator-status.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload } from './payload.ts'

export const operatorMutations = {
  Mutation: {
    setOperatorStatus: (_, { input }, ctx) => done(ctx, setOperatorStatus(ctx, input)),
  },
  SetOperatorStatusPayload: {
    ...payload,
    operator: ({ ids }, _, { loaders }) =>
      ids?.['operatorId'] === undefined ? null : loaders.operatorById.load(ids['operatorId']),
  },
} satisfies Resolvers
