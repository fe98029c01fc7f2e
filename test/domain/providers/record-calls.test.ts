import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../src/db/connection.ts'
import { describeCall } from '../../../src/domain/providers/call-row.ts'
import { openCallRecorder } from '../../../src/domain/providers/record-calls.ts'
import type { NewProviderCall } from '../../../src/domain/providers/types.ts'
import { type Log, silentLog } from '../../../src/lib/log.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const brandId = uuidv7()
const accountId = uuidv7()

function row(transactionKey: string): NewProviderCall {
  const receivedAt = new Date()
  const call = {
    id: uuidv7(receivedAt),
    path: '/user/balance',
    method: 'POST' as const,
    query: '',
    headers: { 'user-agent': 'with "quotes", {braces} and \\' },
    body: Buffer.from([0, 255, 92, 34]),
    receivedAt,
    requestId: 'request',
  }
  const facts = {
    operation: 'BALANCE',
    signature: 'VALID',
    transactionKey,
    secrets: [],
    headers: ['user-agent'],
  } as const
  const decided = {
    verdict: 'OK',
    effect: 'READ',
    reply: '{}',
    httpStatus: 200,
    decidedAt: receivedAt,
    latencyUs: 7,
    links: {},
  } as const
  return describeCall({ id: accountId, brandId }, call, facts)(decided)
}

const keysLike = async (prefix: string) =>
  (
    await database.sql<{ key: string }[]>`
      select transaction_key as key from provider_calls where transaction_key like ${`${prefix}%`} order by 1`
  ).map(({ key }) => key)

function errorsOf(lines: object[]): Log {
  return { ...silentLog, error: (facts) => lines.push(facts) }
}

test('a row comes back as it was given, bytes, quotes and all', async () => {
  const recorder = openCallRecorder({ sql: database.sql, log: silentLog })
  const given = row('exact')
  await recorder.record(given)
  const [stored] = await database.sql`select * from provider_calls where transaction_key = 'exact'`
  expect(stored).toMatchObject({
    id: given.id,
    received_at: given.receivedAt,
    request_body: given.requestBody,
    request_digest: given.requestDigest,
    request_headers: { 'user-agent': 'with "quotes", {braces} and \\' },
    player_id: null,
    latency_us: 7,
  })
  await recorder.close()
})

test('a row the database refuses is given up alone, and its neighbours are written', async () => {
  const errors: object[] = []
  const recorder = openCallRecorder({ sql: database.sql, log: errorsOf(errors) })
  const keys = ['bad-0', 'bad-1', 'bad-\0', 'bad-3', 'bad-4']
  await Promise.all(keys.map((key) => recorder.record(row(key))))
  expect(await keysLike('bad-')).toEqual(['bad-0', 'bad-1', 'bad-3', 'bad-4'])
  expect(errors).toMatchObject([{ requestId: 'request', operation: 'BALANCE' }])
  await recorder.close()
})

test('calls wait out an outage', async () => {
  const target = database.target
  const options = { target, poolMax: 1, statementTimeoutMs: 5_000, applicationName: 'recorder test' }
  const pools = openDatabase(options)
  const recorder = openCallRecorder({ sql: pools.sql, log: silentLog })
  await recorder.record(row('outage-before'))
  const holder = await database.sql.reserve()
  await holder`begin`
  await holder`lock table provider_calls in access exclusive mode`
  const waiting = recorder.record(row('outage-during'))
  const ended = async () =>
    (
      await database.sql`select pg_terminate_backend(pid) as ended from pg_stat_activity
        where application_name = 'recorder test' and wait_event_type = 'Lock'`
    ).length > 0
  while (!(await ended()));
  await holder`commit`
  holder.release()
  await waiting
  expect(await keysLike('outage-')).toEqual(['outage-before', 'outage-during'])
  await recorder.close()
  await pools.close()
})

test('closing without a database gives up, and says so', async () => {
  const errors: object[] = []
  const pools = openDatabase({
    target: database.target,
    poolMax: 1,
    statementTimeoutMs: 5_000,
    applicationName: 'recorder test',
  })
  await pools.close()
  const recorder = openCallRecorder({ sql: pools.sql, log: errorsOf(errors) })
  const lost = recorder.record(row('lost'))
  await recorder.close()
  await lost
  expect(errors).toMatchObject([{ requestId: 'request', verdict: 'OK' }])
})
