import type { Actor, Context } from '../domain/context.ts'
import type { EngineServices } from '../domain/money/place-bet.ts'
import type { Submit } from '../domain/money/types.ts'
import type { Viewer } from '../domain/operators/viewer.ts'
import type { QuoteKeys } from '../domain/search/types.ts'
import type { SessionSettings } from '../domain/sessions/open-session.ts'
import type { Live } from '../live/live.ts'
import { createLoaders, type Loaders } from './loaders/create.ts'

/** What every operation works with, for the life of the process. */
export interface GraphServices extends Omit<Context, 'actor' | 'requestId'> {
  readonly submit: Submit
  /** For bets that are placed from here. */
  readonly engine: EngineServices
  readonly live: Live
  readonly sessionSettings: SessionSettings
  /** How ids that providers quote stand in keys, by what the dialects say. */
  readonly quoteKeys: QuoteKeys
}

/** Who asks, and in which request. */
export interface Caller {
  readonly viewer: Viewer
  readonly requestId: string
  /** Where subscriptions are to be opened: named when somebody tries one over HTTP. */
  readonly socketUrl: string
}

/** The third argument of every resolver: a domain context, the viewer, and loaders that live for one operation. */
export interface GraphContext extends GraphServices, Caller, Context {
  readonly loaders: Loaders
  /** Filled in when it is known what is executed. */
  readonly wanted: NonNullable<Context['wanted']>
}

export function openGraphContext(services: GraphServices, caller: Caller): GraphContext {
  const { viewer } = caller
  const actor: Actor = {
    kind: 'OPERATOR',
    id: viewer.operatorId,
    permissions: viewer.permissions,
    brandIds: viewer.brandIds,
  }
  const scoped = { ...services, ...caller, actor, wanted: {} }
  return Object.assign(scoped, { loaders: createLoaders(scoped) })
}

/** The same caller with empty loaders: what they hold is stale as soon as an event has happened. */
export const renewGraphContext = (ctx: GraphContext): GraphContext => ({
  ...ctx,
  loaders: createLoaders(ctx),
})
