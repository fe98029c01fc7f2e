import type { EventsOf } from '../../domain/journal/event-queries.ts'
import type { EventWish } from '../../domain/journal/filter.ts'
import { ofAccounts, type ProviderWish } from '../../domain/journal/of-accounts.ts'
import { type FilterTree, mapFilter } from '../../lib/filter-tree.ts'
import type { PageArguments } from '../../lib/page.ts'
import type { GraphContext } from '../context.ts'
import { eventName } from '../event-types.ts'
import type { EventTypeFilter } from '../generated.ts'
import { toFilter } from '../requests.ts'

const types = {
  brand: ['Brand'],
  player: ['Player'],
  session: ['Session'],
  game: ['Game'],
  provider: ['Provider'],
  providerAccount: ['ProviderAccount'],
  round: ['Round'],
  bet: ['Bet'],
  transaction: ['Transaction'],
}

interface FilterInput {
  readonly type?: TypeChoice | null | undefined
}

type TypeChoice = Pick<EventTypeFilter, 'eq' | 'in'>

/** The filters of `events` and of `betEvents` are alike, but that the latter hold no other filters. */
export async function toEventWish(
  { loaders }: GraphContext,
  input: FilterInput | null | undefined,
): Promise<FilterTree<EventWish>> {
  const named = mapFilter(input ?? {}, (value, field) =>
    field === 'type' ? namesOf(value as TypeChoice) : value,
  )
  const wish = toFilter<ProviderWish>(named, types) ?? {}
  return ofAccounts(wish, (id) => loaders.providerAccountsByProvider.load(id))
}

const namesOf = ({ eq, in: among }: TypeChoice) => ({
  eq: eq ? eventName(eq) : undefined,
  in: among?.flatMap((one) => eventName(one) ?? []),
})

/** The events of one thing, in its own order. */
export const toEvents = async (
  ctx: GraphContext,
  {
    first,
    after,
    last,
    before,
    filter,
  }: PageArguments & { readonly filter?: FilterInput | null | undefined },
): Promise<EventsOf> => ({
  page: { first, after, last, before },
  ...(filter && { filter: await toEventWish(ctx, filter) }),
})
