import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { type ConnectionTarget, postgresOptions } from '../../src/db/connection.ts'
import { attachEmbedded, startEmbedded } from '../../src/db/embedded.ts'
import { commandLine, processName } from '../../src/db/embedded/processes.ts'
import { silentLog } from '../../src/lib/log.ts'

const dir = mkdtempSync('/tmp/pitboss-embedded-')
chmodSync(dir, 0o755)
const dataDir = join(dir, 'data')
const settings = { fsync: 'off', shared_buffers: '16MB' }
const options = { dataDir, settings, log: silentLog }
const module = join(import.meta.dirname, '../../src/db/embedded.ts')

afterAll(() => rmSync(dir, { recursive: true }))

async function query(target: ConnectionTarget, statement: string) {
  const client = postgres(postgresOptions(target, { max: 1 }))
  try {
    return [...(await client.unsafe(statement))]
  } finally {
    await client.end({ timeout: 1 })
  }
}

/** The shell that would stop the server once its owner is gone. */
function watchdogOf(serverPid: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.map(Number).find((pid) => {
    const [shell, , , watched] = commandLine(pid)
    return shell === '/bin/sh' && watched === String(serverPid)
  })
  return found ?? expect.fail('nobody watches')
}

/** Another process that starts the server and is then killed without warning, with its watchdog or without. */
async function ownerThatDies({
  watched,
}: {
  watched: boolean
}): Promise<{ serverPid: number; socketDir: string }> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(module)})
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const options = { dataDir: ${JSON.stringify(dataDir)}, settings: ${JSON.stringify(settings)}, log }
    const { pid, target } = await startEmbedded(options)
    process.stdout.write(JSON.stringify({ serverPid: pid, socketDir: target.socketDir }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const text = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  )
  const owner = JSON.parse(text) as { serverPid: number; socketDir: string }
  if (!watched) process.kill(watchdogOf(owner.serverPid), 'SIGKILL')
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  return owner
}

test('a server starts on an empty folder, with checksums and UTC, and stops without a trace', async () => {
  expect(await attachEmbedded(dataDir)).toBeUndefined()
  const embedded = await startEmbedded(options)
  const shown = `select current_setting('data_checksums') as checksums, current_setting('TimeZone') as zone,
    current_setting('listen_addresses') as addresses`
  expect(await query(embedded.target, shown)).toEqual([{ checksums: 'on', zone: 'UTC', addresses: '' }])
  await query(embedded.target, 'create table kept as select 42 as answer')
  await embedded.stop()
  await embedded.exited
  expect(processName(embedded.pid)).toBeUndefined()
  expect(existsSync(join(dataDir, 'owner.json'))).toBe(false)
})

test('a second owner of a live data folder is refused, and can attach', async () => {
  const embedded = await startEmbedded(options)
  const refused = { code: 'EMBEDDED_IN_USE', ownerPid: process.pid, target: embedded.target }
  await expect(startEmbedded(options)).rejects.toMatchObject(refused)
  expect(await attachEmbedded(dataDir)).toEqual(embedded.target)
  await embedded.stop('immediate')
  expect(await attachEmbedded(dataDir)).toBeUndefined()
})

test('the server of a killed owner stops by itself', async () => {
  const { serverPid } = await ownerThatDies({ watched: true })
  await expect.poll(() => processName(serverPid), { timeout: 20_000 }).toBeUndefined()
})

test('the folder of a killed owner is taken over, with its data, and its server is stopped', async () => {
  const dead = await ownerThatDies({ watched: false })
  expect(processName(dead.serverPid)).toBeDefined()
  const takers = await Promise.allSettled([startEmbedded(options), startEmbedded(options)])
  const [embedded, ...others] = takers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(others).toEqual([])
  if (!embedded) throw new Error('nobody took over')
  expect(processName(dead.serverPid)).toBeUndefined()
  expect(existsSync(dead.socketDir)).toBe(false)
  expect(await query(embedded.target, 'select answer from kept')).toEqual([{ answer: 42 }])
  await embedded.stop()
})
