import { type ConnectionTarget, openDatabase } from '../db/connection.ts'
import { attachEmbedded, EmbeddedInUse, startEmbedded } from '../db/embedded.ts'
import { migrate, pendingMigrations } from '../db/migrate.ts'
import type { DatabaseConfig } from '../config.ts'
import { Problem } from '../lib/problem.ts'
import { commandLog } from './output.ts'

export interface Reached {
  readonly target: ConnectionTarget
  close(): Promise<void>
}

const nothingToClose = () => Promise.resolve()

/** DATABASE_URL's server; else the embedded one that is running, or that is started for as long as the command. */
export async function reachDatabase(config: DatabaseConfig): Promise<Reached> {
  if (config.kind === 'SERVER') return { target: { url: config.url }, close: nothingToClose }
  const running = await attachEmbedded(config.dataDir)
  if (running) return { target: running, close: nothingToClose }
  try {
    const embedded = await startEmbedded({ dataDir: config.dataDir, log: commandLog })
    return { target: embedded.target, close: () => embedded.stop() }
  } catch (error) {
    if (error instanceof EmbeddedInUse) return { target: error.target, close: nothingToClose }
    throw error
  }
}

/** The same, with the tables that this version needs: refuses on a server that lacks some, mends the embedded one. */
export async function reachMigrated(config: DatabaseConfig): Promise<Reached> {
  const reached = await reachDatabase(config)
  try {
    const pending = await lacking(reached.target)
    if (pending.length > 0) {
      if (config.kind === 'SERVER') {
        const count = pending.length === 1 ? 'a migration' : `${pending.length} migrations`
        throw new Problem('NOT_MIGRATED', `the database lacks ${count}: run  npm run pitboss -- migrate`)
      }
      await migrate({ target: reached.target, log: commandLog, now: new Date() })
    }
    return reached
  } catch (error) {
    await reached.close()
    throw error
  }
}

async function lacking(target: ConnectionTarget): Promise<string[]> {
  const options = { target, poolMax: 1, statementTimeoutMs: 10_000, applicationName: 'pitboss command' }
  const database = openDatabase(options)
  try {
    return await pendingMigrations(database.sql)
  } finally {
    await database.close()
  }
}
