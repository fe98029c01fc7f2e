import { globalId } from '../lib/global-id.ts'
import type { Count, Edge, Kind, ListPage, Page, Totals } from '../lib/page.ts'

/** Every connection is resolved in this way. */
export function connection<Row>() {
  return {
    edges: (page: Page<Row>): Edge<Row>[] => page.rows.map((node) => ({ cursor: page.cursor(node), node })),
    nodes: (page: Page<Row>): Row[] => [...page.rows],
    pageInfo: (page: Page<Row>): Page<unknown> => page,
  }
}

/** Of every connection with `totalCount`. */
export const counted = {
  totalCount: (page: ListPage<unknown>, { limit }: { readonly limit?: number | null }): Promise<Count> =>
    page.count(limit),
}

/** Of every connection with `totals`. */
export const summed = <Sum extends string>() => ({
  totals: async (page: ListPage<unknown, Sum>): Promise<Totals<Sum>[]> => [...(await page.totals())],
})

/** Of every connection whose `totals` are numbers of rows, by kind. */
export const byKind = {
  totals: async (page: ListPage<unknown>, { limit }: { readonly limit?: number | null }): Promise<Kind[]> => [
    ...(await page.kinds(limit)),
  ],
}

export const pageInfo = {
  hasNextPage: (page: Page<unknown>) => page.hasNextPage(),
  hasPreviousPage: (page: Page<unknown>) => page.hasPreviousPage(),
  startCursor: (page: Page<unknown>) => cursorAt(page, 0),
  endCursor: (page: Page<unknown>) => cursorAt(page, -1),
}

function cursorAt(page: Page<unknown>, index: number): string | null {
  const row = page.rows.at(index)
  return row === undefined ? null : page.cursor(row)
}

/** The global id of a row whose key is its id. */
export const idOf = (type: string) => (row: { readonly id: string }) => globalId(type, row.id)
