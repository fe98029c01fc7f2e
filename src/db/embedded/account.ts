// PostgreSQL refuses to run as root. Root therefore lends it an account without powers, and has to keep what that
// account must reach out of folders that it cannot enter, as /root.
import { chownSync, mkdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Problem } from '../../lib/problem.ts'

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Where things go that the account could not reach otherwise. Root can always make it, and it outlives a reboot. */
export const reachableDir = '/var/lib/pitboss'

/** The account that PostgreSQL runs as; undefined when it is our own. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Problem(
    'EMBEDDED_UNAVAILABLE',
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody": set DATABASE_URL',
  )
}

/** Whether the account may enter every folder on the way to the path; links count where they lead. */
export function canReach(account: Account | undefined, path: string): boolean {
  if (!account) return true
  for (let dir = dirname(resolve(path)); ; dir = dirname(dir)) {
    if (!mayExecute(account, statSync(dir))) return false
    if (dir === '/') return true
  }
}

export function mayExecute(account: Account | undefined, stats: Stats): boolean {
  if (!account) return (stats.mode & 0o111) !== 0
  if (stats.uid === account.uid) return (stats.mode & 0o100) !== 0
  if (stats.gid === account.gid) return (stats.mode & 0o010) !== 0
  return (stats.mode & 0o001) !== 0
}

/** Makes the folder for the account alone. */
export function makePrivateDir(account: Account | undefined, path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (account) chownSync(path, account.uid, account.gid)
}
