import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensurePartitions, lockNotAvailable } from '../../src/db/partitions.ts'
import { retain } from '../../src/db/retention.ts'
import { beginDrop } from '../../src/db/retention-drop.ts'
import { duePartitions, type RetentionPolicy, surveyPartitions } from '../../src/db/retention-survey.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createJournalWorld, JournalWriter } from '../support/journal-writer.ts'
import {
  addOldCall,
  addOldEvent,
  addOldLeg,
  beginPartitionsAt,
  inMonths,
  oldSeq,
  partitionOf,
} from '../support/old-months.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  await beginPartitionsAt(database.sql, -6)
})
afterEach(() => database.drop())

const forEver: RetentionPolicy = { callsMonths: 0, journalMonths: 0, ledgerMonths: 0 }
const run = (policy: Partial<RetentionPolicy>, sealing = false) =>
  retain({
    target: database.target,
    policy: { ...forEver, ...policy },
    now: inMonths(0),
    log: silentLog,
    sealing,
  })
const gone = (name: string, archive: string | null = null) => ({ name, waitsFor: null, archive })
const attached = async (table: string) =>
  (await surveyPartitions(database.sql)).filter((one) => one.table === table).map(({ name }) => name)
const months = (table: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => partitionOf(table, from + at))

describe('what a policy lets go', () => {
  test('is nothing unless it says so', async () => {
    const all = await surveyPartitions(database.sql)
    expect(all).toHaveLength(3 * 10)
    expect(duePartitions(all, forEver, inMonths(0))).toEqual([])
    expect(await run({})).toEqual([])
  })

  test('is what is older than so many whole months, in its own table only', async () => {
    const all = await surveyPartitions(database.sql)
    const policy = { callsMonths: 1, journalMonths: 4, ledgerMonths: 6 }
    expect(duePartitions(all, policy, inMonths(0)).map(({ name }) => name)).toEqual([
      ...months('journal', -6, -5),
      ...months('provider_calls', -6, -2),
    ])
  })

  test('goes, and a second run finds nothing to do', async () => {
    const { sql } = database
    for (const month of [-6, -3, -2, 0]) await addOldCall(sql, month)
    const names = months('provider_calls', -6, -3)
    expect(await run({ callsMonths: 2 })).toEqual(names.map((name) => gone(name)))
    expect(await attached('provider_calls')).toEqual(months('provider_calls', -2, 3))
    expect(await attached('journal')).toEqual(months('journal', -6, 3))
    expect(await sql`select count(*)::int as calls from provider_calls`).toEqual([{ calls: 2 }])
    expect(await sql`select to_regclass(${names[0] ?? ''}) as there`).toEqual([{ there: null }])
    const noted = await sql`
      select partition_name as name, table_name as table, below_seq as below, dropped_at is not null as done
      from retention_drops order by 1`
    expect([...noted]).toEqual(
      names.map((name) => ({ name, table: 'provider_calls', below: null, done: true })),
    )
    expect(await run({ callsMonths: 2 })).toEqual([])
  })

  test('goes once when several processes run at the same time', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => run({ callsMonths: 2 })))
    expect(outcomes.flat()).toEqual(months('provider_calls', -6, -3).map((name) => gone(name)))
  })

  test('leaves a partition alone that was made by other hands', async () => {
    const { sql } = database
    await sql.unsafe(`alter table ${partitionOf('journal', -6)} rename to journal_of_the_founders`)
    expect(await run({ journalMonths: 5, ledgerMonths: 0 })).toEqual([])
    expect(await sql`select to_regclass('journal_of_the_founders') is null as gone`).toEqual([
      { gone: false },
    ])
  })
})

