// The processes under test. A worker is a script of this folder that runs turns when told to; a server is Pitboss as
// it is started in production.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionTarget } from '../../src/db/connection.ts'
import type { Load } from './harness-load.ts'
import type { Stage } from './harness-stage.ts'
import type { FromWorker, Turn } from './harness-worker.ts'

export interface Worker {
  readonly pid: number
  /** Where it listens, if it does. */
  readonly port: number
  readonly run: (seconds: number) => Promise<Load>
}

export async function startWorker(stage: Stage, script: string, input: object): Promise<Worker> {
  stage.signal.throwIfAborted()
  const child = fork(join(import.meta.dirname, script), [JSON.stringify(input)])
  const inbox = messagesOf(child, script)
  stage.afterwards(() => end(child, 'SIGTERM'))
  const { port } = await inbox.next('ready')
  return {
    port,
    pid: child.pid ?? 0,
    async run(seconds) {
      child.send({ seconds } satisfies Turn)
      return (await inbox.next('done')).load
    },
  }
}

/** The worker's next message; rejects when the worker fails or ends instead. */
function messagesOf(child: ChildProcess, script: string) {
  const got: FromWorker[] = []
  let wake: (() => void) | undefined
  let ended: string | undefined
  child.on('message', (message) => {
    got.push(message as FromWorker)
    wake?.()
  })
  child.once('exit', (code, signal) => {
    ended = `${script} ended (${code ?? signal})`
    wake?.()
  })
  return {
    async next<Kind extends 'ready' | 'done'>(kind: Kind): Promise<Extract<FromWorker, { kind: Kind }>> {
      for (;;) {
        const message = got.shift()
        if (message?.kind === kind) return message as Extract<FromWorker, { kind: Kind }>
        if (message?.kind === 'failed') throw new Error(`${script}: ${message.error}`)
        if (message) throw new Error(`${script} said ${message.kind} when it should say ${kind}`)
        if (ended) throw new Error(ended)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

const startTimeoutMs = 30_000

export interface Server {
  readonly pid: number
  readonly port: number
}

/**
 * `src/main.ts` on a database of the stage; all settings are at their defaults but how many processes there are, where
 * they listen and what they give.
 */
export async function startServer(
  stage: Stage,
  target: ConnectionTarget,
  processes: 1 | 2 = 1,
): Promise<Server> {
  const port = await freePort()
  stage.signal.throwIfAborted()
  const logPath = join(stage.dir, `server-${port}.log`)
  const log = openSync(logPath, 'a')
  const root = join(import.meta.dirname, '../..')
  // For a look inside, as with --cpu-prof: NODE_OPTIONS would be for npm and the bench itself too.
  const flags = process.env['SERVER_FLAGS']?.split(' ') ?? []
  const child = spawn(process.execPath, [...flags, 'src/main.ts'], {
    cwd: root,
    env: {
      NODE_ENV: 'production',
      PATH: process.env['PATH'],
      PORT: String(port),
      PROCESSES: String(processes),
      // Two in all either way: more of them make smaller batches.
      MONEY_STREAMS: String(2 / processes),
      DATABASE_URL: urlOf(target),
      PITBOSS_SECRET: 'a secret of the benchmark, nowhere else',
      // One token stands for all callers: costs are counted, and never run out.
      COST_BUCKET: '1000000000',
      COST_RESTORE_PER_SECOND: '1000000000',
    },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  stage.afterwards(() => end(child, 'SIGTERM'))
  const deadline = Date.now() + startTimeoutMs
  while (!(await isReady(port))) {
    stage.signal.throwIfAborted()
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`the server did not start:\n${readFileSync(logPath, 'utf8')}`)
    }
    await sleep(50)
  }
  return { pid: child.pid ?? 0, port }
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    (reply) => reply.ok,
    () => false,
  )

function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url
  const { socketDir, port, database, username } = target
  return `postgres://${username}@localhost/${database}?host=${encodeURIComponent(socketDir)}&port=${port}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const stopTimeoutMs = 15_000

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const slow = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(slow)
}
