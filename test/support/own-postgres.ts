// A PostgreSQL server of a test's own, to be killed: at a port, so that connections can be reset, and always at the
// same one, so that whoever was connected finds it again.
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { ConnectionTarget } from '../../src/db/connection.ts'
import { makePrivateDir, serverAccount } from '../../src/db/embedded/account.ts'
import { findBinaries } from '../../src/db/embedded/binaries.ts'
import { type Cluster, openCluster, startServer, stopServer } from '../../src/db/embedded/cluster.ts'
import { watchOver } from '../../src/db/embedded/watchdog.ts'
import { silentLog } from '../../src/lib/log.ts'
import { administer } from './administer.ts'
import { quickDir } from './quick-dir.ts'
import { until } from './until.ts'

export interface OwnPostgres {
  readonly target: ConnectionTarget
  /** Where its files are, but for the log. */
  readonly dataDir: string
  readonly logPath: string
  /** SIGKILL to the server process: its children are left to find out. */
  kill(): Promise<void>
  /** Starts it again, as often as it takes while children of a killed one linger. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Stops it, and deletes its files unless the folder was given. */
  close(): Promise<void>
}

export interface OwnPostgresOptions {
  /** The folder for its files: must be reachable for the account that PostgreSQL runs as. */
  readonly dir?: string
  readonly settings?: Readonly<Record<string, string>>
}

export const ownSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '40',
  listen_addresses: '127.0.0.1',
  log_min_messages: 'warning',
}

export async function openOwnPostgres(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const dir = options.dir ?? quickDir('pitboss-own')
  // PostgreSQL's account must be able to enter.
  chmodSync(dir, 0o755)
  const account = serverAccount()
  const socketDir = join(dir, 'socket')
  mkdirSync(socketDir, { recursive: true })
  makePrivateDir(account, socketDir)
  const cluster = await openCluster(dir, findBinaries(account), account, silentLog)
  const port = String(await freePort())
  const all = { ...ownSettings, ...options.settings, port, unix_socket_directories: socketDir }
  let server = await watched(cluster, all)
  const url = (database: string) => `postgres://pitboss@127.0.0.1:${port}/${database}?sslmode=disable`
  await administer({ url: url('postgres') }, 'create database pitboss')

  const stop = async () => {
    server.watchdog.dismiss()
    await stopServer(server.child, 'immediate')
  }
  return {
    target: { url: url('pitboss') },
    dataDir: cluster.dir,
    logPath: cluster.logPath,
    async kill() {
      server.watchdog.dismiss()
      server.child.kill('SIGKILL')
      await until(() => server.child.signalCode !== null)
    },
    async start() {
      server = await watched(cluster, all)
    },
    stop,
    async close() {
      await stop()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function watched(cluster: Cluster, all: Readonly<Record<string, string>>) {
  const child: ChildProcess = await startServer(cluster, all)
  return { child, watchdog: watchOver(child.pid ?? 0) }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
