import { Problem } from '../lib/problem.ts'
import { scenarios } from './scenarios/scenarios.ts'

/** `1-4,23` -> the numbers 1, 2, 3, 4, 23. */
export function selection(text: string): ReadonlySet<number> {
  const chosen = new Set(text.split(',').flatMap(rangeOf))
  const known = new Set(scenarios.map(({ number }) => number))
  const unknown = [...chosen].find((number) => !known.has(number))
  if (unknown === undefined) return chosen
  throw new Problem('OPTIONS', `only names scenario ${unknown}; there are 1 to ${known.size}`, 'only')
}

function rangeOf(part: string): number[] {
  const [, from, to] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim()) ?? []
  const [first, last] = [Number(from), Number(to ?? from)]
  if (from === undefined || last < first) {
    throw new Problem('OPTIONS', 'only is not a list of numbers and ranges such as 1-4,23', 'only')
  }
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
