import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase, type Sql } from '../../src/db/connection.ts'
import { linkConnections, openLinkReads, readLinks } from '../../src/db/link-reads.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let place: TestDatabase
let database: Database
let links: ReturnType<typeof openLinkReads>

const options = () => ({
  target: place.target,
  poolMax: 2,
  statementTimeoutMs: 10_000,
  applicationName: 'links test',
})

beforeAll(async () => {
  place = await createTestDatabase()
  database = openDatabase(options())
  links = openLinkReads(database.sql, options())
})
afterAll(async () => {
  await links.close()
  await database.close()
  await place.drop()
})

const backend = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  return row?.pid ?? 0
}
const read = () => readLinks(database.sql, backend)
const nextTick = () => new Promise((resolve) => setImmediate(resolve))

test('what one tick reads goes over one connection, and what the next reads over another', async () => {
  const first = [read(), Promise.resolve().then(read), read()]
  await nextTick()
  const second = [read(), read()]
  const [one, ...ones] = await Promise.all(first)
  const [other, ...others] = await Promise.all(second)
  expect([new Set(ones), new Set(others)]).toEqual([new Set([one]), new Set([other])])
  expect(other).not.toBe(one)
})

test('a connection whose read takes its time is passed by', async () => {
  const keeper = await place.sql.reserve()
  await keeper`select pg_advisory_lock(7)`
  const slow = readLinks(database.sql, async (sql) => {
    const pid = await backend(sql)
    await sql`set lock_timeout = '10s'`
    await sql`select pg_advisory_xact_lock_shared(7)`
    return pid
  })
  const pids: number[] = []
  for (let round = 0; round < linkConnections * 2; round++) {
    await nextTick()
    pids.push(await read())
  }
  await keeper`select pg_advisory_unlock(7)`
  keeper.release()
  expect(new Set(pids).size).toBe(linkConnections - 1)
  expect(pids).not.toContain(await slow)
})

test('a read that fails takes none of its tick with it', async () => {
  const failing = readLinks(database.sql, (sql) => sql`select 1 / 0`)
  const beside = read()
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  expect(await beside).toBeGreaterThan(0)
  expect(await read()).toBeGreaterThan(0)
})

test('a pool without such connections reads links itself', async () => {
  const { sql, close } = openDatabase({ ...options(), poolMax: 1 })
  expect(await readLinks(sql, backend)).toBe(await backend(sql))
  await close()
})
