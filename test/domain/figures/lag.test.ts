import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldAll } from '../../../src/domain/figures/fold.ts'
import { foldReadings } from '../../../src/domain/figures/lag.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { Factory } from '../../support/factory.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const seat = factory.seat(factory.brand())
  for (let at = 0; at < 3; at += 1) factory.bet(seat, { outcome: 'LOST' })
  await factory.save()
})

afterAll(() => database?.drop())

test('the figures are behind by what was not folded yet, and as old as what they were folded up to', async () => {
  const { figuresLagSeconds, figuresEventsBehind } = foldReadings(database)
  expect([await figuresLagSeconds(), await figuresEventsBehind()]).toEqual([Number.POSITIVE_INFINITY, 7])
  await foldAll(database)
  expect(await figuresEventsBehind()).toBe(0)
  await database.sql`update figure_state set as_of = clock_timestamp() - interval '90 seconds'`
  expect(Math.floor((await figuresLagSeconds()) / 30)).toBe(3)
})

test('what cannot be read is no number', async () => {
  const sql = { unsafe: () => ({ values: () => Promise.reject(new Error('away')) }) }
  const readings = foldReadings({ sql: sql as never })
  expect(await readings.figuresLagSeconds()).toBeNaN()
})
