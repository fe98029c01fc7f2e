import { closeSession } from '../../../domain/sessions/close-session.ts'
import { openSession } from '../../../domain/sessions/open-session.ts'
import type { Resolvers } from '../../generated.ts'
import { done, payload, playerRef, session as sessionOf, sessionRef } from './payload.ts'

export const sessionMutations = {
  Mutation: {
    openSession: (_, { input }, ctx) => {
      const launch = { ...input, player: playerRef(input.player) }
      return done(ctx, openSession(ctx, launch, ctx.sessionSettings))
    },
    closeSession: (_, { input }, ctx) => {
      const { idempotencyKey, session, reason = 'OPERATOR' } = input
      return done(ctx, closeSession(ctx, { idempotencyKey, session: sessionRef(session), reason }))
    },
  },
  OpenSessionPayload: { ...payload, session: sessionOf, gameToken: ({ gameToken }) => gameToken ?? null },
  CloseSessionPayload: { ...payload, session: sessionOf },
} satisfies Resolvers
