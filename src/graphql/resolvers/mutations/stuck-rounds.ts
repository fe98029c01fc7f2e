import { askProvider } from '../../../domain/money/ask-provider.ts'
import { closeRound } from '../../../domain/money/close-round.ts'
import type { ResolveRoundInput } from '../../../domain/money/resolve-round.ts'
import { voidRound } from '../../../domain/money/void-round.ts'
import { readUuid } from '../../../lib/global-id.ts'
import type { ProviderAnswer, Resolvers } from '../../generated.ts'
import { done, payload, preview, round, transaction } from './payload.ts'

/** A global id that is none of a round is an id that does not exist. */
const ofRound = (input: ResolveRoundInput): ResolveRoundInput => ({
  ...input,
  roundId: readUuid('Round', input.roundId) ?? '',
})

export const stuckRoundMutations = {
  Mutation: {
    closeRound: (_, { input }, ctx) => done(ctx, closeRound(ctx, ofRound(input), ctx.submit)),
    voidRound: (_, { input }, ctx) => done(ctx, voidRound(ctx, ofRound(input), ctx.submit)),
    askProvider: (_, { input }, ctx) => done(ctx, askProvider(ctx, ofRound(input), ctx.engine)),
  },
  CloseRoundPayload: { ...payload, preview, round, transaction },
  VoidRoundPayload: { ...payload, preview, round, transaction },
  AskProviderPayload: {
    ...payload,
    round,
    answer: ({ ids }) => (ids?.['answer'] as ProviderAnswer | undefined) ?? null,
  },
} satisfies Resolvers
