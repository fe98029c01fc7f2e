// A Pitboss process of its own on a test's database, started as an operator would: by DATABASE_URL.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { ConnectionTarget } from '../../src/db/connection.ts'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** What it says after SIGTERM, or whatever else ended it. */
  stop(): Promise<number | null>
}

const program = join(import.meta.dirname, '../../src/main.ts')
const secret = 'a secret of tests, shared by all processes'

export async function startServerProcess(target: ConnectionTarget): Promise<ServerProcess> {
  const child = spawn(process.execPath, [program], {
    env: { DATABASE_URL: urlOf(target), PORT: '0', PITBOSS_SECRET: secret, POOL_MAX: '4' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  let complaint = ''
  child.stderr.on('data', (chunk) => void (complaint += String(chunk)))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { msg: string; url?: string }
      if (said.msg === 'listening' && said.url) resolve(said.url)
    })
    void exited.then((code) => reject(new Error(`the server ended with ${code}: ${complaint}`)))
  })
  return {
    url,
    pid: child.pid ?? 0,
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
