import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import { type ConnectionTarget, postgresOptions, type Sql, withDatabase } from '../../src/db/connection.ts'
import { administer } from './administer.ts'

export interface TestDatabase {
  readonly target: ConnectionTarget
  /** As the owner of the tables: a test may look at and arrange what the server's role may not. */
  readonly sql: Sql
  readonly drop: () => Promise<void>
}

/** A migrated, empty database of the test file's own. Make it in beforeAll, drop it in afterAll. */
export const createTestDatabase = (): Promise<TestDatabase> => cloneDatabase(inject('databaseTemplate'))

/** One without any table. */
export const createBareDatabase = (): Promise<TestDatabase> => cloneDatabase('template0')

async function cloneDatabase(template: string): Promise<TestDatabase> {
  const server = inject('databaseServer')
  const name = `pitboss_test_${randomBytes(6).toString('hex')}`
  // Quicker than writing all of the template to the write-ahead log.
  await administer(server, `create database ${name} template ${template} strategy file_copy`)
  const target = withDatabase(server, name)
  const sql = postgres({ ...postgresOptions(target, { max: 4 }), types: { bigint: postgres.BigInt } })
  return {
    target,
    sql,
    async drop() {
      await sql.end({ timeout: 1 })
      await administer(server, `drop database if exists ${name} with (force)`)
    },
  }
}
