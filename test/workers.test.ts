// Several processes behind one port, started as an operator would.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBareDatabase, createTestDatabase, type TestDatabase } from './support/database.ts'
import { type ServerProcess, startServerProcess } from './support/server-process.ts'

let database: TestDatabase
let bare: TestDatabase
let server: ServerProcess

beforeAll(async () => {
  ;[database, bare] = await Promise.all([createTestDatabase(), createBareDatabase()])
  server = await startTwo()
})
afterAll(async () => {
  await server?.stop()
  await Promise.all([database?.drop(), bare?.drop()])
})

/** Started, and both of its processes listen. */
async function startTwo(): Promise<ServerProcess> {
  const started = await startServerProcess(database.target, { PROCESSES: '2' })
  await vi.waitUntil(() => listening(started).length === 2, { timeout: 20_000 })
  return started
}

interface Line {
  readonly msg: string
  readonly pid: number
  readonly url?: string
}

const lines = (of: ServerProcess) => of.said.map((line) => JSON.parse(line) as Line)
const listening = (of: ServerProcess) => lines(of).filter(({ msg }) => msg === 'listening')
const lives = (pid: number) => {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** Each call comes over a connection of its own, so the next goes to the next process. */
const call = (url: string) =>
  fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(3000) })

const toldBy = (pid: number) => new RegExp(`process_told_metrics\\{pid="${pid}"\\}`)

async function metric(url: string, name: RegExp): Promise<number[]> {
  const text = await (await call(`${url}/metrics`)).text()
  return [...text.matchAll(new RegExp(`^${name.source} (\\S+)`, 'gm'))].map(([, value]) => Number(value))
}

describe('several processes behind one port', () => {
  it('listen at one address, and metrics are those of all, whoever is asked', async () => {
    const { url, pid } = server
    const [one, other] = listening(server)
    expect(one?.url).toBe(other?.url)
    expect(new Set([pid, one?.pid, other?.pid]).size).toBe(3)
    for (let n = 0; n < 10; n += 1) expect((await call(`${url}/livez`)).status).toBe(200)
    const answered = /http_server_request_duration_seconds_count\{[^}]*route="\/livez"[^}]*\}/
    expect(await metric(url, answered)).toEqual([10])
    expect(await metric(url, answered)).toEqual([10])
    // Both know how far the figures are behind, and it is the same: it counts once.
    expect(await metric(url, /figures_events_behind/)).toEqual([0])
  })

  it('tell metrics though one of them hangs, and which, and what it has counted is not lost', async () => {
    const pids = listening(server).map(({ pid }) => pid)
    const answered = /http_server_request_duration_seconds_count\{[^}]*route="\/livez"[^}]*\}/
    // One call may go to the one that hangs, which is given no more before it has answered.
    const ask = (name: RegExp) => metric(server.url, name).catch(() => metric(server.url, name))
    const told = () => Promise.all(pids.map((pid) => ask(toldBy(pid))))
    expect(await told()).toEqual([[1], [1]])
    const [hangs = 0] = pids
    process.kill(hangs, 'SIGSTOP')
    try {
      expect(await told()).toEqual([[0], [1]])
      expect(await ask(answered)).toEqual([10])
    } finally {
      process.kill(hangs, 'SIGCONT')
    }
    await expect.poll(told, { timeout: 20_000 }).toEqual([[1], [1]])
  })

  it('go on when one is killed, and another takes its place', async () => {
    const [one] = listening(server)
    process.kill(one?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => listening(server).length, { timeout: 20_000 }).toBe(3)
    expect(endings()).toMatchObject([{ worker: one?.pid, signal: 'SIGKILL' }])
    for (let n = 0; n < 4; n += 1) expect((await call(`${server.url}/livez`)).status).toBe(200)
  })

  it('end in order at a signal that all of them get, as from a terminal', async () => {
    const [, ...alive] = listening(server).map(({ pid }) => pid)
    for (const pid of [server.pid, ...alive]) process.kill(pid, 'SIGINT')
    expect(await server.exited).toBe(0)
    expect(alive.filter(lives)).toEqual([])
    expect(lines(server).filter(({ msg }) => msg === 'stopped')).toHaveLength(2)
    expect(endings()).toHaveLength(1)
  })

  it('end at once when the one that started them is killed', async () => {
    const { pid } = (server = await startTwo())
    const pids = listening(server).map((line) => line.pid)
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => pids.filter(lives)).toEqual([])
  })

  it('do not start where the port is taken, though metrics have one of their own', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const failed = startServerProcess(database.target, {
      PROCESSES: '2',
      PORT: String(port),
      METRICS_PORT: '0',
    })
    await expect(failed).rejects.toThrow(
      /ended with 1: HOST and PORT: cannot listen on [^]*\nthe server did not start\n$/,
    )
    taken.close()
  })

  it('do not start at all where one cannot, and say why once', async () => {
    await expect(startServerProcess(bare.target, { PROCESSES: '2' })).rejects.toThrow(
      /ended with 1: the database lacks \d+ migrations, 0000_roles first: [^\n]*\nthe server did not start\n$/,
    )
  })
})

const endings = () => lines(server).filter(({ msg }) => msg.includes('has ended'))
