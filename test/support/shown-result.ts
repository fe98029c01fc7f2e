// The result of an operation in a form that can be compared with another one's.
import type { ExecutionResult } from 'graphql'

export interface Shown {
  readonly data: string
  readonly errors: readonly string[]
  /** The same without those of several that blanked one and the same thing, of which one is enough: the things. */
  readonly blanked: readonly string[]
}

export function shown({ data, errors = [] }: ExecutionResult): Shown {
  const told = errors.map((one) => ({
    text: `${(one.path ?? []).join('.')} ${one.message} ${JSON.stringify(one.locations)}`,
    blank: blankAbove(data, one.path ?? []),
  }))
  const blanked = told.map(({ text, blank }) => (blank === undefined ? text : `${blank} is blank`))
  return {
    data: JSON.stringify(data),
    errors: told.map(({ text }) => text).sort(),
    blanked: [...new Set(blanked)].sort(),
  }
}

/** What is null above the path; undefined when the error's own field is the first null. */
function blankAbove(data: unknown, path: readonly (string | number)[]): string | undefined {
  let value = data
  for (const [depth, key] of path.entries()) {
    if (value === null || value === undefined) return `"${path.slice(0, depth).join('.')}"`
    value = (value as Record<string | number, unknown>)[key]
  }
  return undefined
}
