import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventFilter } from '../../src/domain/journal/filter.ts'
import { eventsPast, journalHeads } from '../../src/domain/journal/queries.ts'
import { parseCursor } from '../../src/live/cursor.ts'
import type { LiveMessage } from '../../src/live/stream.ts'
import { Vector } from '../../src/live/vector.ts'
import { createTestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter } from '../support/journal-writer.ts'
import { type LiveProcess, openLiveProcess } from '../support/live-process.ts'
import {
  Client,
  type Door,
  type Drop,
  type Message,
  placeOf,
  resumeStory,
  type Stage,
} from '../support/resume-story.ts'
import { until } from '../support/until.ts'

const ringEvents = 24

let stage: Stage
let processes: readonly LiveProcess[]

beforeAll(async () => {
  const database = await createTestDatabase()
  const world = await createJournalWorld(database.sql)
  const options = { ringEvents, laneRows: 10, heartbeatMs: 50 }
  processes = [openLiveProcess(database.target, options), openLiveProcess(database.target, options)]
  stage = { database, world, brandIds: world.brandIds, doors: processes.map(doorOf), ringEvents }
})

afterAll(async () => {
  for (const one of processes) await one.close()
  await stage.database.drop()
})

function toMessage(message: LiveMessage): Message {
  if (message.kind !== 'EVENT') return message
  const { event, ...rest } = message
  return { ...rest, place: placeOf(event) }
}

const doorOf = ({ live }: LiveProcess): Door => ({
  status: () => live.status(),
  async open(filter: EventFilter, after: string) {
    const stream = await live.subscribe({ filter, after })
    return {
      async next() {
        const { value, done } = await stream.next()
        return done ? { value: undefined, done } : { value: toMessage(value), done: false }
      },
      async return() {
        await stream.return()
        return { value: undefined, done: true }
      },
    }
  },
})

describe('a subscription that is dropped and resumed at another process', () => {
  const dropped = new Set<Drop>()

  test.each(Array.from({ length: 20 }, (_, n) => n + 1))(
    'gets everything once, in order per player (seed %i)',
    async (seed) => {
      for (const drop of await resumeStory(stage, seed)) dropped.add(drop)
    },
  )

  test('all kinds of drop have happened', () => {
    expect([...dropped].sort()).toEqual(['BEHIND_RING', 'CATCHING_UP', 'LIVE'])
  })

  test('a client that goes on after the last id or time it saw loses what its cursor keeps', async () => {
    const { database, world } = stage
    const options = { target: database.target, world, abortShare: 0 }
    const slow = await JournalWriter.open({ ...options, seed: 1 })
    const quick = await JournalWriter.open({ ...options, seed: 2 })
    const head = Vector.of(await journalHeads(database)).cursor()
    const client = new Client(stage, { brandIds: new Set(world.brandIds) }, head)
    await client.resume()
    const commit = await slow.hold(world.playerIds[0] ?? '')
    const heldAt = Date.now()
    await until(() => Date.now() > heldAt)
    await (await quick.hold(world.playerIds[1] ?? ''))()
    await client.takeUntil(({ kind }) => kind === 'EVENT')
    await client.drop()
    await commit()
    await client.resume()
    await client.takeUntil(({ kind }) => kind === 'EVENT')
    await client.drop()
    await Promise.all([slow.close(), quick.close()])

    const written = await eventsPast(database, parseCursor(head).vector.places(), 10)
    const [earlier, later] = [slow, quick].map(({ lane }) => written.find((event) => event.lane === lane))
    if (!earlier || !later) throw new Error('not written')
    expect(client.received).toEqual([placeOf(later), placeOf(earlier)])
    expect(earlier.recordedUs < later.recordedUs).toBe(true)
    expect(earlier.id < later.id).toBe(true)
  })
})
