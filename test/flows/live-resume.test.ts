// Subscriptions over real sockets to two servers on one database, while writers race: dropped at all the bad moments.
import type { Client as SocketClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventFilter } from '../../src/domain/journal/filter.ts'
import { journalHeads } from '../../src/domain/journal/queries.ts'
import { eventType } from '../../src/graphql/event-types.ts'
import { Vector } from '../../src/live/vector.ts'
import { globalId } from '../../src/lib/global-id.ts'
import { formatDecimal } from '../../src/lib/money.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { createJournalWorld, JournalWriter } from '../support/journal-writer.ts'
import { type Door, type Drop, type Message, resumeStory, type Stage } from '../support/resume-story.ts'

const ringEvents = 24
const live = { ringEvents, laneRows: 10, heartbeatMs: 50 }

let stage: Stage
let apps: readonly TestApp[]

beforeAll(async () => {
  const first = await startTestApp({ live })
  apps = [first, await startTestApp({ live, beside: first })]
  const world = await createJournalWorld(first.database.sql, first.brandId)
  const { database, brandId } = first
  stage = { database, world, brandIds: [brandId], doors: apps.map(doorOf), ringEvents }
})

afterAll(async () => {
  for (const app of apps.toReversed()) await app.close()
})

const subscription = `
  subscription Follow($filter: BetEventFilter, $after: EventCursor) {
    betEvents(filter: $filter, after: $after) {
      cursor
      replayed
      event {
        __typename
        ... on Event { lane seq }
        ... on StreamLagged { resumeAfter }
      }
    }
  }`

interface EventData {
  readonly __typename: string
  readonly lane?: number
  readonly seq?: string
  readonly resumeAfter?: string
}

interface MessageData {
  readonly betEvents: { readonly cursor: string; readonly replayed: boolean; readonly event: EventData }
}

const controls = { StreamLive: 'LIVE', StreamLagged: 'LAGGED', Heartbeat: 'HEARTBEAT' } as const

function toMessage({ cursor, replayed, event }: MessageData['betEvents']): Message {
  const { __typename: name, lane, seq } = event
  if (name in controls) return { kind: controls[name as keyof typeof controls], cursor }
  return { kind: 'EVENT', cursor, replayed, place: `${lane}.${seq}` }
}

function toInput({ types, playerIds, amount }: EventFilter) {
  const gte = amount?.gteMinor
  return {
    ...(types && { type: { in: [...types].map(eventType) } }),
    ...(playerIds && { player: { in: [...playerIds].map((id) => globalId('Player', id)) } }),
    ...(amount && { amount: { currency: amount.currency, gte: formatDecimal(gte ?? 0n, amount.currency) } }),
  }
}

/** A socket of its own per subscription; every other one is cut instead of being closed. */
function doorOf(app: TestApp): Door {
  let opened = 0
  return {
    status: () => app.app.services.live.status(),
    async open(filter, after) {
      opened += 1
      const client = app.socket()
      const results = client.iterate<MessageData>({
        query: subscription,
        variables: { filter: toInput(filter), after },
      })
      return messages(client, results, opened % 2 === 0)
    },
  }
}

function messages(
  client: SocketClient,
  results: ReturnType<typeof client.iterate<MessageData>>,
  cut: boolean,
): AsyncIterator<Message> {
  return {
    async next() {
      const { value, done } = await results.next()
      if (done) return { value: undefined, done }
      expect(value.errors).toBeUndefined()
      return { value: toMessage(value.data?.betEvents ?? expect.fail('no data')), done: false }
    },
    async return() {
      if (cut) client.terminate()
      await results.return?.(undefined)
      await client.dispose()
      return { value: undefined, done: true }
    },
  }
}

describe('a subscription over sockets to two servers', () => {
  const dropped = new Set<Drop>()

  test.each(Array.from({ length: 20 }, (_, n) => n + 1))(
    'gets every event of its brand once, in order per player (seed %i)',
    async (seed) => {
      for (const drop of await resumeStory(stage, seed)) dropped.add(drop)
    },
  )

  test('all kinds of drop have happened', () => {
    expect([...dropped].sort()).toEqual(['BEHIND_RING', 'CATCHING_UP', 'LIVE'])
  })

  test('of a cursor that is expired or none at all is refused with its code', async () => {
    const app = apps[0] ?? expect.fail('no app')
    const forged = new Vector()
    forged.set(0, 7n, 7)
    const refusal = async (after: string) => {
      const results = app.socket().iterate({ query: subscription, variables: { after } })
      const { value } = await results.next()
      return (value?.errors?.[0]?.extensions as { code?: string } | undefined)?.code
    }
    expect(await refusal(forged.cursor())).toBe('CURSOR_EXPIRED')
    expect(await refusal('nonsense')).toBe('BAD_USER_INPUT')
  })

  test('the cursors of events(after:) and of the subscription are the same', async () => {
    const [app] = apps
    const { database, world } = stage
    const head = Vector.of(await journalHeads(database)).cursor()
    const writer = await JournalWriter.open({ target: database.target, world, seed: 77 })
    await writer.write(60)
    await writer.close()
    const query = `query Poll($first: Int, $after: EventCursor, $last: Int, $before: EventCursor) {
      events(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { __typename lane seq } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`
    interface Answer {
      events: {
        edges: { cursor: string; node: { lane: number; seq: string } }[]
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string }
      }
    }
    const ask = async (variables: object) =>
      (await app?.graphql<Answer>(query, variables))?.data.events ?? expect.fail('no page')
    const page = await ask({ first: 100, after: head })
    expect(page.edges.length).toBeGreaterThan(3)
    const door = stage.doors[1] ?? expect.fail('no door')
    const stream = await door.open({ brandIds: new Set() }, page.edges[0]?.cursor ?? '')
    const places: string[] = []
    // The reader of that process may be behind the page: what it knows so far is followed by a sign, and then by more.
    while (places.length < page.edges.length - 1) {
      const message = await stream.next()
      if (message.done) break
      if (message.value.kind === 'EVENT') places.push(message.value.place)
    }
    await stream.return?.()
    expect(places).toEqual(page.edges.slice(1).map(({ node }) => `${node.lane}.${node.seq}`))
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const back = await ask({ last: 2, before: page.edges[3]?.cursor })
    expect(back.edges.map(({ node }) => node)).toEqual(page.edges.slice(1, 3).map(({ node }) => node))
    const on = await ask({ first: 1, after: back.pageInfo.endCursor })
    expect(on.edges[0]?.node).toEqual(page.edges[3]?.node)
  })
})
