// A list from one end to the other, page by page: what every page says of its neighbours is held against what comes.
import { expect } from 'vitest'
import type { Graph } from './graph.ts'

export interface ListQuery {
  /** The root field. */
  readonly list: string
  /** What it lists: `Bet` has a BetFilter and a BetSort. */
  readonly type: string
  readonly filter: object
}

export interface Walk {
  readonly sort: { readonly key: string; readonly direction: string }
  readonly size: number
}

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const textOf = ({ list, type }: ListQuery) => `query Page(
  $first: Int, $after: String, $last: Int, $before: String, $sort: ${type}Sort, $filter: ${type}Filter
) {
  ${list}(first: $first, after: $after, last: $last, before: $before, sort: $sort, filter: $filter) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

async function pageOf(graph: Graph, query: ListQuery, variables: object): Promise<Connection> {
  const { data, errors } = await graph.ask(textOf(query), { ...variables, filter: query.filter })
  expect(errors).toEqual([])
  return (data as Record<string, Connection>)[query.list] ?? expect.fail('there is no page')
}

export async function walkOnward(graph: Graph, query: ListQuery, { sort, size }: Walk): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const page: Connection = await pageOf(graph, query, { first: size, after, sort })
    ids.push(...page.edges.map(({ node }) => node.id))
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
    more = page.pageInfo.hasNextPage
    after = page.pageInfo.endCursor
  }
  return ids
}

export async function walkBack(graph: Graph, query: ListQuery, { sort, size }: Walk): Promise<string[]> {
  const ids: string[] = []
  for (let before: string | null = null, more = true; more; ) {
    const page: Connection = await pageOf(graph, query, { last: size, before, sort })
    ids.unshift(...page.edges.map(({ node }) => node.id))
    expect(page.pageInfo.hasNextPage).toBe(before !== null)
    more = page.pageInfo.hasPreviousPage
    before = page.pageInfo.startCursor
  }
  return ids
}
