import { setTimeout as nap } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/db/connection.ts'
import { linkConnections, openLinkReads, readLinkValues } from '../../src/db/link-reads.ts'
import { readValues } from '../../src/db/rows.ts'
import { openCuttingProxy } from '../support/cutting-proxy.ts'
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
  await links.ready
})
afterAll(async () => {
  await links.close()
  await database.close()
  await place.drop()
})

const backend = 'select pg_backend_pid()'
const link = (text: string, parameters: readonly string[] = []) =>
  readLinkValues(database.sql, text, parameters)
const read = async () => Number((await link(backend))[0]?.[0])
const nextTick = () => new Promise((resolve) => setImmediate(resolve))
const poolPids = async () => {
  const rows = await Promise.all([1, 2, 3, 4].map(() => readValues(database.sql, backend, [])))
  return rows.map(([row]) => Number(row?.[0]))
}

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
  const waits = `select pg_backend_pid(), set_config('lock_timeout', '10s', false), pg_advisory_xact_lock_shared(7)`
  const slow = link(waits)
  const pids: number[] = []
  for (let round = 0; round < linkConnections * 2; round++) {
    await nextTick()
    pids.push(await read())
  }
  await keeper`select pg_advisory_unlock(7)`
  keeper.release()
  expect(new Set(pids).size).toBe(linkConnections - 1)
  expect(pids).not.toContain(Number((await slow)[0]?.[0]))
})

test('a read that fails takes none of its tick with it', async () => {
  const before = read()
  const failing = link('select 1 / $1::text::int', ['0'])
  const misspelt = link('select nothing')
  const behind = Array.from({ length: 40 }, (_, n) => link('select $1::text::int', [String(n)]))
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  await expect(misspelt).rejects.toMatchObject({ code: '42703' })
  expect(await before).toBeGreaterThan(0)
  expect((await Promise.all(behind)).flat(2)).toEqual(behind.map((_, n) => n))
  expect(await poolPids()).not.toContain(await read())
})

test('a connection that is ended loses no read, and is opened again', async () => {
  const pids = new Set<number>()
  for (let round = 0; round < linkConnections; round++) {
    await nextTick()
    pids.add(await read())
  }
  const slow = link('select pg_backend_pid(), pg_sleep(0.2)')
  await place.sql`select pg_terminate_backend(pid) from unnest(${[...pids]}::int[]) pid`
  const anew = Number((await slow)[0]?.[0])
  expect(pids).not.toContain(anew)
  for (;;) {
    const [pid, ofPool] = [await read(), await poolPids()]
    if (pids.has(pid)) expect.fail('the connection was ended')
    if (!ofPool.includes(pid)) break
  }
})

test('a plan that has grown stale is made anew', async () => {
  await place.sql`create table shapes as select 1 as a`
  const all = () => link('select * from shapes where $1::text is not null', [''])
  for (let round = 0; round < linkConnections; round++) {
    await nextTick()
    expect(await all()).toEqual([[1]])
  }
  await place.sql`alter table shapes add column b text default 'two'`
  for (let round = 0; round < linkConnections; round++) {
    await nextTick()
    expect(await all()).toEqual([[1, 'two']])
  }
  await place.sql`drop table shapes`
})

test('values are read as the pool reads them', async () => {
  const text = `select t, 1::int2, 2::int4, 3::int8, 4::numeric, 1.5::float8, true,
    '\\x0102'::bytea, '{"a":[1]}'::jsonb,
    '2026-01-02'::date,
    '2026-01-02T03:04:05.678901Z'::timestamptz, '{a,NULL,"b c"}'::text[], '{1,2}'::int8[],
    '{t,f}'::bool[], array['018f4e6c-0000-7000-8000-000000000000'::uuid], null::text, '', 'ü€😀', ''::text
    from unnest($1::text::text[]) as t`
  const found = await link(text, ['{one,zwölf}'])
  expect(found).toEqual([...(await readValues(database.sql, text, ['{one,zwölf}']))].map((row) => [...row]))
})

test('what a connection that has fallen silent owes is read elsewhere, and another takes its place', async () => {
  const proxy = await openCuttingProxy(place.target)
  const { sql, close } = openDatabase({ ...options(), poolMax: 1 })
  const mutable = { ...options(), target: proxy.target, statementTimeoutMs: 100 }
  const behind = openLinkReads(sql, mutable)
  await behind.ready
  const pidOf = async () => Number((await readLinkValues(sql, backend, []))[0]?.[0])
  const pids = new Set<number>()
  for (let round = 0; round < linkConnections; round++) {
    await nextTick()
    pids.add(await pidOf())
  }
  // After a rest: the timer has run out, and there was nothing to wait for.
  await nap(1500)
  expect(pids).toContain(await pidOf())
  await nap(1500)
  proxy.mute()
  const owed = [pidOf(), pidOf()]
  await nextTick()
  owed.push(pidOf())
  expect((await Promise.all(owed)).filter((pid) => pids.has(pid))).toEqual([])
  const poolPid = Number((await readValues(sql, backend, []))[0]?.[0])
  await expect.poll(pidOf, { timeout: 15_000 }).not.toBe(poolPid)
  await behind.close()
  await close()
  await proxy.close()
})

test('a pool without such connections reads links itself', async () => {
  const { sql, close } = openDatabase({ ...options(), poolMax: 1 })
  expect(await readLinkValues(sql, backend, [])).toEqual([...(await readValues(sql, backend, []))])
  await close()
})
