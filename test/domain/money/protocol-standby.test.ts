// The journal as a hot standby has it: whoever reads there sees no hole and no player out of order either, and a
// cursor from there holds at the primary.
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolTypes, postgresOptions, type Sql } from '../../../src/db/connection.ts'
import { migrate } from '../../../src/db/migrate.ts'
import { eventsPast } from '../../../src/domain/journal/queries.ts'
import type { JournalEvent } from '../../../src/domain/journal/types.ts'
import { silentLog } from '../../../src/lib/log.ts'
import type { Break } from '../../../src/live/chain.ts'
import { openCursor } from '../../../src/live/cursor.ts'
import { Reader } from '../../../src/live/reader.ts'
import { Vector } from '../../../src/live/vector.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../../support/journal-writer.ts'
import { type OwnPostgres, openOwnPostgres } from '../../support/own-postgres.ts'
import { openStandby, type Standby } from '../../support/standby.ts'
import { until } from '../../support/until.ts'

let own: OwnPostgres
let standby: Standby
let primarySql: Sql
let standbySql: Sql
let world: JournalWorld
beforeAll(async () => {
  own = await openOwnPostgres()
  await migrate({ target: own.target, log: silentLog, now: new Date() })
  standby = await openStandby(own)
  const open = ({ target }: Pick<OwnPostgres, 'target'>): Sql =>
    postgres({ ...postgresOptions(target, { max: 2 }), ...poolTypes })
  primarySql = open(own)
  standbySql = open(standby)
  world = await createJournalWorld(primarySql)
})
afterAll(async () => {
  await Promise.all([primarySql, standbySql].map((sql) => sql.end({ timeout: 1 })))
  await standby.close()
  await own.close()
})

test('while writers race and abort at the primary, every event comes once, lanes whole, players in order', async () => {
  const events: JournalEvent[] = []
  const breaks: Break[] = []
  const reader = new Reader({
    ctx: { sql: standbySql, log: silentLog },
    laneRows: 40,
    tickMs: 5,
    gapMs: 0,
    onStart: () => undefined,
    onEvents: (read) => void events.push(...read),
    onBreak: (found) => void breaks.push(found),
  })
  reader.start()
  await until(() => reader.lagMs() !== undefined)
  const writers = await Promise.all(
    [1, 2, 3].map((seed) => JournalWriter.open({ target: own.target, world, seed })),
  )
  await Promise.all(writers.map((writer) => writer.write(300)))
  await Promise.all(writers.map((writer) => writer.close()))
  const written = await eventsPast({ sql: primarySql }, [], 100_000)
  expect(written.length).toBeGreaterThanOrEqual(900)
  await until(() => events.length >= written.length)
  await reader.close()
  expect(new Set(events.map(({ id }) => id))).toEqual(new Set(written.map(({ id }) => id)))
  expect(events.length).toBe(written.length)
  // The chain of each lane and the versions of each player are checked by the reader.
  expect(breaks).toEqual([])
  await openCursor({ sql: primarySql }, Vector.of(events.slice(0, 500)).cursor())
})
