// What an answer holds that is not the asker's: keys, also within global ids and cursors, and words.
import type { TestApp } from './app.ts'

/** Of these keys, and this word, all that stands in the value, with the paths to it. */
export function foreign(value: unknown, keys: ReadonlySet<string>, word: string, path = ''): string[] {
  if (typeof value === 'string') {
    const texts = [value, Buffer.from(value, 'base64url').toString()]
    const found = texts.some((text) => text.includes(word) || keysIn(text).some((key) => keys.has(key)))
    return found ? [`${path}: ${value}`] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => foreign(one, keys, word, `${path}.${key}`))
}

const keysIn = (text: string): readonly string[] => [
  ...(text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []),
  ...(text.match(/\d{1,5}\.\d{15,18}/g) ?? []),
]

/** Where the journal begins, for somebody. */
export async function firstCursor(pitboss: TestApp, token: string): Promise<string> {
  const { data } = await pitboss.graphql<{ events: { edges: { cursor: string }[] } }>(
    '{ events(first: 1) { edges { cursor } } }',
    undefined,
    { token },
  )
  return data.events.edges[0]?.cursor ?? ''
}
