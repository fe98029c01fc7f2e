// The provider's entrance alone: HTTP, the dialects, the commit streams and a database of its own.
import Fastify from 'fastify'
import { appRole } from '../../src/db/grants.ts'
import { openDatabase } from '../../src/db/connection.ts'
import { openStreams } from '../../src/domain/money/streams.ts'
import type { Submit } from '../../src/domain/money/types.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Log } from '../../src/lib/log.ts'
import { registerProviderRoutes } from '../../src/server/providers.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { serverSecret } from './provider-world.ts'

export interface ProviderApp {
  readonly url: string
  /** The test's own connection to the same database. */
  readonly database: TestDatabase
  /** Everything that was logged, one JSON text a line. */
  readonly logLines: readonly string[]
  readonly submit: Submit
  /** Takes the database away from the server, but not from the test. */
  cutDatabase(): Promise<void>
  close(): Promise<void>
}

/** With a database of its own, unless it is to share another app's, as a second process would. */
export async function startProviderApp(shared?: TestDatabase): Promise<ProviderApp> {
  const database = shared ?? (await createTestDatabase())
  const options = { role: appRole, poolMax: 4, statementTimeoutMs: 5_000, applicationName: 'pitboss test' }
  const pools = openDatabase({ target: database.target, ...options })
  const logLines: string[] = []
  const log = keepingLog(logLines)
  const streams = openStreams(database.target, { role: appRole, log, answerWithinMs: 5_000 })
  const app = Fastify({
    logger: false,
    // A client may hold a connection that it never used: closing waits for no such thing.
    forceCloseConnections: true,
    genReqId: (raw) => String(raw.headers['x-request-id'] ?? crypto.randomUUID()),
  })
  const ctx = { db: pools.db, sql: pools.sql, clock: systemClock, log }
  await registerProviderRoutes(app, { ctx, submit: streams.submit, secret: serverSecret })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  let cut = false
  const cutDatabase = async () => {
    if (!cut) await Promise.all([streams.close(), pools.close()])
    cut = true
  }
  return {
    url,
    database,
    logLines,
    submit: streams.submit,
    cutDatabase,
    async close() {
      await app.close()
      await cutDatabase()
      if (!shared) await database.drop()
    },
  }
}

/** Writes what a production log would: whole facts, errors with all their properties. */
function keepingLog(lines: string[]): Log {
  const keep = (facts: object, message: string) => {
    lines.push(JSON.stringify({ ...facts, message }, (_key, value: unknown) => plain(value)))
  }
  return { debug: keep, info: keep, warn: keep, error: keep }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof Error)) return value
  const { message, stack, cause } = value
  return { ...Object.fromEntries(Object.entries(value)), message, stack, cause }
}
