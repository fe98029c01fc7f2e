// What happens at the same moment, fifty times over: the conformance kit's races and its calls that cross, told to two
// server processes on one database, each connection to the next of them.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asSystemOn } from '../../src/cli/command-context.ts'
import { dialectKnowledge } from '../../src/cli/dialect-knowledge.ts'
import { arrangeWorld } from '../../src/conformance/arrange.ts'
import { kitDialects } from '../../src/conformance/dialects/registry.ts'
import { runKit } from '../../src/conformance/kit.ts'
import { importGames } from '../../src/domain/games/import-games.ts'
import { addAccount } from '../../src/domain/providers/add-account.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { moneyViolations } from '../support/money-checks.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { openSplitter } from '../support/splitter.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const shared = 'a-secret-shared-with-the-provider'
const serverSecret = 'a secret of both servers, long enough for them'

/** The scenarios 23 to 27 and 33 to 36 of the kit. */
const only = new Set([23, 24, 25, 26, 27, 33, 34, 35, 36])

let app: TestApp
let servers: readonly ServerProcess[]
let splitter: Awaited<ReturnType<typeof openSplitter>>

beforeAll(async () => {
  app = await startTestApp()
  await asSystemOn(app.database.target, async (ctx) => {
    for (const dialect of ['hub88', 'swipe', 'evolution']) {
      const provider = { code: `p-${dialect}`, name: 'Acme' }
      const proof = dialect === 'hub88' ? { publicKeys: [publicKey] } : { sharedSecrets: [shared] }
      const account = { brandCode: 'demo', provider, code: `a-${dialect}`, dialect, ...proof }
      await addAccount(ctx, account, dialectKnowledge, Buffer.from(serverSecret))
      const game = { provider: provider.code, category: 'SLOT', rtp: '0.96', deviation: '', status: '' }
      await importGames(ctx, [{ ...game, line: 1, code: 'book', name: 'Book' }])
    }
  })
  const start = () => startServerProcess(app.database.target, { PITBOSS_SECRET: serverSecret })
  servers = await Promise.all([start(), start()])
  splitter = await openSplitter(servers.map(({ url }) => url))
})

afterAll(async () => {
  await splitter.close()
  for (const server of servers) expect(await server.stop()).toBe(0)
  await app.close()
})

test.each([
  ['hub88', 'hub88', privateKey],
  ['caleta', 'hub88', privateKey],
  ['swipe', 'swipe', shared],
  ['evolution', 'evolution', shared],
] as const)('%s: races end right over two processes', async (name, accountDialect, key) => {
  const accountCode = `a-${accountDialect}`
  const graphql = `${servers[0]?.url ?? ''}/graphql`
  const arranged = { url: graphql, token: app.tokens.SERVICE, accountCode, run: name, timeoutMs: 20_000 }
  const dialect = kitDialects.get(name) ?? expect.fail(name)
  const url = `${splitter.url}/providers/${accountCode}`
  const world = await arrangeWorld(arranged)
  const rows = await runKit({ dialect, url, key, world, only, timeoutMs: 20_000 })
  const wrong = rows.flatMap(({ number, steps }) =>
    steps.filter(({ ok }) => !ok).map((step) => `${number} ${step.what}: ${step.expected}, ${step.came}`),
  )
  expect(wrong).toEqual([])
  expect(rows.map(({ number, verdict }) => `${number} ${verdict}`)).toEqual(
    [...only].map((number) => `${number} PASS`),
  )
  expect(await moneyViolations(app.database.sql)).toEqual([])
  expect(Math.min(...splitter.taken)).toBeGreaterThan(50)
})
