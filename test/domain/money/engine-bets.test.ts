import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitingEngineBets } from '../../../src/domain/money/engine-bets.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { Factory, type MadeBet } from '../../support/factory.ts'

let database: TestDatabase
let bets: readonly MadeBet[]

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const seat = factory.seat(factory.brand('demo'))
  const outcomes = ['ROLLED_BACK', 'OPEN', 'OPEN', 'OPEN'] as const
  const at = Date.now() - 3_600_000
  bets = outcomes.map((outcome, n) => factory.bet(seat, { outcome, placedAt: new Date(at + n * 1000) }))
  await factory.save()
  await database.sql`update rounds set status = 'OPEN', completed_at = null`
  await database.sql`update provider_accounts set engine_url = 'https://engine.invalid'`
})
afterAll(() => database?.drop())

test('a page of waiting bets is short only at its end, also where a round hangs without one', async () => {
  const page = (after: string) =>
    waitingEngineBets({ sql: database.sql }, { before: new Date(), after, limit: 2 })
  const first = await page('00000000-0000-0000-0000-000000000000')
  expect(first.map(({ roundId }) => roundId)).toEqual([bets[1]?.roundId, bets[2]?.roundId])
  const second = await page(first.at(-1)?.roundId ?? '')
  expect(second.map(({ roundId }) => roundId)).toEqual([bets[3]?.roundId])
})
