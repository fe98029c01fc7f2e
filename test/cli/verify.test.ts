import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openDatabase } from '../../src/db/connection.ts'
import { sealRows } from '../../src/domain/journal/seals/seal-rows.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { pitboss } from '../support/command.ts'
import { urlOf } from '../support/server-process.ts'
import { openTrueBooks, type TrueBooks } from '../support/true-books.ts'

// A process for every command: slow where many tests share few cores.
vi.setConfig({ testTimeout: 180_000 })

let books: TrueBooks
let folder: string
const run = (...args: string[]) => pitboss(args, { DATABASE_URL: urlOf(books.scene.app.database.target) })

beforeAll(async () => {
  books = await openTrueBooks()
  folder = mkdtempSync('/tmp/pitboss-test-')
})
afterAll(async () => {
  await books.close()
  rmSync(folder, { recursive: true })
})

/** The lines of the table without what differs from run to run: id, rows and verdict. */
const lines = (out: string) =>
  out
    .split('\n')
    .slice(1)
    .flatMap(
      (line) => /^(\w+) .* (\d+) +\d+ +(HOLDS|BROKEN|UNCHECKED)$/.exec(line)?.slice(1, 4).join(' ') ?? [],
    )

test('verify says what holds, and exits with 0', async () => {
  const json = join(folder, 'verified.json')
  const { code, out } = await run('verify', '--json', json)
  expect(code).toBe(0)
  const verdicts = lines(out)
  expect(verdicts.length).toBeGreaterThan(40)
  expect(verdicts.every((line) => line.endsWith(' HOLDS'))).toBe(true)
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: { id: string; verdict: string }[] }
  expect(results.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
    verdicts.map((line) => line.replace(/ \d+ /, ' ')),
  )
})

test('verify names what is broken, and exits with 1', async () => {
  const [wallet] = await books.sql<{ id: string }[]>`
    update wallets set cash_minor = cash_minor + 7 where id = (select id from wallets limit 1) returning id`
  const { code, out } = await run('verify', '--only', 'I3, I15')
  await books.sql`update wallets set cash_minor = cash_minor - 7 where id = ${wallet?.id ?? ''}`
  expect(code).toBe(1)
  expect(lines(out)).toEqual(['I3 2 BROKEN', expect.stringMatching(/^I15 \d+ HOLDS$/)])
  expect(out).toContain(`I3: 1 broken\n  wallet ${wallet?.id} of player `)
})

test('verify exits with 2 when it cannot be done', async () => {
  expect(await run('verify', '--only', 'I3,I99')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^error: --only has I99, which is not one of I1, I2, I3/) as string,
  })
  const lost = await run('verify', '--only', 'I18', '--seals', join(folder, 'nowhere'))
  expect(lost).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^error: --seals .*nowhere: there is no/),
  })
  const unwritten = await run('verify', '--only', 'i3', '--json', join(folder, 'nowhere', 'x.json'))
  expect(unwritten).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^error: --json .*: there is no such/),
  })
})

test('seal export writes what verify compares with', async () => {
  const seals = join(folder, 'seals')
  const { target } = books.scene.app.database
  const options = { target, poolMax: 1, statementTimeoutMs: 10_000, applicationName: 'pitboss test' }
  const database = openDatabase(options)
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  const made = await sealRows(
    { ...database, clock: systemClock },
    { key, settled: { journalMs: 0, auditMs: -1000 } },
  )
  await database.close()
  expect(await run('seal', 'export', '--to', seals)).toMatchObject({
    code: 0,
    out: `exported ${made} seals\n`,
  })
  expect(await run('seal', 'export', '--to', seals)).toMatchObject({ code: 0, out: 'exported 0 seals\n' })
  expect(existsSync(join(seals, 'audit.jsonl'))).toBe(true)
  expect(await run('verify', '--only', 'I18', '--seals', seals)).toMatchObject({ code: 0 })
  const pem = (name: string, one: typeof publicKey) => {
    writeFileSync(join(folder, name), one.export({ type: 'spki', format: 'pem' }))
    return join(folder, name)
  }
  const [own, other] = [pem('own', publicKey), pem('other', generateKeyPairSync('ed25519').publicKey)]
  const signed = ['verify', '--only', 'I18', '--public-key']
  expect(await run(...signed, other, own)).toMatchObject({ code: 0 })
  const strange = await run(...signed, other)
  expect(strange.code).toBe(1)
  expect(strange.out).toContain(`it is signed with another key: ${hexOf(publicKey)}\n`)
  expect(await run(...signed, join(folder, 'verified.json'))).toMatchObject({
    code: 2,
    err: `error: --public-key ${join(folder, 'verified.json')}: this is not an Ed25519 key in PEM\n`,
  })
  await books.sql`delete from seals where chain = 'audit'`
  const { code, out } = await run('verify', '--only', 'I18', '--seals', seals)
  expect(code).toBe(1)
  expect(out).toMatch(
    /I18: 1 broken\n {2}audit seal 1, .*: it was exported, and the database ends before it\n/,
  )
})

const hexOf = (key: KeyObject) =>
  Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex')
