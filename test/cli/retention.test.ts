import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { pitboss } from '../support/command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { addOldCall, addOldEvent, beginPartitionsAt, inMonths, partitionOf } from '../support/old-months.ts'
import { urlOf } from '../support/server-process.ts'

// A process for every command: slow where many tests share few cores.
vi.setConfig({ testTimeout: 180_000 })

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'pitboss-test-'))
  await beginPartitionsAt(database.sql, -4)
  await addOldCall(database.sql, -4)
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

const run = (environment: object, ...args: string[]) =>
  pitboss(['retention', ...args], { DATABASE_URL: urlOf(database.target), ...environment })
const monthOf = (months: number) => inMonths(months).toISOString().slice(0, 7)
const last = partitionOf('provider_calls', -4)

test('it shows what there is, and drops nothing unless it is told after how many months', async () => {
  const { code, out, err } = await run({})
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const [headings, ...lines] = out.trimEnd().split('\n')
  expect(headings).toMatch(/^table +kept +partitions +months +rows about +size +due$/)
  const span = `${monthOf(-4)} to ${monthOf(3)}`
  expect(lines.slice(0, 3).map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
    ['provider_calls', 'for ever', '8', span],
    ['journal', 'for ever', '8', span],
    ['ledger_entries', 'for ever', '8', span],
  ])
  expect(lines.slice(3, 5).map((line) => line.split(/ {2,}/))).toEqual([
    ['call_minutes', 'for ever', '0'],
    ['call_hours', 'for ever', '0'],
  ])
  expect(lines.slice(5)).toEqual(['nothing to do'])
})

test('a dry run says what would go, and a run archives and drops it', async () => {
  const set = { RETENTION_CALLS_MONTHS: '3', RETENTION_ARCHIVE_DIR: folder }
  const dry = await run(set, '--dry-run')
  expect(dry.out).toMatch(new RegExp(`would drop ${last}: about [0-9] rows, [0-9.]+ MiB\n$`))
  expect(readdirSync(folder)).toEqual([])
  const { code, out } = await run(set)
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n').at(-1)).toBe(
    `dropped ${last}, archived in ${join(folder, `${last}.tsv.gz`)}`,
  )
  expect(readdirSync(folder).sort()).toEqual([`${last}.tsv.gz`, `${last}.tsv.gz.sha256`])
})

test('it fails and says why when a month has to stay', async () => {
  await addOldEvent(database.sql, { lane: 3, months: -4 })
  await database.sql`
    insert into seals (chain, number, after_key, last_key, rows, legs, first_at, last_at, digest, prev_digest,
      seal_digest, public_key, signature, sealed_at)
    values ('lane-03', 1, '0', '1', 1, 0, now(), now(), '', '', '', '', '', now())`
  const { code, err } = await run({ RETENTION_JOURNAL_MONTHS: '3' })
  expect(code).toBe(1)
  expect(err).toBe(
    `error: some months stay for now:\n  ${partitionOf('journal', -4)} waits for the seal of lane 3\n`,
  )
})

test('settings that make no sense are refused before anything is done', async () => {
  const { code, err } = await run({ RETENTION_LEDGER_MONTHS: '6' })
  expect(code).toBe(1)
  expect(err).toContain('RETENTION_LEDGER_MONTHS is 6, less than RETENTION_JOURNAL_MONTHS, which is for ever')
})
