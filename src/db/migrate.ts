// Brings a database to the tables that this version of the code expects: the numbered files in drizzle/, each once,
// in order. It runs as the owner of the tables, never as the role that the server works as. Whether to migrate or to
// refuse to start is the caller's rule.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Log } from '../lib/log.ts'
import { Problem } from '../lib/problem.ts'
import { checkServerVersion, type ConnectionTarget, postgresOptions, type Sql } from './connection.ts'
import { applyGrants } from './grants.ts'
import { ensurePartitions } from './partitions.ts'

export interface MigrateOptions {
  readonly target: ConnectionTarget
  readonly log: Log
  /** The present, for the first partitions. */
  readonly now: Date
  /** Where the files are; drizzle/ when absent. */
  readonly directory?: string
}

interface Migration {
  readonly name: string
  readonly text: string
  readonly digest: string
}

const defaultDirectory = join(import.meta.dirname, '../../drizzle')
const lockWaitMs = 120_000
const lockKey = '7203, 0'
/** A migration that waits longer for a table holds up everything that queues behind it. */
const lockTimeoutMs = 5000

/** Applies what is pending and returns its names. Of several callers at once, one works and the others wait. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(options.directory)
  const sql = openOnce(options.target)
  try {
    await checkServerVersion(sql)
    await takeLock(sql)
    await createTable(sql)
    const pending = compare(migrations, await appliedDigests(sql))
    for (const migration of pending) {
      await apply(sql, migration)
      options.log.info({ migration: migration.name }, 'migrated')
    }
    await ensurePartitions(sql, options)
    await applyGrants(sql)
    return pending.map((one) => one.name)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The names of the migrations that the database lacks. Throws when an applied one is not what it was. */
export async function pendingMigrations(sql: Sql, directory?: string): Promise<string[]> {
  const [found] = await sql<{ present: boolean }[]>`
    /* migrate: is there a table of migrations */
    select to_regclass('public.pitboss_migrations') is not null as present`
  const applied = found?.present ? await appliedDigests(sql) : new Map<string, string>()
  return compare(readMigrations(directory), applied).map((one) => one.name)
}

/** One connection, used once: a session lock must not outlive it unnoticed. */
function openOnce(target: ConnectionTarget): Sql {
  const options = postgresOptions(target, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    connection: { application_name: 'pitboss migrate', lock_timeout: lockTimeoutMs },
  })
  return postgres({ ...options, types: { bigint: postgres.BigInt } })
}

/** Asks again and again: a session that waits inside the lock would hold a snapshot all the while. */
async function takeLock(sql: Sql): Promise<void> {
  const deadline = Date.now() + lockWaitMs
  for (;;) {
    const [row] = await sql.unsafe<{ taken: boolean }[]>(
      `/* migrate: take the lock */ select pg_try_advisory_lock(${lockKey}) as taken`,
    )
    if (row?.taken) return
    if (Date.now() > deadline)
      throw new Problem('MIGRATION_LOCKED', 'another process has been migrating for too long')
    await sleep(100)
  }
}

/** postgres.js connects again by itself; then the lock is gone, and this stops the migration inside its transaction. */
const assertLock = `do $$ begin
  if not exists (
    select from pg_locks where locktype = 'advisory' and classid = 7203 and objid = 0 and objsubid = 2
      and pid = pg_backend_pid() and granted
      and database = (select oid from pg_database where datname = current_database())
  ) then raise exception 'the migration lock was lost with its connection'; end if;
end $$;`

async function createTable(sql: Sql): Promise<void> {
  await sql`
    /* migrate: the table of migrations */
    create table if not exists pitboss_migrations (
      name text collate "C" primary key,
      digest text not null,
      applied_at timestamptz(3) not null
    )`
}

/** The file and the note of it in one message, which is one transaction: both happen or neither. */
async function apply(sql: Sql, { name, text, digest }: Migration): Promise<void> {
  const note = `insert into pitboss_migrations (name, digest, applied_at) values ('${name}', '${digest}', now());`
  try {
    await sql.unsafe(`/* migrate: ${name} */\n${assertLock}\n${text}\n;${note}`).simple()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('MIGRATION_FAILED', `migration ${name} failed: ${reason}${hint(reason)}`)
  }
}

/** An owner of the tables need not be one who may make roles. */
const hint = (reason: string): string =>
  /to create role|member of/.test(reason)
    ? '; once, as a superuser: create role pitboss_app nologin; grant pitboss_app to <the login role of DATABASE_URL>'
    : ''

async function appliedDigests(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql<{ name: string; digest: string }[]>`
    /* migrate: what is applied */
    select name, digest from pitboss_migrations`
  return new Map(rows.map((row) => [row.name, row.digest]))
}

/** Names that only the database knows are of a newer version: during a rolling start both run. */
function compare(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): Migration[] {
  for (const { name, digest } of migrations) {
    if ((applied.get(name) ?? digest) === digest) continue
    throw new Problem('MIGRATION_CHANGED', `migration ${name} is applied, but its file has changed since`)
  }
  return migrations.filter(({ name }) => !applied.has(name))
}

function readMigrations(directory = defaultDirectory): Migration[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.sql'))
  return files.sort().map((file) => {
    if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file)) throw new Error(`${file} is not named like 0001_purpose.sql`)
    const text = readFileSync(join(directory, file), 'utf8')
    return { name: basename(file, '.sql'), text, digest: createHash('sha256').update(text).digest('hex') }
  })
}
