import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { betSortKeys, sortedBets } from '../support/bet-oracle.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory, type MadeBet } from '../support/factory.ts'
import type { Brand, Seat } from '../support/factory-rows.ts'
import { type Graph, openGraph } from '../support/graph.ts'

let database: TestDatabase
let graph: Graph
let factory: Factory
let brands: Brand[]
let seats: Seat[]
let made: MadeBet[]

const now = Date.now()

beforeAll(async () => {
  database = await createTestDatabase()
  factory = new Factory(database.sql)
  brands = [factory.brand(), factory.brand()]
  seats = [0, 1, 2, 3].map((at) =>
    factory.seat(brandAt(at % 2), { externalId: `same-${Math.floor(at / 2)}` }),
  )
  // Many rows share a millisecond or a stake; the extremes are there too.
  const stakes = [0n, 100n, 100n, 100n, 250n, 10n ** 8n]
  const payouts = [0n, 100n, 250n, 250n, 33n, 10n ** 8n, 10n ** 15n]
  made = Array.from({ length: 108 }, (_, at) =>
    factory.bet(seatAt(at % 4), {
      stakeMinor: stakes[at % 6] ?? 0n,
      payoutMinor: payouts[at % 7] ?? 0n,
      kind: at % 7 === 6 ? 'FREE' : 'REAL',
      placedAt: new Date(now - 1000 * Math.floor(at / 20)),
      outcome: at % 3 === 2 ? 'OPEN' : at % 9 === 1 ? 'LOST' : 'WON',
    }),
  )
  await factory.save()
  graph = openGraph(
    database,
    brands.map(({ id }) => id),
  )
})

afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const brandAt = (at: number): Brand => brands[at] ?? expect.fail('no such brand')
const seatAt = (at: number): Seat => seats[at] ?? expect.fail('no such seat')

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const pageQuery = `query Page(
  $first: Int, $after: String, $last: Int, $before: String, $sort: BetSort, $filter: BetFilter
) {
  bets(first: $first, after: $after, last: $last, before: $before, sort: $sort, filter: $filter) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

async function page(variables: object): Promise<Connection> {
  const { data, errors } = await graph.ask(pageQuery, variables)
  expect(errors).toEqual([])
  return (data as { bets: Connection }).bets
}

const idOf = (bet: MadeBet) => globalId('Bet', bet.id)

const sorted = (bets: readonly MadeBet[], key: string, direction: string): string[] =>
  sortedBets(bets, key, direction).map(idOf)

const cases = betSortKeys.flatMap((key) =>
  ['ASC', 'DESC'].flatMap((direction) => [1, 7, 100].map((size) => ({ key, direction, size }))),
)

describe('pages of bets of two brands', () => {
  test.for(cases)('$size at a time by $key $direction, onward and back, are the list', async (of) => {
    const sort = { key: of.key, direction: of.direction }
    const expected = sorted(made, of.key, of.direction)
    const onward: string[] = []
    for (let after: string | null = null; ; ) {
      const found: Connection = await page({ first: of.size, after, sort })
      onward.push(...found.edges.map(({ node }) => node.id))
      expect(found.pageInfo.hasPreviousPage).toBe(after !== null)
      expect(found.pageInfo.hasNextPage).toBe(onward.length < expected.length)
      after = found.pageInfo.endCursor
      if (!found.pageInfo.hasNextPage) break
    }
    expect(onward).toEqual(expected)
    const back: string[] = []
    for (let before: string | null = null; ; ) {
      const found: Connection = await page({ last: of.size, before, sort })
      back.unshift(...found.edges.map(({ node }) => node.id))
      expect(found.pageInfo.hasNextPage).toBe(before !== null)
      expect(found.pageInfo.hasPreviousPage).toBe(back.length < expected.length)
      before = found.pageInfo.startCursor
      if (!found.pageInfo.hasPreviousPage) break
    }
    expect(back).toEqual(expected)
  })

  test.for([1, 7, 100])('%i at a time, rows that arrive meanwhile hide and repeat nothing', async (size) => {
    const filter = { currency: { eq: 'EUR' } }
    for (const [at, key] of betSortKeys.entries()) {
      const before = made.map(idOf)
      const seen: string[] = []
      const sort = { key, direction: at % 2 === 0 ? 'DESC' : 'ASC' }
      for (let after: string | null = null, turn = 0; ; turn += 1) {
        const found: Connection = await page({ first: size, after, filter, sort })
        seen.push(...found.edges.map(({ node }) => node.id))
        if (!found.pageInfo.hasNextPage) break
        after = found.pageInfo.endCursor
        if (turn < 4) await arrive(turn)
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(before.filter((id) => !seen.includes(id))).toEqual([])
    }
  })
})

/** One bet that sorts before everything, one in the middle, one after everything. */
async function arrive(turn: number): Promise<void> {
  for (const shift of [1000, -2500, -60_000]) {
    const placedAt = new Date(now + shift - turn)
    const facts = { stakeMinor: BigInt(Math.abs(shift)), payoutMinor: BigInt(turn * 50), placedAt }
    made.push(factory.bet(seatAt(turn % 4), { ...facts, outcome: shift > 0 ? 'OPEN' : 'WON' }))
  }
  await factory.save()
}

test('players of two brands with the same ids of the platform come one after the other', async () => {
  const query = `query ($after: String) { players(first: 1, after: $after, sort: { key: EXTERNAL_ID, direction: ASC }) {
    edges { cursor node { externalId brand { code } } } pageInfo { hasNextPage } } }`
  const seen: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const { data } = await graph.ask(query, { after })
    const { players } = data as {
      players: {
        edges: { cursor: string; node: { externalId: string; brand: { code: string } } }[]
        pageInfo: { hasNextPage: boolean }
      }
    }
    const [edge] = players.edges
    if (!edge) break
    seen.push(`${edge.node.externalId} ${edge.node.brand.code}`)
    after = edge.cursor
    more = players.pageInfo.hasNextPage
  }
  expect(seen.toSorted()).toEqual(seats.map((seat) => `${seat.externalId} ${seat.brand.code}`).toSorted())
})

describe('arguments of a page', () => {
  test.for([
    [{}, 'one of first and last is needed'],
    [{ first: null, last: null }, 'one of first and last is needed'],
    [{ first: 1, last: 1 }, 'first and last exclude each other'],
    [{ first: 0 }, 'first must be 1 to 100, not 0'],
    [{ last: 101 }, 'last must be 1 to 100, not 101'],
    [{ first: 1, after: 'nonsense' }, 'after is not a cursor of this list'],
  ] as const)('%j is refused: %s', async ([variables, message]) => {
    const { data, errors } = await graph.ask(pageQuery, variables)
    expect({ data, errors }).toEqual({ data: { bets: null }, errors: [message] })
  })

  test('first: null beside last counts as absent', async () => {
    expect((await page({ first: null, last: 2 })).edges).toHaveLength(2)
  })

  test('a cursor of another sort, direction, filter, list or parent is refused, never an empty page', async () => {
    const sort = { key: 'STAKE', direction: 'ASC' }
    const filter = { status: { eq: 'OPEN' } }
    const after = (await page({ first: 1, sort, filter })).pageInfo.endCursor
    const refusals = [
      [{ first: 1, after, filter }, 'after is a cursor of another sort: STAKE ASC, not PLACED_AT DESC'],
      [
        { first: 1, after, filter, sort: { key: 'STAKE', direction: 'DESC' } },
        'after is a cursor of another sort: STAKE ASC, not STAKE DESC',
      ],
      [{ first: 1, after, sort }, 'after is a cursor of another filter or parent'],
      [{ last: 1, before: after, sort }, 'before is a cursor of another filter or parent'],
    ] as const
    for (const [variables, message] of refusals) {
      expect((await graph.ask(pageQuery, variables)).errors).toEqual([message])
    }
    const rounds = await graph.ask(
      'query ($after: String) { rounds(first: 1, after: $after) { nodes { id } } }',
      {
        after,
      },
    )
    expect(rounds.errors).toEqual(['after is a cursor of another list: bets, not rounds'])
  })

  test('in a batch, a cursor is good for its own parent alone', async () => {
    const of = `query ($after: String) { players(first: 4, sort: { key: EXTERNAL_ID, direction: ASC }) {
      nodes { id bets(first: 1, after: $after) { edges { cursor } } } } }`
    const { data } = await graph.ask(of)
    const { nodes } = (data as { players: { nodes: { bets: { edges: { cursor: string }[] } }[] } }).players
    const after = nodes[2]?.bets.edges[0]?.cursor
    const answer = await graph.ask(of, { after })
    expect(answer.errors).toEqual(Array(3).fill('after is a cursor of another filter or parent'))
    const found = (answer.data as { players: { nodes: { bets: object | null }[] } }).players.nodes
    expect(found.map(({ bets }) => bets === null)).toEqual([true, true, false, true])
  })

  test('whether there is more costs a statement only where a cursor leaves it open, and when selected', async () => {
    const { pageInfo } = await page({ first: 3 })
    const half = 'query ($after: String) { bets(first: 3, after: $after) { pageInfo { hasNextPage } } }'
    const whole = 'query ($after: String) { bets(first: 3, after: $after) { pageInfo { hasPreviousPage } } }'
    const after = pageInfo.endCursor
    expect((await graph.ask(half, { after })).statements).toEqual(['bets: page by PLACED_AT'])
    expect((await graph.ask(whole)).statements).toEqual(['bets: page by PLACED_AT'])
    expect((await graph.ask(whole, { after })).statements).toEqual([
      'bets: page by PLACED_AT',
      'bets: anything beyond the page',
    ])
  })
})
