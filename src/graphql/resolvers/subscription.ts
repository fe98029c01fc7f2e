import { eventFilter } from '../../domain/journal/filter.ts'
import type { EventType } from '../../domain/journal/types.ts'
import type { LiveMessage } from '../../live/stream.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers, ResolversTypes, ResolversUnionTypes } from '../generated.ts'
import { toEventWish } from './event-wish.ts'

type BetEvent = ResolversUnionTypes<ResolversTypes>['BetEvent']

/** What the subscription carries, whatever else its filter says. */
const betEventTypes = [
  'BetPlaced',
  'RoundStarted',
  'RoundCompleted',
  'BetSettled',
  'WinRecorded',
  'LossRecorded',
  'BetRolledBack',
  'BetVoided',
  'WinRolledBack',
  'RollbackRecorded',
  'ResultRecorded',
  'DebtRecorded',
  'TransactionDeclined',
  'SessionOpened',
  'SessionClosed',
] as const satisfies readonly EventType[]

type BetEventType = (typeof betEventTypes)[number]

/** An event is handed on as it stands in the ring, the same object for all subscribers. */
function eventOf(message: LiveMessage, at: Date): BetEvent {
  if (message.kind === 'EVENT') return message.event as BetEvent
  if (message.kind === 'LAGGED') return { __typename: 'StreamLagged', resumeAfter: message.cursor }
  return { __typename: message.kind === 'LIVE' ? 'StreamLive' : 'Heartbeat', at }
}

function toMessage(message: LiveMessage, { clock }: GraphContext) {
  const at = clock.now()
  const event = message.kind === 'EVENT' ? message.event : undefined
  return {
    cursor: message.cursor,
    event: eventOf(message, at),
    occurredAt: event?.occurredAt ?? at,
    replayed: message.kind === 'EVENT' && message.replayed,
  }
}

export const subscriptionResolvers = {
  Subscription: {
    betEvents: {
      subscribe: async (_, { filter, after }, ctx) => {
        const wish = await toEventWish(ctx, filter)
        return ctx.live.subscribe({ filter: eventFilter(ctx, wish, betEventTypes), after })
      },
      resolve: (message: LiveMessage, _: unknown, ctx: GraphContext) => toMessage(message, ctx),
    },
  },
  // The events themselves are not marked: they are shared.
  BetEvent: {
    __resolveType: (event) => {
      if ('type' in event) return event.type as BetEventType
      const { __typename: name } = event
      return name
    },
  },
} satisfies Resolvers
