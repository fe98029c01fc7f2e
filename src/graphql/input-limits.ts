// What a value from outside may be at all, in variables and in documents alike: before anybody asks what it means.
import { type GraphQLError, type ValueNode, valueFromASTUntyped } from 'graphql'
import { refused } from './errors.ts'

export const inputLimits = {
  /** Characters of a text. */
  text: 4000,
  /** Values of a list. */
  list: 100,
  /** Lists and objects within each other. */
  nesting: 20,
} as const

interface Standing {
  readonly value: unknown
  readonly path: string
  readonly depth: number
}

/** What is wrong with the values of these names, with the path to it; undefined when nothing is. */
export function inputMistake(values: Readonly<Record<string, unknown>>): GraphQLError | undefined {
  const stack: Standing[] = Object.entries(values).map(([path, value]) => ({ path, value, depth: 1 }))
  let deepest: Standing | undefined
  // Not by recursion: what is nested deeply enough would end the process's stack.
  for (let at = stack.pop(); at; at = stack.pop()) {
    const mistake = mistakeIn(at)
    if (mistake) return mistake
    if (typeof at.value !== 'object' || at.value === null) continue
    if (at.depth > (deepest?.depth ?? 0)) deepest = at
    const depth = at.depth + 1
    const within = at.depth <= inputLimits.nesting
    for (const [key, value] of Object.entries(at.value)) {
      const name = Array.isArray(at.value) ? `${at.path}[${key}]` : `${at.path}.${key}`
      stack.push({ value, path: within ? name : at.path, depth })
    }
  }
  if (!deepest || deepest.depth <= inputLimits.nesting) return undefined
  return tooMuch(
    'nesting',
    deepest.path.split(/[.[]/)[0] ?? '',
    deepest.depth,
    (found) => `is nested ${found} deep`,
  )
}

/** The same of a value that is written in a document; variables in it are looked at where they are given. */
export const literalMistake = (name: string, value: ValueNode): GraphQLError | undefined =>
  inputMistake({ [name]: valueFromASTUntyped(value) })

function mistakeIn({ value, path }: Standing): GraphQLError | undefined {
  if (Array.isArray(value) && value.length > inputLimits.list) {
    return tooMuch('list', path, value.length, (found) => `has ${found} values`)
  }
  if (typeof value !== 'string') return undefined
  if (value.length > inputLimits.text) {
    return tooMuch('text', path, value.length, (found) => `has ${found} characters`)
  }
  if (value.isWellFormed() && !value.includes('\0')) return undefined
  const what = value.includes('\0') ? 'the character NUL' : 'half of a surrogate pair'
  return refused('BAD_USER_INPUT', `${path} has ${what}, which no text has`, {
    field: path,
    http: badRequest,
  })
}

const badRequest = { status: 400 }

function tooMuch(
  limit: keyof typeof inputLimits,
  field: string,
  found: number,
  say: (found: number) => string,
): GraphQLError {
  const most = inputLimits[limit]
  const message = `${field} ${say(found)}; the limit is ${most}`
  return refused('LIMIT_EXCEEDED', message, { limit, most, found, field, http: badRequest })
}
