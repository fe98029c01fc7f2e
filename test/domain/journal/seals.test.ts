import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase, type Sql } from '../../../src/db/connection.ts'
import { appRole } from '../../../src/db/grants.ts'
import { runInvariants } from '../../../src/domain/invariants/run-invariants.ts'
import { exportSeals } from '../../../src/domain/journal/seals/export-seals.ts'
import { sealRows } from '../../../src/domain/journal/seals/seal-rows.ts'
import { sealChains } from '../../../src/domain/journal/seals/windows.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { startTestApp } from '../../support/app.ts'
import { openTrueBooks, type TrueBooks } from '../../support/true-books.ts'
import { until } from '../../support/until.ts'

const { privateKey: key } = generateKeyPairSync('ed25519')
const settled = { journalMs: 0, auditMs: -1000 }

let books: TrueBooks
let server: Database
let dir: string

const open = (role?: string) =>
  openDatabase({
    target: books.scene.app.database.target,
    ...(role && { role }),
    poolMax: 2,
    statementTimeoutMs: 10_000,
    applicationName: 'pitboss test',
  })
const ctx = (database = server) => ({ sql: database.sql, db: database.db, clock: systemClock })
const seal = (database = server) => sealRows(ctx(database), { key, settled })

/** What is wrong with the seals, a line each. */
async function verify(sql: Pick<Sql, 'unsafe'>, sealsDir?: string): Promise<string[]> {
  const [result] = await runInvariants({ sql }, { only: ['I18'], sealsDir })
  return result?.verdict === 'HOLDS' ? [] : [...(result?.first ?? [])]
}

/** A lane that bets went through. */
const busy = `(select lane from ledger_entries where account = 'STAKES' order by recorded_at limit 1)`
const chain = `(select 'lane-' || lpad(lane::text, 2, '0') from (select ${busy} as lane) l)`

beforeAll(async () => {
  books = await openTrueBooks()
  server = open(appRole)
  await seal()
  await books.playMore()
  await seal()
  await books.playMore()
  await seal()
  dir = mkdtempSync('/tmp/pitboss-test-')
  await exportSeals(server, dir)
})
afterAll(async () => {
  await server.close()
  await books.close()
  rmSync(dir, { recursive: true })
})

/** What the first lanes hash to, each as one window. */
async function digests(sql: Sql): Promise<(string | undefined)[]> {
  const places = [{ afterKey: '0', lastKey: String(2n ** 62n) }]
  const lanes = await Promise.all(sealChains.slice(0, 8).map((one) => one.rehash({ sql }, places)))
  return lanes.map(([window]) => window?.digest.toString('hex'))
}

