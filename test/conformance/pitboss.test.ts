// The kit against Pitboss itself, in every dialect: a whole server, the world arranged through its GraphQL.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asSystemOn } from '../../src/cli/command-context.ts'
import { dialectKnowledge } from '../../src/cli/dialect-knowledge.ts'
import { arrangeWorld } from '../../src/conformance/arrange.ts'
import { kitDialects } from '../../src/conformance/dialects/registry.ts'
import { runKit } from '../../src/conformance/kit.ts'
import type { Row } from '../../src/conformance/row.ts'
import { importGames } from '../../src/domain/games/import-games.ts'
import { addAccount } from '../../src/domain/providers/add-account.ts'
import { startTestApp, type TestApp, testSecret } from '../support/app.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const secret = 'a-secret-shared-with-the-provider'
const keys = { hub88: privateKey, caleta: privateKey, swipe: secret, evolution: secret }
const accountDialects = { hub88: 'hub88', caleta: 'hub88', swipe: 'swipe', evolution: 'evolution' } as const

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
  await asSystemOn(app.database.target, async (ctx) => {
    for (const dialect of ['hub88', 'swipe', 'evolution']) {
      const provider = { code: `p-${dialect}`, name: 'Acme' }
      const proof = dialect === 'hub88' ? { publicKeys: [publicKey] } : { sharedSecrets: [secret] }
      const account = { brandCode: 'demo', provider, code: `a-${dialect}`, dialect, ...proof }
      await addAccount(ctx, account, dialectKnowledge, testSecret)
      const game = { provider: provider.code, category: 'SLOT', rtp: '0.96', deviation: '', status: '' }
      await importGames(ctx, [{ ...game, line: 1, code: 'book', name: 'Book' }])
    }
  })
})

afterAll(() => app.close())

async function tryPitboss(name: keyof typeof keys): Promise<readonly Row[]> {
  const dialect = kitDialects.get(name)
  if (!dialect) throw new Error(name)
  const accountCode = `a-${accountDialects[name]}`
  const world = await arrangeWorld({
    url: `${app.url}/graphql`,
    token: app.tokens.SERVICE,
    accountCode,
    run: name,
    timeoutMs: 10_000,
  })
  const url = `${app.url}/providers/${accountCode}`
  return runKit({ dialect, url, key: keys[name], world, timeoutMs: 10_000 })
}

/** A server that cannot set limits is arranged without: row 30 is then skipped. */
async function knowsLimits(): Promise<boolean> {
  const { data } = await app.graphql<{ mutations: { fields: { name: string }[] } }>(
    '{ mutations: __type(name: "Mutation") { fields { name } } }',
  )
  return data.mutations.fields.some(({ name }) => name === 'setLimit')
}

/** Its debits are known by their refId alone: that a credit carries a debit's own id is not seen. */
const differs: Partial<Record<keyof typeof keys, readonly string[]>> = {
  evolution: ["32 win under the bet's id: INVALID_PARAMETER, OK"],
}

describe('Pitboss passes every row', () => {
  test.each([
    ['hub88', [29]],
    ['caleta', [29]],
    ['swipe', [15, 29]],
    ['evolution', [29]],
  ] as const)('%s', async (name, notApplicable) => {
    const rows = await tryPitboss(name)
    const wrong = rows.flatMap(({ number, steps }) =>
      steps.filter(({ ok }) => !ok).map((step) => `${number} ${step.what}: ${step.expected}, ${step.came}`),
    )
    expect(wrong).toEqual(differs[name] ?? [])
    const of = (verdict: Row['verdict']) =>
      rows.filter((row) => row.verdict === verdict).map(({ number }) => number)
    const skipped = (await knowsLimits()) ? [28] : [28, 30]
    expect({ skipped: of('SKIP'), notApplicable: of('N/A') }).toEqual({ skipped, notApplicable })
    expect(of('PASS')).toHaveLength(36 - skipped.length - notApplicable.length - wrong.length)
  })
})
