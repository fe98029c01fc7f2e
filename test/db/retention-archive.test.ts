import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { retain } from '../../src/db/retention.ts'
import { silentLog } from '../../src/lib/log.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { addOldCall, beginPartitionsAt, inMonths, partitionOf } from '../support/old-months.ts'

let database: TestDatabase
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitboss-archive-'))
  database = await createTestDatabase()
  await beginPartitionsAt(database.sql, -3)
  for (let nth = 0; nth < 300; nth += 1) await addOldCall(database.sql, -3)
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const name = partitionOf('provider_calls', -3)
const file = () => join(folder, 'deep', `${name}.tsv.gz`)
const run = (signal?: AbortSignal) =>
  retain({
    target: database.target,
    policy: { callsMonths: 2, journalMonths: 0, ledgerMonths: 0, archiveDir: join(folder, 'deep') },
    now: inMonths(0),
    log: silentLog,
    ...(signal && { signal }),
  })
const there = async () =>
  (await database.sql`select to_regclass(${name}) is not null as there`)[0]?.['there'] as boolean

test('a partition is written to a file with its digest before it goes, and can be brought back', async () => {
  const { sql } = database
  const before = await sql`select * from provider_calls order by id`
  expect(before).toHaveLength(300)
  expect(await run()).toEqual([{ name, waitsFor: null, archive: file() }])
  expect(await there()).toBe(false)
  expect((await readdir(join(folder, 'deep'))).sort()).toEqual([`${name}.tsv.gz`, `${name}.tsv.gz.sha256`])
  const bytes = await readFile(file())
  const digest = sha256(bytes).toString('hex')
  expect(await readFile(`${file()}.sha256`, 'utf8')).toBe(`${digest}  ${name}.tsv.gz\n`)
  const [noted] = await sql`select archive, archive_digest from retention_drops`
  expect(noted).toEqual({ archive: file(), archive_digest: digest })
  execFileSync('sha256sum', ['--check', '--status', `${name}.tsv.gz.sha256`], { cwd: join(folder, 'deep') })

  await sql`create table brought_back (like provider_calls)`
  const into = await sql`copy brought_back from stdin (format text, header match)`.writable()
  await new Promise((resolve, reject) =>
    into.on('error', reject).on('finish', resolve).end(gunzipSync(bytes)),
  )
  expect(await sql`select * from brought_back order by id`).toEqual(before)
})

test('a run that was cut off after the archive goes on with it', async () => {
  await run()
  const [first] = await database.sql`select archive_digest from retention_drops`
  // As if the process had died just before the drop: the table stands detached, the note is open.
  const text = gunzipSync(await readFile(file()))
  await database.sql.unsafe(`create table ${name} (like provider_calls)`)
  const into = await database.sql.unsafe(`copy ${name} from stdin (format text, header match)`).writable()
  await new Promise((resolve, reject) => into.on('error', reject).on('finish', resolve).end(text))
  await database.sql`update retention_drops set dropped_at = null, archive = null, archive_digest = null`
  expect(await run()).toEqual([{ name, waitsFor: null, archive: file() }])
  expect(await database.sql`select archive_digest from retention_drops`).toEqual([first])
  expect(await there()).toBe(false)
})

test('a file that holds something else is left alone, and so is the month', async () => {
  const { sql } = database
  await run()
  await writeFile(`${file()}.sha256`, `${'0'.repeat(64)}  ${name}.tsv.gz\n`)
  await sql.unsafe(`create table ${name} (like provider_calls)`)
  await sql`update retention_drops set dropped_at = null`
  const [outcome] = await run()
  expect(outcome?.waitsFor).toBe(`you: ${file()} is there already and holds something else: move it away`)
  expect(await there()).toBe(true)
})

test('a month stays when its file cannot be written', async () => {
  await writeFile(join(folder, 'deep'), 'a file where the folder would be')
  await expect(run()).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await there()).toBe(true)
  await rm(join(folder, 'deep'))
  expect(await run()).toEqual([{ name, waitsFor: null, archive: file() }])
})
