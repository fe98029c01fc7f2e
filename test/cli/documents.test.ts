import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { asSystemOn } from '../../src/cli/command-context.ts'
import { readManifest } from '../../src/cli/read-manifest.ts'
import { documentHash, loadDocuments } from '../../src/domain/operators/load-documents.ts'
import { pitboss } from '../support/command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { urlOf } from '../support/server-process.ts'

// A process for every command: slow where many tests share few cores.
vi.setConfig({ testTimeout: 180_000 })

let database: TestDatabase
let folder: string
const run = (...args: string[]) => pitboss(['documents', ...args], { DATABASE_URL: urlOf(database.target) })

function manifest(content: unknown): string {
  const path = join(folder, 'persisted-documents.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync('/tmp/pitboss-test-')
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

const whoAmI = 'query WhoAmI { viewer { role } }'
const both = 'query One { viewer { name } } query Two { viewer { name } }'
const [whoAmIHash, bothHash] = [documentHash(whoAmI), documentHash(both)]

test("a manifest of graphql-codegen's client preset or of Apollo is loaded, listed, and removed", async () => {
  const ofPreset = manifest({ [whoAmIHash]: whoAmI })
  expect(await run('load', ofPreset)).toEqual({ code: 0, out: '1 added, 0 known already\n', err: '' })
  const ofApollo = manifest({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: whoAmIHash, name: 'WhoAmI', type: 'query', body: whoAmI },
      { id: `sha256:${bothHash}`, name: 'One', type: 'query', body: both },
    ],
  })
  expect(await run('load', ofApollo)).toEqual({ code: 0, out: '1 added, 1 known already\n', err: '' })
  const today = new Date().toISOString().slice(0, 10)
  const listed = await run('list')
  expect(listed.out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['DOCUMENT', 'NAME', 'SINCE'],
    [`sha256:${bothHash}`, 'One, Two', today],
    [`sha256:${whoAmIHash}`, 'WhoAmI', today],
    [''],
  ])
  expect(await run('load', '--replace', manifest({ [whoAmIHash]: whoAmI }))).toMatchObject({
    out: '0 added, 1 known already, 1 removed\n',
  })
  expect(await run('remove', `sha256:${whoAmIHash}`)).toEqual({ code: 0, out: 'removed 1\n', err: '' })
  expect(await run('remove', whoAmIHash)).toMatchObject({
    code: 1,
    err: `error: there is no document sha256:${whoAmIHash}\n`,
  })
})

const wrong = '{ nothing }'
const deep = '{ viewer { a: name b: name'

test.for<[string, unknown, string]>([
  ['is no JSON', '{', 'is no JSON'],
  ['has no documents', {}, 'has no documents'],
  ['is a list', [1], 'is no JSON object of hashes and texts'],
  [
    'has another hash',
    { abc: whoAmI },
    'abc: is not the SHA-256 of its text; the client preset makes that with',
  ],
  [
    'asks for what is not there',
    { [documentHash(wrong)]: wrong, [whoAmIHash]: whoAmI },
    `${documentHash(wrong)}: Cannot query field "nothing" on type "Query".`,
  ],
  ['is no document', { [documentHash(deep)]: deep }, 'Syntax Error: Expected Name, found <EOF>.'],
])('of a manifest that %s nothing is loaded', async ([, content, message]) => {
  const load = async () => {
    const documents = readManifest(manifest(content))
    await asSystemOn(database.target, (ctx) => loadDocuments(ctx, documents, { replace: false }))
  }
  await expect(load()).rejects.toThrow(message)
  expect(await database.sql`select hash from trusted_documents`).toEqual([])
})

test('what is wrong with a manifest is told line by line, and nothing is loaded', async () => {
  const path = manifest({ [documentHash(wrong)]: wrong, [whoAmIHash]: whoAmI })
  const mistake = `${documentHash(wrong)}: Cannot query field "nothing" on type "Query".`
  expect(await run('load', path)).toEqual({
    code: 1,
    out: '',
    err: `error: ${path}: no document was loaded\n  ${mistake}\n`,
  })
  expect(await database.sql`select hash from trusted_documents`).toEqual([])
})