describe('what stands for dropped rows', () => {
  test('is the newest row of each lane, which later drops move up', async () => {
    const { sql } = database
    await addOldEvent(sql, { lane: 3, months: -6 })
    const newest = { lane: 3, months: -6, n: 1 }
    const three = await addOldEvent(sql, newest)
    const five = await addOldEvent(sql, { lane: 5, months: -5 })
    await addOldEvent(sql, { lane: 9, months: 0 })
    expect(await run({ journalMonths: 4 })).toEqual(months('journal', -6, -5).map((name) => gone(name)))
    const floors = await sql`select lane, seq, event_id, recorded_at from lane_floors order by lane`
    expect([...floors]).toEqual([
      { lane: 3, seq: oldSeq(newest), event_id: three, recorded_at: inMonths(-6) },
      { lane: 5, seq: oldSeq({ lane: 5, months: -5 }), event_id: five, recorded_at: inMonths(-5) },
    ])
  })

  test('is a sum for each wallet and account, the house too, that grows with each month', async () => {
    const { sql } = database
    const walletId = randomUUID()
    const legs = [
      { months: -6, n: 0, account: 'CASH', amountMinor: 500n, balanceAfter: 500n, walletVersion: 1n },
      { months: -6, n: 0, account: 'HOUSE', amountMinor: -500n },
      { months: -5, n: 0, account: 'CASH', amountMinor: -20n, balanceAfter: 480n, walletVersion: 2n },
      { months: -5, n: 0, account: 'HOUSE', amountMinor: 20n },
      { months: 0, n: 0, account: 'CASH', amountMinor: 7n, balanceAfter: 487n, walletVersion: 3n },
    ] as const
    for (const leg of legs) await addOldLeg(sql, { lane: 1, walletId, ...leg })
    await run({ ledgerMonths: 4 })
    const openings = await sql`
      select wallet_id, account, brand_id, player_id, currency, amount_minor, wallet_version
      from ledger_openings order by account`
    const same = { wallet_id: walletId, brand_id: walletId, player_id: walletId, currency: 'EUR' }
    expect([...openings]).toEqual([
      { ...same, account: 'CASH', amount_minor: 480n, wallet_version: 2n },
      { ...same, account: 'HOUSE', amount_minor: -480n, wallet_version: null },
    ])
    const [kept] =
      await sql`select sum(amount_minor)::int8 as cash from ledger_entries where account = 'CASH'`
    expect(kept).toEqual({ cash: 7n })
  })

  test('is written once, however often a run is cut off', async () => {
    const { sql } = database
    const walletId = randomUUID()
    await addOldLeg(sql, { lane: 1, months: -6, walletId, account: 'HOUSE', amountMinor: 5n })
    const all = await surveyPartitions(sql)
    const oldest = all.find(({ table }) => table === 'ledger_entries') ?? expect.fail('no partition')
    await beginDrop(sql, oldest, inMonths(0))
    await expect(beginDrop(sql, oldest, inMonths(0))).rejects.toMatchObject({ code: '23505' })
    // Between the two steps the legs can be read and count no longer: the note of the drop says so.
    const balance = () => sql`
      select (select sum(amount_minor)::int8 from ledger_openings where wallet_id = ${walletId}) + coalesce((
        select sum(amount_minor)::int8 from ledger_entries where wallet_id = ${walletId} and seq >= (
          select max(below_seq) from retention_drops where table_name = 'ledger_entries')), 0) as minor`
    expect(await balance()).toEqual([{ minor: 5n }])
    // Even a policy that would not have begun it finishes it.
    expect(await run({})).toEqual([gone(oldest.name)])
    expect(await balance()).toEqual([{ minor: 5n }])
    expect(await run({ ledgerMonths: 4 })).toEqual([gone(partitionOf('ledger_entries', -5))])
    expect(await balance()).toEqual([{ minor: 5n }])
  })
})