describe('sealing', () => {
  test('covers every row once, in chains of numbered seals, and then has nothing to do', async () => {
    const [counts] = await books.sql`
      select (select sum(rows) from seals where chain <> 'audit')::int = (select count(*) from journal) as journal,
        (select sum(legs) from seals)::int = (select count(*) from ledger_entries) as ledger,
        (select sum(rows) from seals where chain = 'audit')::int = (select count(*) from audit_entries) as audit,
        (select max(number)::int from seals) as newest`
    expect(counts).toEqual({ journal: true, ledger: true, audit: true, newest: 3 })
    expect(await seal()).toBe(0)
    expect(await verify(books.sql, dir)).toEqual([])
  })

  test('waits for what is not settled, and ends when it is told to', async () => {
    await books.playMore()
    expect(await sealRows(ctx(), { key, settled: { journalMs: 3_600_000, auditMs: 3_600_000 } })).toBe(0)
    expect(await sealRows(ctx(), { key, settled, signal: AbortSignal.abort() })).toBe(0)
    expect(await verify(books.sql, dir)).toEqual([])
  })

  test('by several processes at once makes one chain', async () => {
    const others = [open(appRole), open(appRole), open(appRole)]
    await Promise.all(others.map((one) => seal(one)))
    await Promise.all(others.map((one) => one.close()))
    expect(await seal()).toBe(0)
    expect(await verify(books.sql)).toEqual([])
  })

  test('cannot be undone by the role that seals', async () => {
    for (const text of ['update seals set rows = 0', 'delete from seals', 'truncate seals']) {
      await expect(server.sql.unsafe(text)).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('gives the same digests whatever the settings of a session', async () => {
    const strange = await undone(async (sql) => {
      await sql.unsafe(`set local datestyle = 'SQL, DMY'; set local timezone = 'Asia/Tokyo';
        set local extra_float_digits = 0; set local intervalstyle = 'sql_standard';
        set local enable_sort = off; set local enable_indexscan = off`)
      return digests(sql)
    })
    expect(new Set(strange).size).toBeGreaterThan(1)
    expect(strange).toEqual(await digests(books.sql))
  })

  test('of rows that retention dropped is not asked for them', async () => {
    const drop = (table: string) => `delete from ${table} where lane = ${busy} and seq <= ${firstEnd}`
    const note = `insert into retention_drops values ('journal_2020_01', 'journal', ${firstEnd} + 1, now())`
    expect(await tampered([note, drop('journal'), drop('ledger_entries')])).toEqual([])
  })
})

/** Runs in a transaction that is taken back. */
async function undone<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
  const undo = new Error('undo')
  let result: { value: T } | undefined
  const working = books.sql.begin(async (sql) => {
    result = { value: await work(sql as unknown as Sql) }
    throw undo
  })
  await expect(working).rejects.toBe(undo)
  return result?.value ?? expect.fail('nothing was done')
}

/** What is found after a superuser did this, without the exported files unless they are named. */
const tampered = (statements: readonly string[], sealsDir?: string) =>
  undone(async (sql) => {
    for (const statement of statements) expect((await sql.unsafe(statement)).count).toBeGreaterThan(0)
    return verify(sql, sealsDir)
  })

/** The place in the middle of the second window. */
const inSecond = (column: string, offset = 8) => `(
  select j.${column} from journal j join seals s on s.chain = ${chain} and s.number = 2
  where j.lane = ${busy} and j.seq > s.after_key::bigint and j.seq <= s.last_key::bigint order by j.seq
  offset ${offset} limit 1)`
const legOfSecond = `(lane, seq, leg) = (
  select l.lane, l.seq, l.leg from ledger_entries l join seals s on s.chain = ${chain} and s.number = 2
  where l.lane = ${busy} and l.seq > s.after_key::bigint and l.seq <= s.last_key::bigint order by l.seq, l.leg limit 1)`
const newest = `(select max(number) from seals where chain = ${chain})`
const highFloor = `insert into lane_floors select lane, seq, id, recorded_at from journal where lane = ${busy}
  order by seq desc limit 1`
const firstEnd = `(select last_key::bigint from seals where chain = ${chain} and number = 1)`
const windowOf = (number: string) => `lane = ${busy} and seq > (
  select after_key::bigint from seals where chain = ${chain} and number = ${number})`

describe('verify names the window', () => {
  const copied = `select (jsonb_populate_record(l, jsonb_build_object('leg', 99))).* from ledger_entries l`
  test.each([
    [
      'whose leg was changed, below a floor that was moved up',
      [highFloor, `update ledger_entries set amount_minor = amount_minor + 1 where ${legOfSecond}`],
      / seal 2, after \d+ up to \d+, 20\S+Z to 20\S+Z: a row was changed, or rows changed places$/,
    ],
    [
      "whose event's facts were changed",
      [
        `update journal set facts = facts || '{"late": true}' where lane = ${busy} and seq = ${inSecond('seq')}`,
      ],
      / seal 2, .*: a row was changed/,
    ],
    [
      'in which two events changed places',
      [
        `with two as (select array_agg(j) as j from (select id, trace, facts, type from journal where lane = ${busy}
            and seq in (${inSecond('seq', 3)}, ${inSecond('seq', 9)}) order by seq) j)
          update journal t set type = case t.seq when ${inSecond('seq', 3)} then (select type from journal
            where lane = ${busy} and seq = ${inSecond('seq', 9)}) else (select type from journal
            where lane = ${busy} and seq = ${inSecond('seq', 3)}) end,
            id = case t.seq when ${inSecond('seq', 3)} then ${inSecond('id', 9)} else ${inSecond('id', 3)} end
          from two where t.lane = ${busy} and t.seq in (${inSecond('seq', 3)}, ${inSecond('seq', 9)})`,
      ],
      / seal 2, .*: a row was changed, or rows changed places$/,
    ],
    [
      'from which an event was deleted',
      [`delete from journal where lane = ${busy} and seq = ${inSecond('seq')}`],
      / seal 2, .*: 1 of \d+ journal rows are missing$/,
    ],
    [
      'from which a leg was deleted',
      [`delete from ledger_entries where ${legOfSecond}`],
      / seal 2, .*: 1 of \d+ ledger entries are missing$/,
    ],
    [
      'into which a leg was put',
      [`insert into ledger_entries ${copied} where ${legOfSecond}`],
      / seal 2, .*: 1 ledger entries were added$/,
    ],
    [
      'that was cut off the end of a lane',
      [
        `delete from ledger_entries where ${windowOf(newest)}`,
        `delete from journal where ${windowOf(newest)}`,
      ],
      / seal \d+, .*: (\d+) of \1 journal rows are missing, (\d+) of \2 ledger entries are missing$/,
    ],
    [
      'of audit entries from which one was deleted',
      [`delete from audit_entries where id = (select id from audit_entries order by id limit 1)`],
      /^audit seal 1, .*: 1 of 2 audit entries are missing$/,
    ],
    [
      'behind which a seal is missing',
      [`delete from seals where chain = ${chain} and number = 2`],
      / seal 3, .*: seals before it are missing$/,
    ],
    [
      'whose seal was made to fit other rows',
      [`update seals set digest = sha256('') where chain = ${chain} and number = 2`],
      / seal 2, .*: the seal was changed$/,
    ],
    [
      'whose signature is of something else',
      [
        `update seals set signature = (select signature from seals where chain = ${chain} and number = 1)
          where chain = ${chain} and number = 2`,
      ],
      / seal 2, .*: its signature is wrong$/,
    ],
  ])('%s', async (_title, statements, line) => {
    expect(await tampered(statements)).toEqual([expect.stringMatching(line)])
  })

  test('that was cut off together with its seal, when the seal was exported', async () => {
    const end = [
      `delete from ledger_entries where ${windowOf('3')}`,
      `delete from journal where ${windowOf('3')}`,
      `delete from seals where chain = ${chain} and number >= 3`,
    ]
    expect(await tampered(end)).toEqual([])
    expect(await tampered(end, dir)).toEqual([
      expect.stringMatching(/ seal 3, .*: it was exported, and the database ends before it$/),
    ])
  })
})

describe('export', () => {
  test('and sealing are what a running server does by itself', async () => {
    const sealsDir = mkdtempSync('/tmp/pitboss-test-')
    const app = await startTestApp({ config: { sealKey: key, sealEveryMs: 20, sealsDir } })
    try {
      await app.graphql(`mutation { registerPlayer(input: { idempotencyKey: "1", brandCode: "demo",
        externalId: "p1", country: "EE", currency: "EUR" }) { userErrors { code } } }`)
      await until(async () => (await app.database.sql`select 1 from seals`).length > 0)
      await until(async () => (await exportSeals(app.app.services, sealsDir)) === 0)
      expect(await verify(app.database.sql, sealsDir)).toEqual([])
    } finally {
      await app.close()
      rmSync(sealsDir, { recursive: true })
    }
  })
})

test('rows that were rewritten and sealed anew, with another key, contradict the exported seals', async () => {
  const superuser = open()
  await superuser.sql.unsafe(`update ledger_entries set amount_minor = amount_minor + 1 where ${legOfSecond}`)
  await superuser.sql.unsafe('delete from seals')
  const { privateKey: other } = generateKeyPairSync('ed25519')
  await sealRows(ctx(superuser), { key: other, settled })
  await superuser.close()
  expect(await verify(books.sql)).toEqual([])
  const found = await verify(books.sql, dir)
  expect(found).toContainEqual(
    expect.stringMatching(/ seal 1, .*: another seal was exported under this number$/),
  )
})
