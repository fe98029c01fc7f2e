// A Pitboss process of its own on a test's database, started as an operator would: by DATABASE_URL.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { ConnectionTarget } from '../../src/db/connection.ts'
import { guarded } from './guarded.ts'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Everything it has said so far, on either of its outputs, by lines. */
  readonly said: readonly string[]
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | string | null>
  signal(kind: NodeJS.Signals): void
  /** What it says after SIGTERM, or whatever else ended it. */
  stop(): Promise<number | null>
}

const program = join(import.meta.dirname, '../../src/main.ts')
const secret = 'a secret of tests, shared by all processes'

export async function startServerProcess(
  target: ConnectionTarget,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...guarded, program], {
    env: { DATABASE_URL: urlOf(target), PORT: '0', PITBOSS_SECRET: secret, POOL_MAX: '4', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  )
  let complaint = ''
  const said: string[] = []
  child.stderr.on('data', (chunk) => {
    complaint += String(chunk)
    said.push(String(chunk))
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      const { msg, url: at } = JSON.parse(line) as { msg: string; url?: string }
      if (msg === 'listening' && at) resolve(at)
    })
    void exited.then((code) => reject(new Error(`the server ended with ${code}: ${complaint}`)))
  })
  return {
    url,
    pid: child.pid ?? 0,
    said,
    exited: ended,
    signal: (kind) => void child.kill(kind),
    stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** A socket's folder goes into a URL's parameter, as libpq has it. */
export function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url
  const { database, socketDir, port, username } = target
  const where = new URLSearchParams({ host: socketDir, port: String(port), user: username })
  return `postgres:///${database}?${where.toString()}`
}
