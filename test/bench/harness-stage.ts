// Where the contenders meet: one PostgreSQL with its files in a temporary folder, set as in production, and the
// processes that were started for the run. Closing it leaves nothing behind.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions, type Sql, withDatabase } from '../../src/db/connection.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { silentLog } from '../../src/lib/log.ts'

export interface Place {
  readonly target: ConnectionTarget
  readonly sql: Sql
}

export interface Stage {
  readonly dir: string
  readonly postgresPid: number
  /** To the server's own database, for looking on. */
  readonly admin: Sql
  /** Aborted when the run is given up. */
  readonly signal: AbortSignal
  /** A new database with Pitboss's tables, or without any. */
  createDatabase(name: string, tables: 'PITBOSS' | 'NONE'): Promise<Place>
  /** Brings statistics up to date everywhere, as they are in a database that has been in use for a while. */
  settle(): Promise<void>
  /** Something that several benchmarks share, made by the first one that needs it. */
  shared<T>(name: string, make: () => Promise<T>): Promise<T>
  /** What ends what was started for this benchmark alone; runs after it, the last one first. */
  afterwards(close: () => Promise<void>): void
}

export interface OpenStage extends Stage {
  /** Before the next benchmark, which shall have the machine to itself. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openStage(signal: AbortSignal): Promise<OpenStage> {
  const dir = mkdtempSync('/tmp/pitboss-bench-')
  // PostgreSQL's account must be able to enter.
  chmodSync(dir, 0o755)
  const pools: Sql[] = []
  const enders: (() => Promise<void>)[] = []
  const clear = () => endAll(enders)
  try {
    const server = await startEmbedded({ dataDir: join(dir, 'data'), log: silentLog })
    const open = (target: ConnectionTarget): Sql => {
      const sql = postgres({ ...postgresOptions(target, { max: 2 }), types: { bigint: postgres.BigInt } })
      pools.push(sql)
      return sql
    }
    const admin = open(server.target)
    const places: Place[] = []
    const made = new Map<string, Promise<unknown>>()
    return {
      dir,
      admin,
      signal,
      clear,
      async close() {
        await clear()
        await Promise.allSettled(pools.map((sql) => sql.end({ timeout: 1 })))
        await server.stop('immediate')
        rmSync(dir, { recursive: true, force: true })
      },
      postgresPid: server.pid,
      async createDatabase(name, tables) {
        await admin`create database ${admin(name)}`
        const target = withDatabase(server.target, name)
        if (tables === 'PITBOSS') await migrate({ target, log: silentLog, now: new Date() })
        const place = { target, sql: open(target) }
        places.push(place)
        return place
      },
      async settle() {
        for (const { sql } of places) await analyze(sql)
      },
      shared<T>(name: string, make: () => Promise<T>) {
        const found = made.get(name) ?? make()
        made.set(name, found)
        return found as Promise<T>
      },
      afterwards: (one) => void enders.push(one),
    }
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
}

async function endAll(enders: (() => Promise<void>)[]): Promise<void> {
  for (let end = enders.pop(); end; end = enders.pop()) await end().catch(() => {})
}

/**
 * Statistics for the planner, of whatever holds rows: a table that was analyzed while it was empty counts as empty,
 * which no database in use would say of its tables.
 */
async function analyze(sql: Sql): Promise<void> {
  const filled = await sql<{ name: string }[]>`
    /* bench: tables with rows */
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0`
  if (filled.length > 0) await sql.unsafe(`vacuum analyze ${filled.map(({ name }) => name).join(', ')}`)
}
