// A whole filter becomes conditions of SQL: each field by the condition of its list, and the filters within it. A row
// matches or it does not: where SQL says null it does not, so that `not` finds all the others.
import { type FilterTree, isConnective } from '../lib/filter-tree.ts'
import { Problem } from '../lib/problem.ts'
import type { Condition } from './conditions.ts'
import type { Parameters } from './rows.ts'

/** A condition for each field of a filter. */
export type Conditions<Fields> = {
  readonly [Field in keyof Fields]-?: Condition<NonNullable<Fields[Field]>>
}

/** What all must hold; none when the filter says nothing. The field `used` is left out. */
export function conditionsOf<Fields extends object>(
  conditions: Conditions<Fields>,
  filter: FilterTree<Fields>,
  parameters: Parameters,
  used?: string,
): string[] {
  const say = (one: FilterTree<Fields>, path: string): string[] =>
    Object.entries(one).flatMap(([field, value]: [string, unknown]) => {
      const at = path === '' ? field : `${path}.${field}`
      if (value === null || value === undefined || at === used) return []
      if (isConnective(field)) return connected(field, value, at)
      const condition = (conditions as Record<string, Condition<unknown>>)[field]
      return condition ? located(at, () => condition(value, parameters)) : []
    })

  const whole = (one: FilterTree<Fields>, path: string): string => {
    const said = say(one, path)
    return said.length === 0 ? 'true' : `(${said.join(' and ')})`
  }

  function connected(how: 'and' | 'or' | 'not', value: unknown, path: string): string[] {
    if (how === 'not') return [`${whole(value as FilterTree<Fields>, path)} is not true`]
    const branches = (value as readonly FilterTree<Fields>[]).map((one, at) => whole(one, `${path}[${at}]`))
    if (how === 'and') return branches
    return [branches.length === 0 ? 'false' : `(${branches.join(' or ')})`]
  }

  return say(filter, '')
}

/** Whether it says nothing besides one field. */
export const saysNothing = (filter: object, besides: string | undefined): boolean =>
  Object.entries(filter).every(([field, value]) => value === null || value === undefined || field === besides)

/** A Problem with a value names the field that it stands in. */
export function located<Value>(path: string, make: () => Value): Value {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.code, error.message, `filter.${path}`)
  }
}
