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
  /** Of one currency, both ends included; events without an amount do not match. */
  readonly amount?: AmountRange
}

export interface AmountRange {
  readonly currency: string
  readonly gteMinor?: bigint
  readonly lteMinor?: bigint
}

/** The dimensions of a filter that are sets of ids, each with the event's own value. */
export const idDimensions = {
  betIds: (event: JournalEvent) => event.betId,
  roundIds: (event: JournalEvent) => event.roundId,
  sessionIds: (event: JournalEvent) => event.sessionId,
  playerIds: (event: JournalEvent) => event.playerId,
  gameIds: (event: JournalEvent) => event.gameId,
  providerAccountIds: (event: JournalEvent) => event.providerAccountId,
} as const

export type IdDimension = keyof typeof idDimensions

export const idDimensionNames = Object.keys(idDimensions) as readonly IdDimension[]

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
  return !filter.amount || withinRange(filter.amount, event)
}

function withinRange(range: AmountRange, event: JournalEvent): boolean {
  if (event.amountMinor === null || event.currency !== range.currency) return false
  if (range.gteMinor !== undefined && event.amountMinor < range.gteMinor) return false
  return range.lteMinor === undefined || event.amountMinor <= range.lteMinor
}
