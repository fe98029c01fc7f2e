import type { EventsOf } from '../../domain/journal/event-queries.ts'
import type { EventWish } from '../../domain/journal/filter.ts'
import type { PageArguments } from '../../lib/page.ts'
import { eventName } from '../event-types.ts'
import type { EventTypeFilter } from '../generated.ts'
import { toFilter } from '../requests.ts'

const types = {
  brand: ['Brand'],
  player: ['Player'],
  session: ['Session'],
  game: ['Game'],
  providerAccount: ['ProviderAccount'],
  round: ['Round'],
  bet: ['Bet'],
  transaction: ['Transaction'],
}

interface FilterInput {
  readonly type?: Pick<EventTypeFilter, 'eq' | 'in'> | null | undefined
}

/** The filters of `events` and of `betEvents` are alike. */
export function toEventWish(input: FilterInput | null | undefined): EventWish {
  const { type, ...rest } = input ?? {}
  const names = type && {
    eq: type.eq ? eventName(type.eq) : undefined,
    in: type.in?.flatMap((one) => eventName(one) ?? []),
  }
  return { ...toFilter<Omit<EventWish, 'type'>>(rest, types), type: names ?? null }
}

/** The events of one thing, in its own order. */
export const toEvents = ({
  first,
  after,
  last,
  before,
  filter,
}: PageArguments & { readonly filter?: FilterInput | null | undefined }): EventsOf => ({
  page: { first, after, last, before },
  ...(filter && { filter: toEventWish(filter) }),
})
