import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepPartitions } from '../../src/db/keep-partitions.ts'
import { monthOf, partitionsAhead } from '../../src/db/partitions.ts'
import { surveyPartitions } from '../../src/db/retention-survey.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const months = (count: number) => {
  const at = new Date()
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count, 15))
}

function asUser(text: string, user: string): string {
  const url = new URL(text)
  url.searchParams.set('user', user)
  return url.href
}

test('a process that runs for months keeps attaching the months ahead', async () => {
  const { target, sql } = database
  let now = months(2)
  expect(await partitionsAhead(sql, { now })).toBe(1)
  const keeper = keepPartitions({ target, log: silentLog, clock: { now: () => now }, everyMs: 20 })
  await expect.poll(() => partitionsAhead(sql, { now })).toBe(3)
  now = months(4)
  await expect.poll(() => partitionsAhead(sql, { now })).toBe(3)
  await keeper.close()
})

test('what its retention lets go is dropped, and nothing else', async () => {
  const { target, sql } = database
  const clock = { now: () => months(9) }
  const policy = { callsMonths: 3, journalMonths: 0, ledgerMonths: 0 }
  const oldest = async (table: string) => {
    const own = (await surveyPartitions(sql)).filter((one) => one.table === table)
    return own[0]?.month
  }
  const journalFirst = await oldest('journal')
  const keeper = keepPartitions({ target, log: silentLog, clock, retention: policy })
  await expect.poll(() => oldest('provider_calls')).toBe(monthOf(months(6)))
  await keeper.close()
  expect(await oldest('journal')).toBe(journalFirst)
})

test('a login role that owns nothing is told of in the log, and nothing else happens', async () => {
  const { target, sql } = database
  const warnings: string[] = []
  const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) }
  const now = months(19)
  await sql`create role stranger login`
  const stranger =
    'url' in target ? { url: asUser(target.url, 'stranger') } : { ...target, username: 'stranger' }
  const keeper = keepPartitions({ target: stranger, log, clock: { now: () => now } })
  await keeper.close()
  await sql`drop role stranger`
  expect(warnings).toHaveLength(1)
  expect(await partitionsAhead(sql, { now })).toBeLessThan(0)
})
