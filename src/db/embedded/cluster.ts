// One PostgreSQL server process on one folder: made, started, stopped.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, mkdtempSync, openSync } from 'node:fs'
import { readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../lib/log.ts'
import { Problem } from '../../lib/problem.ts'
import { type Account, canReach, makePrivateDir, reachableDir } from './account.ts'
import type { Binaries } from './binaries.ts'
import { commandLine, type ProcessName, processName, waitForEnd } from './processes.ts'

export interface Cluster {
  readonly binaries: Binaries
  readonly account: Account | undefined
  /** The folder of the files, after links. */
  readonly dir: string
  readonly logPath: string
}

const startTimeoutMs = 60_000
/** How long children of a killed server may linger before a start counts as failed. */
const lingerTimeoutMs = 20_000
const fastStopTimeoutMs = 30_000
const immediateStopTimeoutMs = 10_000

/** Finds the files of the folder's cluster, or makes them. A half-made one is thrown away. */
export async function openCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | undefined,
  log: Log,
): Promise<Cluster> {
  const link = join(dataDir, 'cluster')
  if (!isThere(link)) await makeCluster(dataDir, link, binaries, account, log)
  if (!existsSync(link)) {
    throw new Problem(
      'EMBEDDED_FAILED',
      `the files that ${link} points to are gone: delete the link to start anew`,
    )
  }
  return { binaries, account, dir: realpathSync(link), logPath: join(dataDir, 'postgres.log') }
}

async function makeCluster(
  dataDir: string,
  link: string,
  binaries: Binaries,
  account: Account | undefined,
  log: Log,
): Promise<void> {
  const home = canReach(account, link) ? dataDir : makeHome(dataDir, log)
  const unfinished = join(home, 'cluster.new')
  rmSync(unfinished, { recursive: true, force: true })
  makePrivateDir(account, unfinished)
  const flags = ['-U', 'pitboss', '-A', 'trust', '-E', 'UTF8', '--data-checksums', '--no-instructions']
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-locale']
  const child = spawn(binaries.initdb, ['-D', unfinished, ...flags, ...locale], {
    ...account,
    cwd: '/',
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const code = await ended(child)
  if (code !== 0) throw new Problem('EMBEDDED_FAILED', `initdb failed (${code}): ${complaint.trim()}`)
  renameSync(unfinished, join(home, 'cluster'))
  if (home !== dataDir) symlinkSync(join(home, 'cluster'), link)
}

/** A new place each time: a data folder that was deleted must not find its old data again. */
function makeHome(dataDir: string, log: Log): string {
  mkdirSync(reachableDir, { recursive: true, mode: 0o755 })
  const home = mkdtempSync(join(reachableDir, 'data-'))
  log.warn(
    { dataDir, home },
    'the data folder cannot be reached by the account of PostgreSQL: files kept elsewhere',
  )
  chmodSync(home, 0o755)
  return home
}

/** Starts the server and waits until it accepts connections; tries again while an older one is still ending. */
export async function startServer(cluster: Cluster, settings: Record<string, string>): Promise<ChildProcess> {
  const lingerDeadline = Date.now() + lingerTimeoutMs
  for (;;) {
    const logStart = existsSync(cluster.logPath) ? statSync(cluster.logPath).size : 0
    const child = spawnServer(cluster, settings)
    if (await becomesReady(cluster, child)) return child
    const complaint = readFileSync(cluster.logPath).subarray(logStart).toString().trim()
    const lingering = /pre-existing shared memory|lock file "[^"]*" already exists/.test(complaint)
    if (!lingering || Date.now() > lingerDeadline) {
      throw new Problem('EMBEDDED_FAILED', `PostgreSQL did not start: ${complaint || 'it said nothing'}`)
    }
    await sleep(250)
  }
}

function spawnServer(cluster: Cluster, settings: Record<string, string>): ChildProcess {
  const log = openSync(cluster.logPath, 'a')
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  try {
    return spawn(cluster.binaries.postgres, ['-D', cluster.dir, ...flags], {
      ...cluster.account,
      cwd: '/',
      env: environment,
      // A group of its own: Ctrl-C in a terminal goes to the owner, which stops the server when it is done with it.
      detached: true,
      stdio: ['ignore', log, log],
    })
  } finally {
    closeSync(log)
  }
}

async function becomesReady(cluster: Cluster, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs
  const end = ended(child)
  while (child.exitCode === null && child.signalCode === null) {
    const [pid, , , , , , , status] = pidFile(cluster.dir)
    if (Number(pid) === child.pid && status?.trim() === 'ready') return true
    if (Date.now() > deadline) {
      child.kill('SIGQUIT')
      await end
      throw new Problem('EMBEDDED_FAILED', `PostgreSQL was not ready in time: see ${cluster.logPath}`)
    }
    await Promise.race([end, sleep(20)])
  }
  return false
}

export async function stopServer(child: ChildProcess, mode: 'fast' | 'immediate'): Promise<void> {
  const name = processName(child.pid ?? 0)
  if (!name || child.exitCode !== null) return
  const end = ended(child)
  await stopProcess(name, mode)
  await end
}

/** Stops the server that a dead owner left running on these files. */
export async function stopOrphan(cluster: Cluster, log: Log): Promise<void> {
  const pid = Number(pidFile(cluster.dir)[0] ?? 0)
  const name = pid > 0 ? processName(pid) : undefined
  if (!name) return
  if (commandLine(pid).includes(cluster.dir)) {
    log.warn({ pid }, 'stopping the server that a killed process left behind')
    await stopProcess(name, 'fast')
  } else {
    // The id is another process's by now; PostgreSQL would believe that the server still runs.
    rmSync(join(cluster.dir, 'postmaster.pid'), { force: true })
  }
}

async function stopProcess(name: ProcessName, mode: 'fast' | 'immediate'): Promise<void> {
  if (mode === 'fast') {
    signal(name, 'SIGINT')
    if (await waitForEnd(name, fastStopTimeoutMs)) return
  }
  signal(name, 'SIGQUIT')
  if (await waitForEnd(name, immediateStopTimeoutMs)) return
  signal(name, 'SIGKILL')
  await waitForEnd(name, immediateStopTimeoutMs)
}

function signal(name: ProcessName, kind: NodeJS.Signals): void {
  try {
    process.kill(name.pid, kind)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const environment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }

function pidFile(dir: string): string[] {
  try {
    return readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', reject)
  })
}

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined
