// A hot standby of a server of a test's own: a copy of its files that follows its write-ahead log.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'
import { serverAccount } from '../../src/db/embedded/account.ts'
import { findBinaries } from '../../src/db/embedded/binaries.ts'
import { watchOver } from '../../src/db/embedded/watchdog.ts'
import { freePort, type OwnPostgres, ownSettings } from './own-postgres.ts'
import { quickDir } from './quick-dir.ts'
import { until } from './until.ts'

export interface Standby {
  readonly target: ConnectionTarget
  close(): Promise<void>
}

/** Stops the primary for as long as the copy takes. */
export async function openStandby(primary: OwnPostgres): Promise<Standby> {
  const account = serverAccount()
  const dir = quickDir('pitboss-standby')
  chmodSync(dir, 0o755)
  const files = join(dir, 'cluster')
  await primary.stop()
  execFileSync('cp', ['-a', primary.dataDir, files])
  await primary.start()
  const sign = join(files, 'standby.signal')
  writeFileSync(sign, '')
  if (account) chownSync(sign, account.uid, account.gid)

  const { hostname, port: primaryPort, username } = new URL('url' in primary.target ? primary.target.url : '')
  const port = String(await freePort())
  const settings = {
    ...ownSettings,
    port,
    unix_socket_directories: '',
    primary_conninfo: `host=${hostname} port=${primaryPort} user=${username}`,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child: ChildProcess = spawn(findBinaries(account).postgres, ['-D', files, ...flags], {
    ...account,
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const watchdog = watchOver(child.pid ?? 0)
  const target = { url: `postgres://${username}@127.0.0.1:${port}/pitboss?sslmode=disable` }
  await until(() => isStandby(target), 30_000)
  return {
    target,
    async close() {
      watchdog.dismiss()
      child.kill('SIGQUIT')
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function isStandby(target: ConnectionTarget): Promise<boolean> {
  const sql = postgres(postgresOptions(target, { max: 1, fetch_types: false }))
  try {
    const [row] = await sql`select pg_is_in_recovery() as standby`
    return row?.['standby'] === true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}
