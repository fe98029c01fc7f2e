import { issueToken } from '../../../domain/operators/issue-token.ts'
import { setOperatorStatus } from '../../../domain/operators/set-operator-status.ts'
import { withdrawToken } from '../../../domain/operators/withdraw-token.ts'
import { readUuid } from '../../../lib/global-id.ts'
import type { GraphContext } from '../../context.ts'
import type { Resolvers } from '../../generated.ts'
import type { Answered } from '../../mappers.ts'
import { done, payload } from './payload.ts'

export const operatorMutations = {
  Mutation: {
    setOperatorStatus: (_, { input }, ctx) => done(ctx, setOperatorStatus(ctx, input)),
    createToken: (_, { input: { permissions, brandCodes, ...input } }, ctx) => {
      const limits = { ...(permissions && { permissions }), ...(brandCodes && { brandCodes }) }
      return done(ctx, issueToken(ctx, { ...input, ...limits }))
    },
    revokeToken: (_, { input }, ctx) =>
      done(ctx, withdrawToken(ctx, { ...input, tokenId: readUuid('Token', input.tokenId) ?? '' })),
  },
  SetOperatorStatusPayload: {
    ...payload,
    operator: ({ ids }, _, { loaders }) =>
      ids?.['operatorId'] === undefined ? null : loaders.operatorById.load(ids['operatorId']),
  },
  CreateTokenPayload: { ...payload, secret: ({ secret = null }) => secret, token },
  RevokeTokenPayload: { ...payload, token },
} satisfies Resolvers

function token({ ids }: Answered, _: unknown, { loaders }: GraphContext) {
  return ids?.['tokenId'] === undefined ? null : loaders.tokenById.load(ids['tokenId'])
}
