import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../src/db/connection.ts'
import type { Context } from '../../../src/domain/context.ts'
import type { GameEngine, Told } from '../../../src/domain/money/engine.ts'
import type { EngineServices } from '../../../src/domain/money/place-bet.ts'
import { BetSweep } from '../../../src/domain/money/sweep-bets.ts'
import { openAccountDirectory } from '../../../src/domain/providers/find-account.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { testSecret } from '../../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { Factory } from '../../support/factory.ts'

let database: TestDatabase
let server: Database

beforeAll(async () => {
  database = await createTestDatabase()
  const factory = new Factory(database.sql)
  const seat = factory.seat(factory.brand('demo'))
  const at = Date.now() - 3_600_000
  for (let n = 0; n < 410; n += 1) factory.bet(seat, { outcome: 'OPEN', placedAt: new Date(at + n) })
  await factory.save()
  await database.sql`update provider_accounts set engine_url = 'https://engine.invalid', dialect = 'engine'`
  const options = { poolMax: 2, statementTimeoutMs: 10_000, applicationName: 'pitboss test' }
  server = openDatabase({ target: database.target, ...options })
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

const nobody: Told = {
  fate: { kind: 'UNKNOWN', why: 'NO_ANSWER' },
  exchange: {
    operation: 'ASK',
    path: '/bets',
    requestBody: Buffer.alloc(0),
    requestHeaders: {},
    replyBody: Buffer.alloc(0),
    httpStatus: 0,
    signature: 'UNCHECKED',
    sentAt: new Date(),
    endedAt: new Date(),
    latencyUs: 1,
  },
}

test('an engine that says nothing is asked a few times in a run, however many of its bets wait', async () => {
  let asked = 0
  const silent = () => {
    asked += 1
    return Promise.resolve(nobody)
  }
  const engine: GameEngine = { ask: silent, play: silent, cancel: silent }
  const ctx = { ...server, clock: systemClock, log: silentLog, requestId: 'test' } as unknown as Context
  const services: EngineServices = {
    accounts: openAccountDirectory(ctx, testSecret),
    ports: { engineOf: () => engine, inquiryOf: () => undefined },
    submit: () => expect.fail('nothing is known of any bet'),
    recorder: { record: () => Promise.resolve(), close: () => Promise.resolve() },
  }
  const sweep = new BetSweep(ctx, services, { olderThanMs: 0, cancelAfterMs: 60_000 })
  expect(await sweep.run()).toBe(0)
  expect(asked).toBe(4)
})
