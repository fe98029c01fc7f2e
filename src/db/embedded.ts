// The PostgreSQL that comes with the npm packages: for trying Pitboss out, for tests, for one machine.
// It owns its data folder and the server's life. It never knows what is in the database, and it listens on a Unix
// socket only.
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Log } from '../lib/log.ts'
import { Problem } from '../lib/problem.ts'
import { type ConnectionTarget, postgresOptions } from './connection.ts'
import { makePrivateDir, serverAccount } from './embedded/account.ts'
import { findBinaries } from './embedded/binaries.ts'
import { openCluster, startServer, stopOrphan, stopServer } from './embedded/cluster.ts'
import { liveOwner, type Owner, ownName, releaseLock, takeLock, updateLock } from './embedded/owner-lock.ts'
import { watchOver } from './embedded/watchdog.ts'

export interface EmbeddedOptions {
  /** Made when absent. One server at a time; safe to delete while none runs. */
  readonly dataDir: string
  /** Server settings over the defaults below. `fsync: 'off'` is for tests: it loses data with the power. */
  readonly settings?: Readonly<Record<string, string>>
  readonly log: Log
}

export interface Embedded {
  readonly target: ConnectionTarget
  /** The server's process id. */
  readonly pid: number
  /** Resolves when the server is gone, asked or not. */
  readonly exited: Promise<void>
  /** `fast` ends sessions and checkpoints; `immediate` is a crash, for tests. */
  readonly stop: (mode?: 'fast' | 'immediate') => Promise<void>
}

/** The data folder belongs to a live process; its server can be attached to. */
export class EmbeddedInUse extends Problem {
  readonly ownerPid: number
  readonly target: ConnectionTarget

  constructor(dataDir: string, owner: Owner) {
    super(
      'EMBEDDED_IN_USE',
      `${dataDir} is in use by process ${owner.process.pid}: stop it, or use another folder`,
    )
    this.ownerPid = owner.process.pid
    this.target = owner.target
  }
}

const defaults = {
  max_connections: '100',
  // A batch of money locks some 200 tables, partitions and indexes: so many need not go to the shared table.
  max_locks_per_transaction: '512',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  synchronous_commit: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

const database = 'pitboss'
const username = 'pitboss'
const port = 5432
const logBytesMax = 10_000_000
const attachTimeoutMs = 60_000

/** Starts the server of the folder. Throws EmbeddedInUse when a live process has it; takes over from a dead one. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true })
  const mine = newOwner()
  const release = () => rmSync(mine.target.socketDir, { recursive: true, force: true })
  const lock = takeLock(dataDir, mine)
  if ('held' in lock) {
    release()
    throw new EmbeddedInUse(dataDir, lock.held)
  }
  try {
    if (lock.left) rmSync(lock.left.target.socketDir, { recursive: true, force: true })
    const child = await startCluster(dataDir, mine, options)
    return await serve(dataDir, mine, child)
  } catch (error) {
    release()
    releaseLock(dataDir)
    throw error
  }
}

/** The address of a Unix socket holds 107 bytes: the data folder may be too deep for one, /tmp is not. */
function newOwner(): Owner {
  const socketDir = mkdtempSync('/tmp/pitboss-')
  return { process: ownName(), target: { socketDir, port, database, username }, ready: false }
}

async function startCluster(dataDir: string, mine: Owner, options: EmbeddedOptions): Promise<ChildProcess> {
  const account = serverAccount()
  const { socketDir } = mine.target
  makePrivateDir(account, socketDir)
  const cluster = await openCluster(dataDir, findBinaries(account), account, options.log)
  await stopOrphan(cluster, options.log)
  if (existsSync(cluster.logPath) && statSync(cluster.logPath).size > logBytesMax)
    truncateSync(cluster.logPath)
  return await startServer(cluster, {
    ...defaults,
    ...options.settings,
    listen_addresses: '',
    port: String(port),
    unix_socket_directories: socketDir,
  })
}

/** The server of a live owner, waited for while it starts; undefined when nobody owns the folder. */
export async function attachEmbedded(dataDir: string): Promise<ConnectionTarget | undefined> {
  const deadline = Date.now() + attachTimeoutMs
  for (;;) {
    const owner = liveOwner(resolve(dataDir))
    if (!owner || owner.ready) return owner?.target
    if (Date.now() > deadline) throw new EmbeddedInUse(dataDir, owner)
    await sleep(50)
  }
}

async function serve(dataDir: string, mine: Owner, child: ChildProcess): Promise<Embedded> {
  const watchdog = watchOver(child.pid ?? 0)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void exited.then(() => watchdog.dismiss())
  // A process that ends without stopping first must not leave the server behind, as far as it can help it.
  const lastWish = () => child.kill('SIGINT')
  process.once('exit', lastWish)
  let stopping: Promise<void> | undefined
  const stop = async (mode: 'fast' | 'immediate') => {
    await stopServer(child, mode)
    process.off('exit', lastWish)
    rmSync(mine.target.socketDir, { recursive: true, force: true })
    releaseLock(dataDir)
  }
  const embedded: Embedded = {
    target: mine.target,
    pid: child.pid ?? 0,
    exited,
    stop: (mode = 'fast') => (stopping ??= stop(mode)),
  }
  try {
    await createDatabase(mine)
    updateLock(dataDir, { ...mine, ready: true })
    return embedded
  } catch (error) {
    await embedded.stop('immediate')
    throw error
  }
}

async function createDatabase(owner: Owner): Promise<void> {
  const client = postgres(postgresOptions({ ...owner.target, database: 'postgres' }, { max: 1 }))
  try {
    const found = await client`select 1 from pg_database where datname = ${database}`
    if (found.length === 0) await client`create database ${client(database)}`
  } finally {
    await client.end({ timeout: 1 })
  }
}
