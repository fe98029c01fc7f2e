import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql as query } from 'drizzle-orm'
import { checkServerVersion, openDatabase, postgresOptions, withDatabase } from '../../src/db/connection.ts'
import { brands } from '../../src/db/tables/brands.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

function open() {
  return openDatabase({
    target: database.target,
    role: 'pitboss_app',
    poolMax: 2,
    statementTimeoutMs: 300,
    applicationName: 'connection test',
  })
}

test('a session works as the role, in UTC, with its timeouts', async () => {
  const { sql, close } = open()
  const [row] = await sql`
    select current_user as role, current_setting('TimeZone') as zone, current_setting('lock_timeout') as lock,
      current_setting('statement_timeout') as statement, current_setting('synchronous_commit') as commit,
      current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('application_name') as application`
  await close()
  expect(row).toEqual({
    role: 'pitboss_app',
    zone: 'UTC',
    lock: '1s',
    statement: '300ms',
    commit: 'on',
    idle: '10s',
    application: 'connection test',
  })
})

test('a statement that takes too long is cancelled, and the pool goes on', async () => {
  const { sql, close } = open()
  await expect(sql`select pg_sleep(5)`).rejects.toMatchObject({ code: '57014' })
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  await close()
})

test('bigints are exact and dates are dates in the raw pool, beside Drizzle', async () => {
  const { sql, db, close } = open()
  const at = new Date('2026-03-29T01:30:00.123Z')
  const id = '019a0000-0000-7000-8000-000000000001'
  await db
    .insert(brands)
    .values({ id, code: 'one', name: 'One', timeZone: 'UTC', currency: 'EUR', createdAt: at })
  const [typed] = await db.select({ at: brands.createdAt }).from(brands)
  const [raw] = await sql`select created_at as at, 9007199254740993 as big, array[9007199254740993] as many
    from brands where created_at = ${at}`
  await close()
  expect(typed).toEqual({ at })
  expect(raw).toEqual({ at, big: 9007199254740993n, many: [9007199254740993n] })
})

test("a pool knows arrays without asking when it connects, when an error would be nobody's", async () => {
  const { sql, close } = open()
  await sql`select 1`
  const [row] = await sql<{ texts: string[]; ids: (string | null)[] }[]>`
    select ${['a', 'b,"c']}::text[] as texts, array[null, '019a0000-0000-7000-8000-000000000001']::uuid[] as ids`
  expect(row).toEqual({ texts: ['a', 'b,"c'], ids: [null, '019a0000-0000-7000-8000-000000000001'] })
  expect(sql.options.fetch_types).toBe(false)
  await close()
})

test('the role cannot change what is written once', async () => {
  const { sql, db, close } = open()
  const refused = { code: '42501' }
  for (const table of ['journal', 'ledger_entries', 'audit_entries']) {
    for (const statement of [`delete from ${table}`, `truncate ${table}`, `drop table ${table}`]) {
      await expect(sql.unsafe(statement), statement).rejects.toMatchObject(refused)
    }
  }
  await expect(sql`update journal set lane = 1`).rejects.toMatchObject(refused)
  await expect(sql`delete from pitboss_migrations`).rejects.toMatchObject(refused)
  await expect(sql`create table mine (id int)`).rejects.toMatchObject(refused)
  expect(await db.execute(query`select count(*)::int as count from journal`)).toEqual([{ count: 0 }])
  await close()
})

test('a server of version 15 or newer is accepted, an older one is refused', async () => {
  await expect(checkServerVersion(database.sql)).resolves.toBeUndefined()
  const old = (() => Promise.resolve([{ version: 140_011, name: '14.11' }])) as never
  await expect(checkServerVersion(old)).rejects.toMatchObject({ code: 'DATABASE_TOO_OLD' })
})

const tls = (mode: string) => postgresOptions({ url: `postgres://u@db.test/x?sslmode=${mode}` }).ssl

test('a URL says how TLS is checked', () => {
  expect(tls('disable')).toBe(false)
  expect(tls('prefer')).toBe('prefer')
  expect(tls('require')).toEqual({ rejectUnauthorized: false })
  expect(tls('verify-full')).toEqual({ host: 'db.test' })
  expect(() => tls('maybe')).toThrow('unknown sslmode: maybe')
  expect(() => tls('verify-full&sslrootcert=/nowhere.pem')).toThrow(
    'DATABASE_URL names as sslrootcert a file that cannot be read: /nowhere.pem',
  )
})

const read = (url: string) => postgresOptions({ url })

test('a URL is read as libpq reads it', () => {
  expect(read('postgres://us%40r:p%2Fw@db.test:6000/my%20db')).toMatchObject({
    host: 'db.test',
    port: 6000,
    username: 'us@r',
    password: 'p/w',
    database: 'my db',
  })
  expect(read('postgresql:///x?host=/run/pg&port=6001&user=u')).toMatchObject({
    path: '/run/pg/.s.PGSQL.6001',
    username: 'u',
    database: 'x',
  })
  expect(read('postgres://[::1]/x')).toMatchObject({ host: '::1', port: 5432 })
  expect(() => read('mysql://u@h/x')).toThrow('DATABASE_URL does not begin with postgres://')
  expect(withDatabase({ url: 'postgres://u@h/x?sslmode=disable' }, 'y')).toEqual({
    url: 'postgres://u@h/y?sslmode=disable',
  })
})
