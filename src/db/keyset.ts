// Pages by keyset: row-value comparison over the sort's columns, of which the last is unique, so that rows that
// arrive meanwhile neither hide nor repeat others. One statement reads the pages of any number of parents (the bets
// of 50 players), or one page over several (the bets of three brands). It knows no noun.
import {
  type CursorFrame,
  checkCountLimit,
  checkPageArguments,
  type Count,
  digestOf,
  type Kind,
  type ListPage,
  type PageWish,
  type Totals,
  writeCursor,
} from '../lib/page.ts'
import { type ChoiceFilter, checkText, choicesOf } from './conditions.ts'
import { located } from './filter.ts'
import { boundsOf } from './keyset-bounds.ts'
import type { KeysetScope, ListShape, PageRequest, Parents } from './keyset-list.ts'
import { Walk } from './keyset-walk.ts'

export type { Direction, KeysetScope, ListShape, PageRequest, Parents } from './keyset-list.ts'

/** One page of everything in the caller's brands. */
export async function readPage<Row, Filter extends object, Sort extends string, Sum extends string = never>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort, Sum>,
  request: PageRequest<Filter, Sort>,
): Promise<ListPage<Row, Sum>> {
  const { used, ...parents } = startOf(scope, list, request)
  const [page] = await scan(scope, list, request, { ...parents, merged: true }, used)
  if (page instanceof Error) throw page
  if (!page) throw new Error('a merged scan gave no page')
  return page
}

/** A page for each parent, in the parents' order; an error stands for the parent whose cursor is not its own. */
export function readPages<Row, Filter extends object, Sort extends string, Sum extends string = never>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort, Sum>,
  request: PageRequest<Filter, Sort>,
  parents: Omit<Parents, 'merged'>,
): Promise<(ListPage<Row, Sum> | Error)[]> {
  return scan(scope, list, request, { ...parents, merged: false }, undefined)
}

/** The walk goes along the first driver that the filter names, or along the brands. */
function startOf<Row, Filter extends object, Sort extends string, Sum extends string>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort, Sum>,
  { filter, sort }: PageRequest<Filter, Sort>,
): Omit<Parents, 'merged'> & { readonly used: string | undefined } {
  for (const [field, column, keysOf] of [...(list.drivers ?? []), ...(list.ordered?.[sort.key] ?? [])]) {
    const choice = filter?.[field] as ChoiceFilter | null | undefined
    const chosen = located(field, () => choicesOf(choice)?.map(checkText))
    if (!chosen) continue
    if (!keysOf) return { ...along(column, chosen), used: field }
    return { ...along(column, chosen), keysOf, used: undefined }
  }
  const brandIds = [...scope.actor.brandIds]
  const { start } = list
  if (!start) return { ...along(list.brandColumn, brandIds), used: undefined }
  return { ...along(start.column, brandIds), keysOf: (_, brands) => start.keys(brands), used: undefined }
}

const along = (column: string, keys: readonly string[]) => ({
  columns: [[column, 'uuid']] as const,
  keys: keys.map((key) => [key]),
})

async function scan<Row, Filter extends object, Sort extends string, Sum extends string>(
  scope: KeysetScope,
  list: ListShape<Row, Filter, Sort, Sum>,
  request: PageRequest<Filter, Sort>,
  parents: Parents,
  used: string | undefined,
): Promise<(ListPage<Row, Sum> | Error)[]> {
  const wish = checkPageArguments(request.page)
  const walk = new Walk(scope, list, request, parents, used)
  const frames = parents.merged
    ? [new Frame(list, request)]
    : parents.keys.map((key) => new Frame(list, request, key))
  const bounds = frames.map((frame) => boundsOf(frame, wish, walk.columns))
  const good = bounds.find((one) => !(one instanceof Error))
  if (!good || good instanceof Error) return bounds as Error[]
  const empty = parents.keys.length === 0
  const found = empty ? [[]] : await walk.rows(wish, good)
  const extras = extrasOf(walk, good, empty)
  return frames.map((frame, index) => {
    const own = bounds[index]
    if (own instanceof Error) return own
    return pageOf(found[index] ?? [], wish, extras, index, (row) =>
      writeCursor(
        frame,
        walk.columns.map((column) => column.of(row)),
      ),
    )
  })
}

/** Most pages are read without a cursor, and asked for none. */
class Frame implements CursorFrame {
  readonly list: string
  readonly sort: string
  readonly #of: readonly unknown[]
  #digest: string | undefined

  constructor(
    { name }: { readonly name: string },
    { sort, filter }: PageRequest<object, string>,
    parent: readonly string[] = [],
  ) {
    this.list = name
    this.sort = `${sort.key} ${sort.direction}`
    this.#of = [filter ?? {}, parent]
  }

  get digest(): string {
    return (this.#digest ??= digestOf(this.#of))
  }
}

/** What is found out only when somebody asks, then for all parents at once. */
interface Extras<Sum extends string> {
  readonly beyond: (side: 'after' | 'before') => Promise<readonly boolean[]> | undefined
  readonly counts: (limit: number) => Promise<readonly Count[]>
  readonly totals: () => Promise<readonly (readonly Totals<Sum>[])[]>
  readonly kinds: (limit: number) => Promise<readonly (readonly Kind[])[]>
}

function extrasOf<Row, Filter extends object, Sort extends string, Sum extends string>(
  walk: Walk<Row, Filter, Sort, Sum>,
  bounds: ReturnType<typeof boundsOf> & object,
  empty: boolean,
): Extras<Sum> {
  const asked = new Map<string, Promise<readonly unknown[]>>()
  const once = <Value>(name: string, ask: () => Promise<readonly Value[]>): Promise<readonly Value[]> => {
    const answer = asked.get(name) ?? (empty ? Promise.resolve([]) : ask())
    asked.set(name, answer)
    return answer as Promise<readonly Value[]>
  }
  return {
    beyond(side) {
      const values = bounds instanceof Error ? undefined : bounds[side]
      return values && once(side, () => walk.anyBeyond(side, values))
    },
    counts: (limit) => once(`count ${limit}`, () => walk.counts(limit)),
    totals: () => once('totals', () => walk.totals()),
    kinds: (limit) => once(`kinds ${limit}`, () => walk.kinds(limit)),
  }
}

function pageOf<Row, Sum extends string>(
  found: readonly Row[],
  wish: PageWish,
  extras: Extras<Sum>,
  index: number,
  cursor: (row: Row) => string,
): ListPage<Row, Sum> {
  const more = found.length > wish.size
  const rows = found.slice(0, wish.size)
  const outside = (side: 'after' | 'before') =>
    extras.beyond(side)?.then((all) => all[index] ?? false) ?? false
  return {
    rows: wish.forward ? rows : rows.toReversed(),
    cursor,
    hasNextPage: () => (wish.forward && more) || outside('before'),
    hasPreviousPage: () => (!wish.forward && more) || outside('after'),
    async count(limit) {
      const counts = await extras.counts(checkCountLimit(limit))
      return counts[index] ?? { value: 0, precision: 'EXACT' }
    },
    totals: async () => (await extras.totals())[index] ?? [],
    kinds: async (limit) => (await extras.kinds(checkCountLimit(limit)))[index] ?? [],
  }
}
