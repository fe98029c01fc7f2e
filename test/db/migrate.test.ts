import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connection.ts'
import { migrate, pendingMigrations } from '../../src/db/migrate.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts'

const now = new Date('2026-11-22T12:00:00Z')
let database: TestDatabase
let directory: string

beforeAll(async () => {
  database = await createBareDatabase()
  directory = mkdtempSync('/tmp/pitboss-migrations-')
  file('0000_roles', 'grant usage on schema public to pitboss_app')
  file('0001_first', 'create table first (id int primary key); select pg_sleep(0.2)')
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  await database.drop()
})

const file = (name: string, text: string) => writeFileSync(join(directory, `${name}.sql`), text)
const run = () => migrate({ target: database.target, log: silentLog, now, directory })

test('a database without tables lacks every migration', async () => {
  expect(await pendingMigrations(database.sql, directory)).toEqual(['0000_roles', '0001_first'])
})

test('of three that migrate at once one works and all succeed', async () => {
  const done = await Promise.all([run(), run(), run()])
  expect(done.flat()).toEqual(['0000_roles', '0001_first'])
  expect(await pendingMigrations(database.sql, directory)).toEqual([])
})

test('a migration that fails leaves nothing behind', async () => {
  file('0002_second', 'create table second (id int); select 1/0')
  await expect(run()).rejects.toThrow('migration 0002_second failed: division by zero')
  expect(await database.sql`select to_regclass('second') as found`).toEqual([{ found: null }])
  expect(await pendingMigrations(database.sql, directory)).toEqual(['0002_second'])
  file('0002_second', 'create table second (id int)')
  expect(await run()).toEqual(['0002_second'])
})

test('a login role that may not make roles is told what a superuser does for it', async () => {
  file('0003_third', 'set local role pitboss_app; create role nobody')
  await expect(run()).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('as a superuser: create role pitboss_app nologin; grant') as string,
  })
  rmSync(join(directory, '0003_third.sql'))
})

test('an applied migration whose file has changed is refused', async () => {
  file('0001_first', 'create table first (id bigint primary key)')
  const changed = { code: 'MIGRATION_CHANGED', message: expect.stringContaining('0001_first') as string }
  await expect(run()).rejects.toMatchObject(changed)
  await expect(pendingMigrations(database.sql, directory)).rejects.toMatchObject(changed)
})

test("the server's role may ask what is pending", async () => {
  const migrated = await createTestDatabase()
  const { sql, close } = openDatabase({
    target: migrated.target,
    role: 'pitboss_app',
    poolMax: 1,
    statementTimeoutMs: 1000,
    applicationName: 'migrate test',
  })
  expect(await pendingMigrations(sql)).toEqual([])
  await close()
  await migrated.drop()
})
