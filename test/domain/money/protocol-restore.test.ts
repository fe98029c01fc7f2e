// A database that is restored to an earlier state goes on from there: what clients remember of the other future is
// refused, and not taken for a place in this one.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolTypes, postgresOptions, type Sql } from '../../../src/db/connection.ts'
import { migrate } from '../../../src/db/migrate.ts'
import { journalHeads } from '../../../src/domain/journal/queries.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { openCursor } from '../../../src/live/cursor.ts'
import { Vector } from '../../../src/live/vector.ts'
import { createJournalWorld, JournalWriter, type JournalWorld } from '../../support/journal-writer.ts'
import { type OwnPostgres, openOwnPostgres } from '../../support/own-postgres.ts'

let own: OwnPostgres
let sql: Sql
let world: JournalWorld
beforeAll(async () => {
  own = await openOwnPostgres()
  await migrate({ target: own.target, log: silentLog, now: new Date() })
  sql = postgres({ ...postgresOptions(own.target, { max: 1 }), ...poolTypes })
  world = await createJournalWorld(sql)
})
afterAll(async () => {
  await sql.end({ timeout: 1 })
  await own.close()
})

/** Some more events; the cursor at their end. */
async function write(seed: number): Promise<string> {
  const writer = await JournalWriter.open({ target: own.target, world, seed, abortShare: 0 })
  await writer.write(20)
  await writer.close()
  return Vector.of(await journalHeads({ sql })).cursor()
}

/** Copies the files of the server from one folder to another while it is down. */
async function copy(from: string, to: string): Promise<void> {
  await own.stop()
  rmSync(to, { recursive: true, force: true })
  execFileSync('cp', ['-a', from, to])
  await own.start()
}

const opened = (cursor: string) => openCursor({ sql }, cursor)
const expired = { code: 'CURSOR_EXPIRED' }

test('cursors from before the restore point hold, those from the future that was undone do not', async () => {
  const before = await write(1)
  const saved = `${own.dataDir}.saved`
  await copy(own.dataDir, saved)
  const undone = await write(2)
  await opened(undone)

  await copy(saved, own.dataDir)
  await opened(before)
  await expect(opened(undone)).rejects.toMatchObject(expired)

  // Another future reaches the same numbers, and goes beyond: a place is not its number alone.
  await write(3)
  const now = new Map((await journalHeads({ sql })).map(({ lane, seq }) => [lane, seq]))
  const { vector } = await opened(before)
  expect([...now].some(([lane, seq]) => seq > vector.seq(lane))).toBe(true)
  await write(4)
  await expect(opened(undone)).rejects.toMatchObject(expired)
  await opened(before)
})
