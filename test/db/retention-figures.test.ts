import { afterAll, beforeAll, expect, test } from 'vitest'
import { retain } from '../../src/db/retention.ts'
import { foldAll } from '../../src/domain/figures/fold.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { addOldEvent, beginPartitionsAt, inMonths, partitionOf } from '../support/old-months.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await beginPartitionsAt(database.sql, -6)
})
afterAll(() => database.drop())

const run = () => {
  const policy = { callsMonths: 0, journalMonths: 5, ledgerMonths: 0 }
  return retain({ target: database.target, policy, now: inMonths(0), log: silentLog })
}

test('no month of the journal goes before its figures are counted', async () => {
  await addOldEvent(database.sql, { lane: 5, months: -6 })
  await database.sql`update figure_state set places[6] = 0`
  const name = partitionOf('journal', -6)
  expect(await run()).toEqual([{ name, waitsFor: 'the figures of lane 5', archive: null }])
  await foldAll(database)
  expect(await run()).toEqual([{ name, waitsFor: null, archive: null }])
})
