import { type ChoiceFilter, choicesOf } from '../../db/conditions.ts'
import type { FilterTree } from '../../lib/filter-tree.ts'
import type { EventWish } from './filter.ts'

export interface ProviderWish extends EventWish {
  readonly provider?: ChoiceFilter | null
}

/** The accounts of a provider with the caller's brands. */
type AccountsOf = (providerId: string) => Promise<readonly { readonly id: string }[]>

/** What is asked of providers is asked of their accounts, which are what an event names. */
export async function ofAccounts(
  { provider, and, or, not, ...wish }: FilterTree<ProviderWish>,
  accountsOf: AccountsOf,
): Promise<FilterTree<EventWish>> {
  const each = (among: readonly FilterTree<ProviderWish>[]) =>
    Promise.all(among.map((one) => ofAccounts(one, accountsOf)))
  const tree = {
    ...wish,
    ...(and && { and: await each(and) }),
    ...(or && { or: await each(or) }),
    ...(not && { not: await ofAccounts(not, accountsOf) }),
  }
  const providers = choicesOf(provider)
  if (!providers) return tree
  const ids = (await Promise.all(providers.map(accountsOf))).flat().map(({ id }) => id)
  const among = choicesOf(wish.providerAccount)
  return { ...tree, providerAccount: { in: among ? ids.filter((id) => among.includes(id)) : ids } }
}
