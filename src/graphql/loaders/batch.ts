// The kinds of loader. A loader lives as long as its request: it batches what is asked for in one tick, and reads
// nothing twice.
import DataLoader from 'dataloader'
import { sameText } from '../../lib/page.ts'

export type OneLoader<Row, Key = string> = DataLoader<Key, Row | null, string>
export type ManyLoader<Row> = DataLoader<string, Row[], string>

/** One row per key; null when there is none in the caller's brands. */
export function one<Row>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): OneLoader<Row> {
  return new DataLoader(async (keys) => {
    const rows = await read(keys)
    return keys.map((key) => rows.get(key) ?? null)
  })
}

/** All rows of each key. */
export function many<Row>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row[]>>,
): ManyLoader<Row> {
  return new DataLoader(async (keys) => {
    const rows = await read(keys)
    return keys.map((key) => rows.get(key) ?? [])
  })
}

export interface PageLoader<Key, Request, Page> {
  load(key: Key, request: Request): Promise<Page>
}

/** A page per key: one read for all keys that are asked for with the same arguments. */
export function pages<Key, Request, Page extends object>(
  read: (keys: readonly Key[], request: Request) => Promise<readonly (Page | Error)[]>,
): PageLoader<Key, Request, Page> {
  interface Wish {
    readonly key: Key
    readonly request: Request
    readonly group: string
  }
  const loader = new DataLoader<Wish, Page, string>(
    async (wishes) => {
      const groups = [...Map.groupBy(wishes, (wish) => wish.group).values()]
      const read = await Promise.all(groups.map(readGroup))
      const found = new Map(read.flat())
      return wishes.map((wish) => found.get(wish) ?? new Error('a page was not read'))
    },
    { cacheKeyFn: (wish) => `${wish.group} ${sameText(wish.key)}` },
  )

  async function readGroup(group: readonly Wish[]): Promise<(readonly [Wish, Page | Error])[]> {
    const [first] = group
    if (!first) return []
    try {
      const found = await read(
        group.map((wish) => wish.key),
        first.request,
      )
      return group.map((wish, at) => [wish, found[at] ?? new Error('a page was not read')])
    } catch (error) {
      return group.map((wish) => [wish, error instanceof Error ? error : new Error(String(error))])
    }
  }

  return { load: (key, request) => loader.load({ key, request, group: sameText(request) }) }
}
