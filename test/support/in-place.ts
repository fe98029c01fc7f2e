// Some lists leave out what their reader may not see. To be compared with another's answer, what is left takes the
// places that it has there; errors move along.
type Item = Readonly<Record<string, unknown>>
type Path = readonly (string | number)[]

export interface Placed {
  readonly data: unknown
  /** Paths of the reference whose items the other answer leaves out. */
  readonly gone: ReadonlySet<string>
  /** Where an error's path of the other answer lies now. */
  readonly moved: (path: Path) => Path
}

/** What an item of such a list is told apart by, by its type. */
const keys: Readonly<Record<string, (item: Item) => unknown>> = {
  SearchHit: ({ matched, value }) => [matched, value],
  StoryEntryEdge: ({ node, cursor }) => [cursor, storyKey(node as Item | undefined)],
  StoryEntry: (entry) => storyKey(entry),
}

function storyKey(entry: Item | undefined): unknown {
  const { __typename: type, id } = (entry?.['source'] ?? {}) as Item
  return [entry?.['at'], entry?.['kind'], entry?.['what'], type, id]
}

/** Undefined when the item is of no such list. */
function keyOf(item: unknown): string | undefined {
  const { __typename: type } = (item ?? {}) as { __typename?: string }
  const key = keys[type ?? '']
  return key && JSON.stringify(key(item as Item))
}

export function inPlace(reference: unknown, other: unknown): Placed {
  const gone = new Set<string>()
  const moves = new Map<string, number>()

  function place(there: unknown, here: unknown, path: string, own: string): unknown {
    if (Array.isArray(there) && Array.isArray(here)) {
      const from = there.some((item) => keyOf(item) !== undefined) ? counterparts(there, here) : undefined
      return there.map((item: unknown, at) => {
        const index = from ? from[at] : at
        if (index === undefined) gone.add(`${path}.${at}`)
        else if (index !== at) moves.set(`${own}.${index}`, at)
        return index === undefined ? undefined : place(item, here[index], `${path}.${at}`, `${own}.${index}`)
      })
    }
    if (typeof there !== 'object' || typeof here !== 'object' || !there || !here) return here
    const entries = Object.entries(here).map(([name, value]) => [
      name,
      place((there as Item)[name], value, `${path}.${name}`, `${own}.${name}`),
    ])
    return Object.fromEntries(entries)
  }

  const data = place(reference, other, '', '')
  const moved = (path: Path) =>
    path.map((step, at) => moves.get(`.${path.slice(0, at + 1).join('.')}`) ?? step)
  return { data, gone, moved }
}

/** For each item there, where the one like it is here; the first of several alike, then the next. */
function counterparts(there: readonly unknown[], here: readonly unknown[]): (number | undefined)[] {
  const rest = new Map(here.map((item, at) => [at, keyOf(item)]))
  return there.map((item) => {
    const key = keyOf(item)
    const found = [...rest].find(([, one]) => one === key)
    if (found) rest.delete(found[0])
    return found?.[0]
  })
}
