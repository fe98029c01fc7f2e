import { closeSession } from '../../../domain/sessions/close-session.ts'
import { openSession } from '../../../domain/sessions/open-session.ts'
import { recordActivity } from '../../../domain/sessions/record-activity.ts'
import type { GraphContext } from '../../context.ts'
import type { Resolvers } from '../../generated.ts'
import type { Answered } from '../../mappers.ts'
import { done, payload, playerRef, sessionRef } from './payload.ts'

export const sessionMutations = {
  Mutation: {
    openSession: (_, { input }, ctx) => {
      const launch = { ...input, player: playerRef(input.player) }
      return done(ctx, openSession(ctx, launch, ctx.sessionSettings))
    },
    closeSession: (_, { input }, ctx) => {
      const { reason = 'OPERATOR' } = input
      return done(ctx, closeSession(ctx, { ...input, session: sessionRef(input.session), reason }))
    },
    recordActivity: (_, { input }, ctx) => {
      const refs = { player: playerRef(input.player), session: input.session && sessionRef(input.session) }
      return done(ctx, recordActivity(ctx, { ...input, ...refs }))
    },
  },
  OpenSessionPayload: { ...payload, session, gameToken: ({ gameToken }) => gameToken ?? null },
  CloseSessionPayload: { ...payload, session },
  RecordActivityPayload: {
    ...payload,
    activity: ({ ids }, _, ctx) =>
      ids?.['activityId'] === undefined ? null : ctx.loaders.activityById.load(ids['activityId']),
  },
} satisfies Resolvers

function session({ ids }: Answered, _: unknown, ctx: GraphContext) {
  return ids?.['sessionId'] === undefined ? null : ctx.loaders.sessionById.load(ids['sessionId'])
}
