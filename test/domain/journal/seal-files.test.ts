// The files that seals are exported to: only ever appended to, whatever was cut off there and however many write.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../src/db/connection.ts'
import { appRole } from '../../../src/db/grants.ts'
import { runInvariants } from '../../../src/domain/invariants/run-invariants.ts'
import { exportSeals } from '../../../src/domain/journal/seals/export-seals.ts'
import { sealRows } from '../../../src/domain/journal/seals/seal-rows.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { openTrueBooks, type TrueBooks } from '../../support/true-books.ts'

const { privateKey: key } = generateKeyPairSync('ed25519')

let books: TrueBooks
let server: Database
let folder: string
let file: string
/** What the file of a busy lane held after the first export, and after the second. */
let first: string
let second: string

const seal = () =>
  sealRows(
    { sql: server.sql, db: server.db, clock: systemClock },
    { key, settled: { journalMs: 0, auditMs: -1000 } },
  )

/** What is wrong with the seals, a line each. */
async function verify(): Promise<string[]> {
  const [result] = await runInvariants({ sql: books.sql }, { only: ['I18'], sealsDir: folder })
  return result?.verdict === 'HOLDS' ? [] : [...(result?.first ?? [])]
}

beforeAll(async () => {
  books = await openTrueBooks()
  server = openDatabase({
    target: books.scene.app.database.target,
    role: appRole,
    poolMax: 2,
    statementTimeoutMs: 10_000,
    applicationName: 'pitboss test',
  })
  await seal()
  folder = mkdtempSync('/tmp/pitboss-test-')
  const [busy] = await books.sql<{ lane: number }[]>`
    select lane from ledger_entries where account = 'STAKES' order by recorded_at limit 1`
  file = join(folder, `lane-${String(busy?.lane).padStart(2, '0')}.jsonl`)
  await exportSeals(server, folder)
  first = readFileSync(file, 'utf8')
})
afterAll(async () => {
  await server.close()
  await books.close()
  rmSync(folder, { recursive: true })
})

test('an export appends what is new, and leaves what is there', async () => {
  expect(await exportSeals(server, folder)).toBe(0)
  await books.playMore()
  await seal()
  expect(await exportSeals(server, folder)).toBeGreaterThan(0)
  second = readFileSync(file, 'utf8')
  expect(second.startsWith(first) && second.length > first.length).toBe(true)
})

test('what a crash cut off stands there whole behind it', async () => {
  const cut = second.slice(0, first.length + 40)
  writeFileSync(file, cut)
  expect(await exportSeals(server, folder)).toBe(1)
  expect(readFileSync(file, 'utf8')).toBe(`${cut}\n${second.slice(first.length)}`)
  expect(await exportSeals(server, folder)).toBe(0)
})

test('however many come upon the end of a file at once, its seals hold', async () => {
  const cut = second.slice(0, first.length + 40)
  for (const end of [first, cut, `${cut}\n`, second.slice(0, -1)]) {
    writeFileSync(file, end)
    await Promise.all([1, 2, 3].map(() => exportSeals(server, folder)))
    expect(await verify()).toEqual([])
    expect(readFileSync(file, 'utf8')).toMatch(/\}\n$/)
  }
})

test('a line in the middle is taken for cut off only where the next one begins with it', async () => {
  writeFileSync(file, second.replace('\n', '\n{"chain":\n'))
  expect(await verify()).toEqual([])
  writeFileSync(file, second.replace('\n', '\n{"number":\n'))
  expect(await verify()).toEqual(['an exported file has a line in its middle that is no seal'])
})

test('an end that no export left is kept as it is', async () => {
  writeFileSync(file, `${first}{"number":`)
  await expect(exportSeals(server, folder)).rejects.toMatchObject({ code: 'SEAL_FILE' })
  expect(readFileSync(file, 'utf8')).toBe(`${first}{"number":`)
})
