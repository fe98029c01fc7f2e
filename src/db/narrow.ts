// Orders that no index leads along: the list must be narrowed first, so that what is sorted is little.
import { Problem } from '../lib/problem.ts'
import { type ChoiceFilter, choicesOf, type TimeRange } from './conditions.ts'
import type { PageRequest } from './keyset-list.ts'

export interface Narrowing<Filter> {
  readonly sort: string
  /** A range of time over which an index leads. */
  readonly time: keyof Filter & string
  /** Choices of which one alone narrows enough. */
  readonly choices: readonly (keyof Filter & string)[]
}

const daysMax = 7
const dayMs = 86_400_000

export function checkNarrow<Filter extends object>(
  { clock }: { readonly clock: { readonly now: () => Date } },
  { sort, filter }: PageRequest<Filter, string>,
  narrowing: Narrowing<Filter>,
): void {
  if (sort.key !== narrowing.sort) return
  if (narrowing.choices.some((field) => choicesOf(filter?.[field] as ChoiceFilter | null | undefined))) return
  const { gte, lt } = (filter?.[narrowing.time] ?? {}) as TimeRange
  const ms = gte ? (lt ?? clock.now()).getTime() - gte.getTime() : Number.POSITIVE_INFINITY
  if (ms <= daysMax * dayMs) return
  const choices = narrowing.choices.join(' or ')
  const needed = `${narrowing.time} with gte, over at most ${daysMax} days; or ${choices}`
  throw new Problem('BAD_USER_INPUT', `sorted by ${sort.key}, the list needs a filter: ${needed}`, 'sort.key')
}
