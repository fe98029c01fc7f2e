// One PostgreSQL for the whole run: the embedded one, or the server of DATABASE_URL, whose login role must be able to
// create databases. Its template database is migrated once; every test file clones it.
import { chmodSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type ConnectionTarget, withDatabase } from '../../src/db/connection.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { silentLog } from '../../src/lib/log.ts'
import { administer } from './administer.ts'
import { quickDir } from './quick-dir.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly databaseServer: ConnectionTarget
    readonly databaseTemplate: string
  }
}

const unsafeButFast = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '200',
  max_wal_size: '512MB',
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  const template = `pitboss_test_${randomBytes(6).toString('hex')}`
  await administer(server.target, `create database ${template}`)
  try {
    const target = withDatabase(server.target, template)
    await migrate({ target, log: silentLog, now: new Date() })
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('databaseServer', server.target)
  project.provide('databaseTemplate', template)
  return async () => {
    await administer(server.target, `drop database if exists ${template} with (force)`)
    await server.stop()
  }
}

async function startServer(): Promise<{ target: ConnectionTarget; stop: () => Promise<void> }> {
  const url = process.env['DATABASE_URL']
  if (url) return { target: { url }, stop: () => Promise.resolve() }
  const dir = quickDir('pitboss-test')
  // PostgreSQL's account must be able to enter; else root keeps the files elsewhere, and they would stay there.
  chmodSync(dir, 0o755)
  const embedded = await startEmbedded({
    dataDir: join(dir, 'data'),
    settings: unsafeButFast,
    log: silentLog,
  })
  const stop = async () => {
    await embedded.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
  }
  return { target: embedded.target, stop }
}
