import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePartitions } from '../../src/db/partitions.ts'
import { retain } from '../../src/db/retention.ts'
import { beginDrop } from '../../src/db/retention-drop.ts'
import { surveyPartitions } from '../../src/db/retention-survey.ts'
import { runInvariants } from '../../src/domain/invariants/run-invariants.ts'
import { silentLog } from '../../src/lib/log.ts'
import { inMonths, makeOld, partitionOf } from '../support/old-months.ts'
import { openTrueBooks, type TrueBooks } from '../support/true-books.ts'

let books: TrueBooks
beforeAll(async () => {
  books = await openTrueBooks()
  const { sql } = books
  // The oldest partition takes all older rows: what is played first gets one of its own before it.
  for (const table of ['journal', 'ledger_entries', 'provider_calls']) {
    await sql.unsafe(`alter table ${partitionOf(table, -1)} rename to ${partitionOf(table, -6)}`)
  }
  await ensurePartitions(sql, { now: new Date() })
  await makeOld(sql, 6)
  await books.playMore()
})
afterAll(() => books.close())

const wrong = async () =>
  (await runInvariants(books)).flatMap(({ says, verdict, first }) =>
    verdict === 'HOLDS' ? [] : [`${verdict} ${says}: ${first[0]}`],
  )

const rows = (table: string) => books.sql.unsafe(`select from ${table}`).then(({ length }) => length)

test('all invariants hold before, in the middle of, and after a drop, and while play goes on', async () => {
  expect(await wrong()).toEqual([])
  const { sql } = books
  const before = [await rows('journal'), await rows('ledger_entries')]
  for (const table of ['journal', 'ledger_entries']) {
    const name = partitionOf(table, -6)
    const all = await surveyPartitions(sql)
    const partition = all.find((one) => one.name === name) ?? expect.fail(`${name} is not there`)
    // As if the process had been killed here: what stands for the rows is written, the rows are there.
    await beginDrop(sql, partition, inMonths(0))
    expect(await wrong(), name).toEqual([])
  }
  expect([await rows('journal'), await rows('ledger_entries')]).toEqual(before)
  const policy = { callsMonths: 3, journalMonths: 3, ledgerMonths: 3 }
  const { target } = books.scene.app.database
  const outcomes = await retain({ target, policy, now: new Date(), log: silentLog })
  expect(outcomes.map(({ name, waitsFor }) => `${name} ${waitsFor}`).sort()).toEqual(
    ['journal', 'ledger_entries', 'provider_calls'].map((table) => `${partitionOf(table, -6)} null`),
  )
  const months = [await rows(partitionOf('journal', 0)), await rows(partitionOf('ledger_entries', 0))]
  expect([await rows('journal'), await rows('ledger_entries')]).toEqual(months)
  expect(await wrong()).toEqual([])
  await books.playMore()
  expect(await wrong()).toEqual([])
})
