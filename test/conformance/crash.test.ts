// Scenario 28 against a server process that is killed in the middle, and started again at the same address.
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kitDialects } from '../../src/conformance/dialects/registry.ts'
import { runKit } from '../../src/conformance/kit.ts'
import type { World } from '../../src/conformance/world.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { generateKeys } from '../support/hub88-client.ts'
import { addPlayer, addSession, createWorld } from '../support/provider-world.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const keys = generateKeys()
let database: TestDatabase
let server: ServerProcess
let account: string
let world: World
/** The one address of whichever process runs. */
const gate = createServer((client) => {
  const behind = connect(Number(new URL(server.url).port), '127.0.0.1')
  const end = () => [client, behind].forEach((socket) => socket.destroy())
  for (const socket of [client, behind]) socket.on('error', end).on('close', end)
  client.pipe(behind).pipe(client)
})

beforeAll(async () => {
  database = await createTestDatabase()
  const { sql } = database
  const made = await createWorld(sql, [keys.publicKey])
  account = made.accountCode
  const { user, token } = await addSession(sql, made, await addPlayer(sql, made))
  world = {
    currency: 'EUR',
    otherCurrency: 'SEK',
    gameCode: 'reel_quest',
    seats: { main: { name: 'main', user, token, liveToken: token } },
    largestMinor: 1n,
    freeWinsTo: 'CASH',
    async crash() {
      process.kill(server.pid, 'SIGKILL')
      await server.stop()
      server = await startServerProcess(database.target)
    },
  }
  server = await startServerProcess(database.target)
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
}, 120_000)

afterAll(async () => {
  await new Promise((resolve) => gate.close(resolve))
  await server.stop()
  await database.drop()
})

test('every bet that was sent around a kill has one effect', async () => {
  const dialect = kitDialects.get('hub88')
  if (!dialect) throw new Error('hub88')
  const [row] = await runKit({
    dialect,
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}/providers/${account}`,
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    world,
    timeoutMs: 5_000,
    only: new Set([28]),
  })
  expect(row?.steps.filter(({ ok }) => !ok)).toEqual([])
  expect(row?.verdict).toBe('PASS')
  const asked = row?.steps.map(({ what }) => what) ?? []
  expect(asked).toContain('a bet that was answered, again')
  expect(asked).toContain('a bet that was not answered, again')
}, 120_000)
