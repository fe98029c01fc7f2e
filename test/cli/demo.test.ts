// `npm start` as a person has it: a folder, a terminal, signals.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { guarded } from '../support/guarded.ts'
import { pitboss } from '../support/command.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const program = join(import.meta.dirname, '../../src/main.ts')
const simulatorPath = 'src/simulator/main.ts'

interface Demo {
  readonly child: ChildProcess
  readonly ended: Promise<number | string>
  said(): string
}

let folder: string
let enginePort: number
let demo: Demo

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

const env = (port: number) => ({
  PITBOSS_DATA_DIR: join(folder, 'data'),
  PORT: String(port),
  DEMO_ENGINE_PORT: String(enginePort),
  NODE_ENV: 'production',
})

function start(port = 0): Demo {
  const child = spawn(process.execPath, [...guarded, program], {
    env: env(port),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => void (text += String(chunk)))
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  return { child, ended, said: () => text }
}

async function running(started: Demo): Promise<Demo> {
  await Promise.race([
    until(() => started.said().includes('Press Ctrl-C'), 120_000),
    started.ended.then((code) => expect.fail(`it ended with ${code}: ${started.said()}`)),
  ])
  return started
}

const urlIn = (text: string) => /GraphQL +(\S+)/.exec(text)?.[1] ?? ''
const tokenIn = (text: string, role: string) =>
  new RegExp(`^ +${role} +(pb_\\w+)$`, 'm').exec(text)?.[1] ?? ''

async function graphql<T>(of: Demo, query: string, role = 'ADMIN'): Promise<T> {
  const response = await fetch(urlIn(of.said()), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenIn(of.said(), role)}` },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as { data: T }
  return data
}

const firstPlayer = (of: Demo) =>
  graphql<{ players: { nodes: { id: string }[] } }>(of, '{ players(last: 1) { nodes { id externalId } } }')

/** The live processes that a process has started, by what they run. */
const childrenOf = (pid: number): { pid: number; command: string }[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map((child) => ({ pid: Number(child), command: commandOf(Number(child)) }))

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

beforeAll(async () => {
  folder = mkdtempSync('/tmp/pitboss-test-')
  enginePort = await freePort()
  demo = await running(start())
})
afterAll(async () => {
  demo.child.kill('SIGTERM')
  await demo.ended
  rmSync(folder, { recursive: true, force: true })
})

test('the block shows the links, a token for each role, and how long it took', () => {
  const text = demo.said()
  expect(text).toMatch(/Pitboss is running\. It took \d+\.\d s to start\./)
  expect(text).toContain(`/graphiql#token=${tokenIn(text, 'ADMIN')}`)
  expect(text).not.toMatch(/\?[^\s]*token=/)
  const roles = ['ADMIN', 'GAME_OPS', 'FRAUD_ANALYST', 'SUPPORT', 'ANALYST', 'AUDITOR', 'SERVICE']
  expect(roles.filter((role) => tokenIn(text, role) === '')).toEqual([])
})

test('the secret and the keys are for the owner only', () => {
  const modes = ['secret', 'keys/demo-spinwell.pem'].map(
    (path) => statSync(join(folder, 'data', path)).mode & 0o777,
  )
  expect(modes).toEqual([0o600, 0o600])
})

const codes = (data: { brands: { code: string }[] }) => data.brands.map(({ code }) => code)

test('the demo is there, each role sees its brands, and the simulator plays', async () => {
  const brands = '{ brands { code } }'
  expect(codes(await graphql(demo, brands))).toEqual(['demo', 'nordic'])
  expect(codes(await graphql(demo, brands, 'SUPPORT'))).toEqual(['demo'])
  const { games } = await graphql<{ games: unknown[] }>(demo, '{ games { code } }')
  expect(games).toHaveLength(26)
  const settled = '{ bets(first: 1, filter: { status: { eq: SETTLED } }) { nodes { id } } }'
  await until(async () => {
    const { bets } = await graphql<{ bets: { nodes: unknown[] } }>(demo, settled)
    return bets.nodes.length > 0
  }, 60_000)
})

test('bets are placed through the simulator’s game engine', async () => {
  const settled = '{ games { code bets(first: 1, filter: { status: { eq: SETTLED } }) { nodes { id } } } }'
  await until(async () => {
    const { games } = await graphql<{ games: { code: string; bets: { nodes: unknown[] } }[] }>(demo, settled)
    const ofEngine = games.filter(({ code }) => code === 'wheel_of_wharf' || code === 'triple_crown')
    return ofEngine.some(({ bets }) => bets.nodes.length > 0)
  }, 60_000)
})

test('a second start on the same folder is refused', async () => {
  const second = start()
  expect(await second.ended).toBe(1)
  expect(second.said()).toMatch(/^Pitboss is running on \S+ already \(process \d+\)\. Stop that one/)
})

test('a command attaches to it', async () => {
  const { code, out } = await pitboss(['token', 'list'], env(0))
  expect(code).toBe(0)
  expect(out).toContain('demo-admin')
})

test('after kill -9 the simulator is gone, and a new start takes over with the same data and tokens', async () => {
  const before = demo
  const player = await firstPlayer(before)
  const pid = before.child.pid ?? 0
  const simulator = childrenOf(pid).find(({ command }) => command.includes(simulatorPath))
  before.child.kill('SIGKILL')
  expect(await before.ended).toBe('SIGKILL')
  await until(() => !commandOf(simulator?.pid ?? 0).includes(simulatorPath), 10_000)
  demo = await running(start())
  expect(tokenIn(demo.said(), 'ADMIN')).toBe(tokenIn(before.said(), 'ADMIN'))
  expect(await firstPlayer(demo)).toEqual(player)
})

test('SIGINT stops everything and ends with 0', async () => {
  const left = childrenOf(demo.child.pid ?? 0)
  expect(left.length).toBeGreaterThanOrEqual(2)
  demo.child.kill('SIGINT')
  expect(await demo.ended).toBe(0)
  expect(left.filter(({ pid, command }) => command !== '' && commandOf(pid) === command)).toEqual([])
})
