// Arguments of the schema become requests of the domain: global ids become keys, decimals minor units, and what is
// wrong with them is said with the name of the field.
import { type FilterTree, mapFilter } from '../lib/filter-tree.ts'
import { parseDecimal } from '../lib/money.ts'
import { readGlobalId } from '../lib/global-id.ts'
import { Problem } from '../lib/problem.ts'
import { isUuid } from '../lib/uuid.ts'
import type { IdFilter, MoneyRange, SortDirection } from './generated.ts'

/** For each IdFilter of a filter, the types whose ids it takes; empty: any. */
export type IdTypes = Readonly<Record<string, readonly string[]>>

interface ListArguments<Filter, Key> {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly filter?: Filter | null | undefined
  readonly sort?: { readonly key: Key; readonly direction?: SortDirection | undefined } | null | undefined
}

/** Newest first when no sort is given: all ids are made of times. */
export function toRequest<Filter extends object, Key extends string>(
  args: ListArguments<object, Key>,
  key: Key,
  types: IdTypes = {},
): {
  readonly page: Pick<ListArguments<Filter, Key>, 'first' | 'after' | 'last' | 'before'>
  readonly filter: FilterTree<Filter> | null
  readonly sort: { readonly key: Key; readonly direction: SortDirection }
} {
  const { first, after, last, before, filter, sort } = args
  return {
    page: { first: first ?? null, after: after ?? null, last: last ?? null, before: before ?? null },
    filter: toFilter<Filter>(filter, types),
    sort: { key: sort?.key ?? key, direction: sort?.direction ?? 'DESC' },
  }
}

// The caller names the domain's filter that the schema's one is written after.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function toFilter<Filter extends object>(
  filter: object | null | undefined,
  types: IdTypes,
): FilterTree<Filter> | null {
  if (!filter) return null
  const found = mapFilter(filter, (value, field, path) => {
    const ids = types[field]
    if (ids) return toKeys(value as IdFilter, ids, path)
    return isMoneyRange(value) ? toMinor(value, field, path) : value
  })
  return found as FilterTree<Filter>
}

const toKeys = ({ eq, in: among }: IdFilter, types: readonly string[], path: string) => ({
  eq: eq === null || eq === undefined ? null : keyOf(eq, types, path),
  in: among?.map((id) => keyOf(id, types, path)) ?? null,
})

function keyOf(id: string, types: readonly string[], path: string): string {
  const global = readGlobalId(id)
  const fits = global && isUuid(global.key) && (types.length === 0 || types.includes(global.type))
  if (fits) return global.key
  const wanted = types.length === 0 ? 'anything' : `a ${types.join(' or a ')}`
  throw new Problem(
    'BAD_USER_INPUT',
    `${path}: "${id.slice(0, 60)}" is not the id of ${wanted}`,
    `filter.${path}`,
  )
}

const isMoneyRange = (value: unknown): value is MoneyRange =>
  typeof value === 'object' && value !== null && 'currency' in value

/** What moves can be taken away too; what is staked, paid or held is never negative. */
const signed = ['amount']

function toMinor({ currency, gte, lte }: MoneyRange, field: string, path: string) {
  const minor = (bound: string, text: string | null | undefined) => {
    if (text === null || text === undefined) return undefined
    const wrong = (message: string) =>
      new Problem('BAD_USER_INPUT', `${path}.${bound}: ${message}`, `filter.${path}.${bound}`)
    // A page without rows would look like an answer.
    if (text.startsWith('-') && !signed.includes(field)) throw wrong(`${text} is negative`)
    try {
      return parseDecimal(text, currency)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      throw wrong(error.message)
    }
  }
  return { currency, gteMinor: minor('gte', gte), lteMinor: minor('lte', lte) }
}
