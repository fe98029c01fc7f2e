// What relay-compiler makes of real fragments, and what the server says to the documents a Relay client then sends.
import { buildSchema, printSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { typeDefs } from '../../src/graphql/schema.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'
import { compileWithRelay, type Compiled } from '../support/relay.ts'

const sdl = printSchema(buildSchema(typeDefs.join('\n')))

let compiled: Compiled
let pitboss: TestApp
let seat: Seat
/** Newest first, as the list is sorted. */
let keys: string[]

beforeAll(async () => {
  compiled = await compileWithRelay(sdl)
  pitboss = await startTestApp()
  const factory = new Factory(pitboss.database.sql)
  seat = factory.seat({ id: pitboss.brandId, code: 'demo' })
  const bets = [1, 2, 3, 4, 5].map((hour) =>
    factory.bet(seat, { outcome: 'WON', placedAt: new Date(Date.UTC(2026, 2, 1, hour)) }),
  )
  await factory.save()
  keys = bets.map(({ transactionKey }) => transactionKey).toReversed()
})
afterAll(() => pitboss?.close())

/** What the server says to the compiled operation of that name. */
async function ask<Data>(name: string, variables: object): Promise<Data> {
  const { data, errors } = await pitboss.graphql<Data>(compiled.operations[name] ?? name, variables)
  expect(errors).toBeUndefined()
  return data
}

interface BetPage {
  readonly edges: { readonly cursor: string; readonly node: { transactionKey: string; __typename: string } }[]
  readonly pageInfo: {
    endCursor: string
    hasNextPage: boolean
    startCursor: string
    hasPreviousPage: boolean
  }
}

const keysOf = ({ edges }: BetPage) => edges.map(({ node }) => node.transactionKey)

test('the compiler makes every operation, and those that its directives ask for', () => {
  expect(Object.keys(compiled.operations).toSorted()).toEqual([
    'betListPageQuery',
    'betListQuery',
    'eventFeedQuery',
    'eventFeedSubscription',
    'playerPageBetsQuery',
    'playerPageQuery',
    'playerPageRefetchQuery',
    'playerPageSessionsQuery',
    'playerSwitchMutation',
  ])
  const fragments = compiled.artifacts.filter((file) => file.includes('_'))
  expect(fragments).toHaveLength(7)
})

test('the compiler refuses a schema whose connections are not as Relay has them', async () => {
  const broken = sdl.replace(/type PageInfo \{[^}]*\}/, 'type PageInfo { hasNextPage: Boolean! }')
  await expect(compileWithRelay(broken)).rejects.toThrow(/Unable to run relay compiler/)
})

describe('a Relay client', () => {
  test('goes through a list, onwards and back', async () => {
    const pages = [(await ask<{ bets: BetPage }>('betListQuery', { first: 2 })).bets]
    for (let page = pages[0]; page?.pageInfo.hasNextPage; page = pages.at(-1)) {
      const variables = { first: 2, after: page.pageInfo.endCursor, last: null, before: null, filter: null }
      pages.push((await ask<{ bets: BetPage }>('betListPageQuery', variables)).bets)
    }
    expect(pages.map(keysOf)).toEqual([keys.slice(0, 2), keys.slice(2, 4), keys.slice(4)])
    const before = pages[2]?.pageInfo.startCursor
    const { bets } = await ask<{ bets: BetPage }>('betListPageQuery', { last: 3, before })
    expect([keysOf(bets), bets.pageInfo.hasPreviousPage]).toEqual([keys.slice(1, 4), true])
  })

  test('reads a player by its id, and then each of its lists by that id', async () => {
    const id = globalId('Player', seat.playerId)
    const page = await ask<{ node: { bets: BetPage } }>('playerPageQuery', { id })
    expect(page).toMatchObject({
      node: { __typename: 'Player', id, externalId: seat.externalId, wallets: [{ currency: 'EUR' }] },
    })
    expect(await ask('playerPageRefetchQuery', { id })).toEqual(page)
    const after = page.node.bets.pageInfo.endCursor
    const next = await ask<{ node: { bets: BetPage } }>('playerPageBetsQuery', { id, after })
    expect([...keysOf(page.node.bets), ...keysOf(next.node.bets)]).toEqual(keys.slice(0, 4))
  })

  test('reads the journal, and goes on with its cursor on the socket', async () => {
    const { events } = await ask<{ events: { edges: { cursor: string; node: { id: string } }[] } }>(
      'eventFeedQuery',
      { first: 5 },
    )
    const query = compiled.operations['eventFeedSubscription'] ?? ''
    const messages = pitboss.socket().iterate<{ betEvents: { event: { __typename: string; id?: string } } }>({
      query,
      variables: { after: events.edges[2]?.cursor },
    })
    const first = await messages.next()
    expect(first.done ? undefined : first.value.data?.betEvents.event).toMatchObject(
      events.edges[3]?.node ?? {},
    )
    await messages.return?.()
  })

  test('blocks a player, and is told what to change in its store', async () => {
    const input = {
      idempotencyKey: 'relay-1',
      player: { byId: globalId('Player', seat.playerId) },
      reason: 'a test',
    }
    expect(await ask('playerSwitchMutation', { input })).toEqual({
      blockPlayer: {
        player: { status: 'BLOCKED', id: globalId('Player', seat.playerId) },
        userErrors: [],
        replayed: false,
      },
    })
  })
})
