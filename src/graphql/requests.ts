// Arguments of the schema become requests of the domain: global ids become keys, decimals minor units, and what is
// wrong with them is said with the name of the field.
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
  readonly filter: Filter | null
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
): Filter | null {
  if (!filter) return null
  const entries = Object.entries(filter).map(([field, value]: [string, unknown]) => {
    const ids = types[field]
    if (value === null || value === undefined) return [field, null]
    if (ids) return [field, toKeys(value, ids, field)]
    if (isMoneyRange(value)) return [field, toMinor(value, field)]
    return [field, value]
  })
  return Object.fromEntries(entries) as Filter
}

const toKeys = ({ eq, in: among }: IdFilter, types: readonly string[], field: string) => ({
  eq: eq === null || eq === undefined ? null : keyOf(eq, types, field),
  in: among?.map((id) => keyOf(id, types, field)) ?? null,
})

function keyOf(id: string, types: readonly string[], field: string): string {
  const global = readGlobalId(id)
  const fits = global && isUuid(global.key) && (types.length === 0 || types.includes(global.type))
  if (fits) return global.key
  const wanted = types.length === 0 ? 'anything' : `a ${types.join(' or a ')}`
  throw new Problem(
    'BAD_USER_INPUT',
    `${field}: "${id.slice(0, 60)}" is not the id of ${wanted}`,
    `filter.${field}`,
  )
}

const isMoneyRange = (value: unknown): value is MoneyRange =>
  typeof value === 'object' && value !== null && 'currency' in value

function toMinor({ currency, gte, lte }: MoneyRange, field: string) {
  const minor = (text: string | null | undefined) => {
    try {
      return text === null || text === undefined ? undefined : parseDecimal(text, currency)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      throw new Problem('BAD_USER_INPUT', `${field}: ${error.message}`, `filter.${field}`)
    }
  }
  return { currency, gteMinor: minor(gte), lteMinor: minor(lte) }
}