describe('rows whose lane is not sealed up to them', () => {
  test('stay, and so does everything after them in the table', async () => {
    const { sql } = database
    const seal = (chain: string, number: number, last: bigint) => sql`
      insert into seals (chain, number, after_key, last_key, rows, legs, first_at, last_at, digest, prev_digest,
        seal_digest, public_key, signature, sealed_at)
      values (${chain}, ${number}, '0', ${String(last)}, 1, 0, now(), now(), '', '', '', '', '', now())`
    await addOldEvent(sql, { lane: 3, months: -6 })
    // A server that seals has not made its first seal.
    const unsealed = { name: partitionOf('journal', -6), waitsFor: 'the seal of lane 3', archive: null }
    expect(await run({ journalMonths: 5 }, true)).toEqual([unsealed])
    const last = { lane: 3, months: -5 }
    await addOldEvent(sql, last)
    await seal('lane-03', 1, oldSeq(last) - 1n)
    await seal('lane-04', 1, oldSeq(last) + 9n)
    const waiting = { name: partitionOf('journal', -5), waitsFor: 'the seal of lane 3', archive: null }
    expect(await run({ journalMonths: 3 })).toEqual([gone(partitionOf('journal', -6)), waiting])
    expect(await attached('journal')).toEqual(months('journal', -5, 3))
    await seal('lane-03', 2, oldSeq(last))
    expect(await run({ journalMonths: 3 })).toEqual(months('journal', -5, -4).map((name) => gone(name)))
  })
})

/** A transaction that has read the journal and stays open. */
async function openReader() {
  const reader = await database.sql.reserve()
  await reader`begin isolation level repeatable read`
  await reader`select count(*) from journal`
  return async () => {
    await reader`rollback`
    reader.release()
  }
}

const waiting = () => database.sql`
  select from pg_stat_activity where datname = current_database() and query like 'alter table journal detach%'
    and cardinality(pg_blocking_pids(pid)) > 0`

describe('while somebody reads the table for a long time', () => {
  test('events are written, partitions attached, and a month goes as soon as the reader does', async () => {
    const { sql, target } = database
    const world = await createJournalWorld(sql)
    const writer = await JournalWriter.open({ target, world, seed: 1, abortShare: 0 })
    await addOldEvent(sql, { lane: 40, months: -6 })
    await writer.write(1)
    const close = await openReader()
    const state = { done: false }
    const dropping = run({ journalMonths: 5 }).then((outcomes) => {
      state.done = true
      return outcomes
    })
    // Each batch is committed between two moments at which the detach is seen waiting for the reader.
    let batches = 0
    await until(async () => {
      if ((await waiting()).length === 0) return false
      await writer.transaction()
      if ((await waiting()).length > 0) batches += 1
      return batches >= 20
    })
    const ahead = await ensurePartitions(sql, { now: inMonths(1) })
    expect(ahead).toContain(partitionOf('journal', 4))
    expect(state.done).toBe(false)
    await close()
    expect(await dropping).toEqual([gone(partitionOf('journal', -6))])
    await writer.close()
  })

  test('a plain detach would make every writer wait', async () => {
    const { sql, target } = database
    const world = await createJournalWorld(sql)
    const writer = await JournalWriter.open({ target, world, seed: 1, abortShare: 0 })
    await writer.write(1)
    const close = await openReader()
    const other = await sql.reserve()
    const detaching = other.unsafe(`alter table journal detach partition ${partitionOf('journal', -6)}`)
    detaching.catch(() => undefined)
    void detaching.execute()
    await until(async () => (await waiting()).length > 0)
    expect(await writer.transaction()).toBe(0)
    await close()
    await detaching
    other.release()
    expect(await writer.transaction()).toBeGreaterThan(0)
    await writer.close()
  })

  test('a month that is half detached is finished by the next run', async () => {
    const { sql } = database
    await addOldEvent(sql, { lane: 3, months: -6 })
    const close = await openReader()
    const name = partitionOf('journal', -6)
    const other = await sql.reserve()
    await other`set lock_timeout = 50`
    await expect(
      other.unsafe(`alter table journal detach partition ${name} concurrently`).simple(),
    ).rejects.toMatchObject({ code: lockNotAvailable })
    await other`reset lock_timeout`
    other.release()
    expect(
      await sql`select inhdetachpending as half from pg_inherits where inhrelid = ${name}::regclass`,
    ).toEqual([{ half: true }])
    await close()
    const [oldest] = (await surveyPartitions(sql)).filter(({ table }) => table === 'journal')
    expect(oldest?.name).toBe(partitionOf('journal', -5))
    await sql`insert into retention_drops values (${name}, 'journal', 0, now())`
    expect(await run({})).toEqual([gone(name)])
    expect(await sql`select to_regclass(${name}) as there`).toEqual([{ there: null }])
  })
})
