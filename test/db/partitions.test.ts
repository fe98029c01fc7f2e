import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePartitions, partitionsAhead } from '../../src/db/partitions.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { createBareDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
const now = new Date('2026-11-22T12:00:00Z')
const tables = ['journal', 'ledger_entries', 'provider_calls']
const named = (months: string[]) => tables.flatMap((table) => months.map((month) => `${table}_${month}`))

beforeAll(async () => {
  database = await createBareDatabase()
  await database.sql.unsafe(`
    create table journal (lane smallint, seq bigint, primary key (lane, seq)) partition by range (seq);
    create table ledger_entries (lane smallint, seq bigint, leg smallint, primary key (lane, seq, leg))
      partition by range (seq);
    create table provider_calls (id uuid primary key, note text) partition by range (id);
    create index on provider_calls (note);`)
})
afterAll(() => database.drop())

const seqOf = (day: string) => BigInt(Date.parse(day) / 86_400_000) << 40n
const where = async (table: string) =>
  (await database.sql.unsafe(`select tableoid::regclass::text as partition from ${table} order by 1`)).map(
    (row) => row['partition'] as string,
  )

test('a table without partitions is behind', async () => {
  expect(await partitionsAhead(database.sql, { now })).toBe(-1)
})

test('partitions reach from the month before to three months ahead, whoever makes them', async () => {
  const made = await Promise.all([
    ensurePartitions(database.sql, { now }),
    ensurePartitions(database.sql, { now }),
  ])
  const months = ['2026_10', '2026_11', '2026_12', '2027_01', '2027_02']
  expect(made.flat().sort()).toEqual(named(months).sort())
  expect(await partitionsAhead(database.sql, { now })).toBe(3)
  expect(await ensurePartitions(database.sql, { now })).toEqual([])
})

test('rows fall into their month, and older ones into the first partition', async () => {
  const { sql } = database
  for (const seq of [1n, seqOf('2026-12-01') - 1n, seqOf('2026-12-01')]) {
    await sql`insert into journal values (1, ${seq})`
  }
  expect(await where('journal')).toEqual(['journal_2026_10', 'journal_2026_11', 'journal_2026_12'])
  for (const at of ['2020-01-01', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00Z']) {
    await sql`insert into provider_calls values (${uuidv7(new Date(at))})`
  }
  expect(await where('provider_calls')).toEqual([
    'provider_calls_2026_10',
    'provider_calls_2026_11',
    'provider_calls_2026_12',
  ])
})

test('a later call continues where the last one ended, over a gap too', async () => {
  const later = new Date('2027-04-10T00:00:00Z')
  expect(await partitionsAhead(database.sql, { now: later })).toBe(-2)
  const made = await ensurePartitions(database.sql, { now: later, monthsAhead: 1 })
  expect(made).toEqual(named(['2027_03', '2027_04', '2027_05']))
})

test("a partition has its parent's indexes and grants, and no check of its own", async () => {
  const [row] = await database.sql`
    select (select count(*)::int from pg_inherits i join pg_index x on x.indexrelid = i.inhrelid
        where x.indrelid = 'provider_calls_2027_05'::regclass) as indexes,
      (select count(*)::int from pg_constraint
        where conrelid = 'provider_calls_2027_05'::regclass and contype = 'c') as checks,
      has_table_privilege('pitboss_app', 'journal_2027_05', 'insert') as insert,
      has_table_privilege('pitboss_app', 'journal_2027_05', 'update') as update`
  expect(row).toEqual({ indexes: 2, checks: 0, insert: true, update: false })
})

test('writers of the parent do not hold up a new partition', async () => {
  const writer = await database.sql.reserve()
  await writer`begin`
  await writer`insert into journal values (2, ${seqOf('2026-12-05')})`
  const made = await ensurePartitions(database.sql, { now: new Date('2027-05-01T00:00:00Z'), monthsAhead: 1 })
  await writer`rollback`
  writer.release()
  expect(made).toEqual(named(['2027_06']))
})
