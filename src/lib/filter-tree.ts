// Filters that hold filters: `and`, `or` and `not` beside the fields, bounded in depth and number, so that a filter
// from outside is a small thing whatever it looks like.
import { Problem } from './problem.ts'

export type FilterTree<Fields> = Fields & {
  /** Nothing is said when empty. */
  readonly and?: readonly FilterTree<Fields>[] | null | undefined
  /** Nothing matches when empty. */
  readonly or?: readonly FilterTree<Fields>[] | null | undefined
  readonly not?: FilterTree<Fields> | null | undefined
}

export const filterDepthMax = 3
export const filterBranchesMax = 20

export const isConnective = (field: string): field is 'and' | 'or' | 'not' =>
  field === 'and' || field === 'or' || field === 'not'

/**
 * The same tree with each field's value made anew; `path` is `or[1].not.player`. What is too deep or too large is a
 * Problem, found before anything below it is looked at.
 */
export function mapFilter(
  filter: object,
  map: (value: unknown, field: string, path: string) => unknown,
): object {
  let branches = 0

  function branch(value: object, path: string, depth: number): object {
    branches += 1
    if (depth > filterDepthMax)
      throw refusal(`filters within filters go ${filterDepthMax} deep at most`, path)
    if (branches > filterBranchesMax) {
      throw refusal(`a filter holds ${filterBranchesMax} filters at most`, path)
    }
    return within(value, path, depth)
  }

  function within(one: object, path: string, depth: number): object {
    const entries = Object.entries(one).map(([field, value]: [string, unknown]) => {
      const at = path === '' ? field : `${path}.${field}`
      if (value === null || value === undefined) return [field, null]
      if (!isConnective(field)) return [field, map(value, field, at)]
      if (field === 'not') return [field, branch(value, at, depth + 1)]
      const among = value as readonly object[]
      return [field, among.map((each, index) => branch(each, `${at}[${index}]`, depth + 1))]
    })
    return Object.fromEntries(entries) as object
  }

  return within(filter, '', 0)
}

const refusal = (message: string, path: string) =>
  new Problem('BAD_USER_INPUT', `${path}: ${message}`, `filter.${path}`)
