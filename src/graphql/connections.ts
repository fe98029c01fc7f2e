import { globalId } from '../lib/global-id.ts'
import type { Edge, Page } from '../lib/page.ts'

/** Every connection is resolved in this way. */
export function connection<Row>() {
  return {
    edges: (page: Page<Row>): Edge<Row>[] => page.rows.map((node) => ({ cursor: page.cursor(node), node })),
    nodes: (page: Page<Row>): Row[] => [...page.rows],
    pageInfo: (page: Page<Row>): Page<unknown> => page,
  }
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
