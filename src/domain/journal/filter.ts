import { type ChoiceFilter, choicesOf, type MinorRange, type TimeRange } from '../../db/conditions.ts'
import type { FilterTree } from '../../lib/filter-tree.ts'
import type { Actor } from './actor.ts'
import type { EventType, JournalEvent } from './types.ts'

/** Which events. What is absent lets everything pass; an empty set lets nothing pass. */
export interface EventFilter {
  /** The viewer's scope, narrowed if asked; events without a brand are for nobody. */
  readonly brandIds: ReadonlySet<string>
  readonly types?: ReadonlySet<EventType>
  readonly playerIds?: ReadonlySet<string>
  readonly sessionIds?: ReadonlySet<string>
  readonly gameIds?: ReadonlySet<string>
  readonly providerAccountIds?: ReadonlySet<string>
  readonly roundIds?: ReadonlySet<string>
  readonly betIds?: ReadonlySet<string>
  readonly transactionIds?: ReadonlySet<string>
  /** Of one currency, both ends included; events without an amount do not match. */
  readonly amount?: MinorRange
  readonly late?: boolean
}

/** What a caller asks for; all conditions that are given must hold. */
export interface EventWish {
  readonly type?: ChoiceFilter<EventType> | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly round?: ChoiceFilter | null
  readonly bet?: ChoiceFilter | null
  readonly transaction?: ChoiceFilter | null
  readonly amount?: MinorRange | null
  /** Whether money moved by it after its round was completed. */
  readonly late?: boolean | null
  /** Not for what is live. */
  readonly recordedAt?: TimeRange | null
}

/** What is asked for within `and`, `or` and `not`: of pages of the journal, not of what is live. */
export type EventTree = Pick<FilterTree<EventWish>, 'and' | 'or' | 'not'>

/** The wish within the actor's brands; of these types alone when any are named. */
export function eventFilter(
  { actor }: { readonly actor: Pick<Actor, 'brandIds'> },
  wish: EventWish,
  among?: readonly EventType[],
): EventFilter {
  const brands = choicesOf(wish.brand)
  const types = choicesOf(wish.type) ?? among
  const named = {
    playerIds: choicesOf(wish.player),
    sessionIds: choicesOf(wish.session),
    gameIds: choicesOf(wish.game),
    providerAccountIds: choicesOf(wish.providerAccount),
    roundIds: choicesOf(wish.round),
    betIds: choicesOf(wish.bet),
    transactionIds: choicesOf(wish.transaction),
  } satisfies Record<IdDimension, string[] | undefined>
  const sets = Object.entries(named).flatMap(([name, ids]) => (ids ? [[name, new Set(ids)]] : []))
  return {
    ...(Object.fromEntries(sets) as Partial<Record<IdDimension, ReadonlySet<string>>>),
    brandIds: brands ? actor.brandIds.intersection(new Set(brands)) : actor.brandIds,
    ...(types && { types: new Set(types.filter((type) => among?.includes(type) ?? true)) }),
    ...(wish.amount && { amount: wish.amount }),
    ...(typeof wish.late === 'boolean' && { late: wish.late }),
  }
}

/** The dimensions of a filter that are sets of ids, each with the event's own value. */
export const idDimensions = {
  transactionIds: (event: JournalEvent) => event.transactionId,
  betIds: (event: JournalEvent) => event.betId,
  roundIds: (event: JournalEvent) => event.roundId,
  sessionIds: (event: JournalEvent) => event.sessionId,
  playerIds: (event: JournalEvent) => event.playerId,
  gameIds: (event: JournalEvent) => event.gameId,
  providerAccountIds: (event: JournalEvent) => event.providerAccountId,
} as const

export type IdDimension = keyof typeof idDimensions

export const idDimensionNames = Object.keys(idDimensions) as readonly IdDimension[]

/** Whether the event notes that money moved by it after its round was completed. */
export const isLate = ({ facts }: JournalEvent): boolean => facts['late'] === true

/** Says in memory exactly what the page of events says in SQL. */
export function matchesFilter(filter: EventFilter, event: JournalEvent): boolean {
  if (event.brandId === null || !filter.brandIds.has(event.brandId)) return false
  if (filter.types && !filter.types.has(event.type)) return false
  for (const name of idDimensionNames) {
    const wanted = filter[name]
    if (!wanted) continue
    const id = idDimensions[name](event)
    if (id === null || !wanted.has(id)) return false
  }
  if (filter.late !== undefined && filter.late !== isLate(event)) return false
  return !filter.amount || withinRange(filter.amount, event)
}

function withinRange(range: MinorRange, event: JournalEvent): boolean {
  if (event.amountMinor === null || event.currency !== range.currency) return false
  if (range.gteMinor !== undefined && event.amountMinor < range.gteMinor) return false
  return range.lteMinor === undefined || event.amountMinor <= range.lteMinor
}
