// The script in typed-client, as a user runs it: its types are made and checked by `npm run generate` and `types`.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemContext } from '../../src/app.ts'
import { readManifest } from '../../src/cli/read-manifest.ts'
import { loadDocuments } from '../../src/domain/operators/load-documents.ts'
import type { Role } from '../../src/domain/operators/permissions.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { Factory } from '../support/factory.ts'

const folder = join(import.meta.dirname, 'typed-client')

let pitboss: TestApp
let lines: string

beforeAll(async () => {
  pitboss = await startTestApp({ config: { trustedOnlyRoles: new Set<Role>(['ANALYST']) } })
  const factory = new Factory(pitboss.database.sql)
  const seat = factory.seat({ id: pitboss.brandId, code: 'demo' }, { externalId: 'ada' })
  for (const [hour, outcome] of (['WON', 'OPEN', 'LOST', 'WON', 'ROLLED_BACK', 'LOST'] as const).entries()) {
    factory.bet(seat, { outcome, placedAt: new Date(Date.UTC(2026, 2, 1, hour)), keys: `${hour}` })
  }
  await factory.save()
  lines =
    'tx-0 ada WON 1.00 2.50 EUR\ntx-2 ada LOST 1.00 0.00 EUR\ntx-3 ada WON 1.00 2.50 EUR\ntx-5 ada LOST 1.00 0.00 EUR\n'
})
afterAll(() => pitboss?.close())

async function run(role: Role, ...args: string[]): Promise<string> {
  const env = { PITBOSS_URL: `${pitboss.url}/graphql`, PITBOSS_TOKEN: pitboss.tokens[role] }
  const script = join(folder, 'list-bets.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { env })
  return stdout
}

test('the script prints every settled bet, page after page', async () => {
  expect(await run('SERVICE')).toBe(lines)
})

test('by hash it may, once its documents are loaded, what its role may not do with a text', async () => {
  await expect(run('ANALYST', '--by-hash')).rejects.toThrow('there is no document')
  const documents = readManifest(join(folder, 'gql/persisted-documents.json'))
  const context = systemContext(pitboss.app.services)
  expect(await loadDocuments(context, documents)).toEqual({ added: 1, known: 0, removed: 0 })
  expect(await run('ANALYST', '--by-hash')).toBe(lines)
  await expect(run('ANALYST')).rejects.toThrow('the role ANALYST runs registered documents only')
})

test('an answer has the fields that are asked for, and no others', () => {
  const types = readFileSync(join(folder, 'gql/graphql.ts'), 'utf8')
  expect(types).toContain('transactionKey: string')
  expect(types).not.toContain('providerAccount: ')
})
