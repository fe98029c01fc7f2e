import { afterAll, beforeAll, expect, test } from 'vitest'
import { retain } from '../../src/db/retention.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Factory } from '../support/factory.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const accounts = [factory.seat(factory.brand()), factory.seat(factory.brand())]
  await factory.save()
  for (const { accountId } of accounts) {
    for (const table of ['call_minutes', 'call_hours']) {
      await database.sql.unsafe(
        `insert into ${table} select $1, d, 0, 'INBOUND', 1, 1, 0, 0, 0
          from generate_series('2026-01-30Z'::timestamptz, '2026-06-15Z', '12 hours'::interval) d`,
        [accountId],
      )
    }
  }
})

afterAll(() => database?.drop())

const policy = { callsMonths: 0, journalMonths: 0, ledgerMonths: 0 }
const now = new Date('2026-06-15T12:00:00Z')
const run = (more: object) =>
  retain({ target: database.target, policy: { ...policy, ...more }, now, log: silentLog })

const oldest = async () => {
  const [row] = await database.sql<{ minutes: Date; hours: Date }[]>`
    select (select min(minute) from call_minutes) as minutes, (select min(hour) from call_hours) as hours`
  return [row?.minutes.toISOString(), row?.hours.toISOString()]
}

test('counts of calls stay for ever unless it is said for how many months', async () => {
  expect(await run({})).toEqual([])
  expect(await oldest()).toEqual(['2026-01-30T00:00:00.000Z', '2026-01-30T00:00:00.000Z'])
})

test('counts of older months go, whatever account they are of', async () => {
  const gone = (table: string, rows: number) => ({
    name: `${rows} rows of ${table} before 2026-04-01`,
    waitsFor: null,
    archive: null,
  })
  // Of two accounts 61 days, twice a day.
  expect(await run({ countsMonths: 2 })).toEqual([gone('call_minutes', 244), gone('call_hours', 244)])
  expect(await oldest()).toEqual(['2026-04-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'])
  expect(await run({ countsMonths: 2 })).toEqual([])
})
