import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { giveUpAbandoned } from '../../../src/domain/reconciliation/progress.ts'
import { reconcile } from '../../../src/domain/reconciliation/reconcile.ts'
import type { ReportEntry } from '../../../src/domain/reconciliation/types.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { addReportingAccount, layBooks } from '../../support/books.ts'
import { type House, openHouse, system } from '../../support/house.ts'
import { booked, from, inChunks, run, theirs, to } from '../../support/reconciliation.ts'

vi.setConfig({ testTimeout: 120_000 })

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

describe('an item', () => {
  test('for a line that cannot be read stands for what the line names', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    await layBooks(house.sql, account, [booked('misread'), booked('read later')])
    const fault = 'amount is missing'
    const { items, matched } = await run(house, account, [
      { line: 2, transactionKey: 'misread', fault },
      { line: 3, transactionKey: 'read later', fault },
      { line: 4, theirs: theirs({ transactionKey: 'read later' }) },
    ])
    expect(items).toEqual([
      { bucket: 'UNREADABLE', key: 'misread', line: 2n },
      { bucket: 'UNREADABLE', key: 'read later', line: 3n },
    ])
    expect(matched).toBe(1)
  })

  test('that was resolved before is known', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    const entries = [{ line: 2, theirs: theirs({ transactionKey: 'gone' }) }]
    const first = await run(house, account, entries)
    const previous = async (id: string) => {
      const [row] = await house.sql<{ id: string; previous: string | null }[]>`
        select id, previous_id as previous from reconciliation_items where reconciliation_id = ${id}`
      return row ?? expect.fail('there is no item')
    }
    const { id } = await previous(first.reconciliationId)
    expect((await previous((await run(house, account, entries)).reconciliationId)).previous).toBeNull()
    await house.sql`update reconciliation_items set state = 'RESOLVED', resolution = 'ACCEPTED', note = 'so be it',
      resolved_at = now() where id = ${id}`
    expect((await previous((await run(house, account, entries)).reconciliationId)).previous).toBe(id)
    const other = [{ line: 2, theirs: theirs({ transactionKey: 'gone' }) }, ...entries]
    const [item] = (await run(house, account, other)).items
    expect(item).toMatchObject({ bucket: 'MISSING_HERE', key: 'gone' })
  })

  test('is found whoever else plays, and never in another account', async () => {
    const [account, other] = [
      await addReportingAccount(house.sql, house.brandId),
      await addReportingAccount(house.sql, house.brandId),
    ]
    await layBooks(house.sql, other, [booked('same'), booked('theirs alone')])
    await layBooks(house.sql, account, [booked('ours')])
    const { items } = await run(house, account, [{ line: 2, theirs: theirs({ transactionKey: 'same' }) }])
    expect(items.map(({ bucket, key }) => [bucket, key])).toEqual([
      ['MISSING_HERE', 'same'],
      ['MISSING_THERE', 'ours'],
    ])
  })
})

const statusOf = async (id: string) => {
  const [row] = await house.sql<{ status: string; failure: string | null }[]>`
    select status, failure from reconciliations where id = ${id}`
  return row && { ...row }
}

async function* broken(): AsyncGenerator<ReportEntry[]> {
  yield [{ line: 2, theirs: theirs({ transactionKey: 'a' }) }]
  throw new Error('the disk is gone')
}

describe('a comparison', () => {
  test('whose process died is given up, one that goes on is not; either can be run again', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    const ctx = house.as(system)
    const died = uuidv7()
    await house.sql`insert into reconciliations (id, brand_id, provider_account_id, format, from_at, to_at, margin_ms,
        status, actor_kind, lines_read, books_read, matched, counts, started_at, read_at)
      values (${died}, ${house.brandId}, ${account.id}, 'CSV', ${from}, ${to}, 0, 'READING', 'SYSTEM', 0, 0, 0, '{}',
        now(), now())`
    let running = ''
    async function* slow(): AsyncGenerator<ReportEntry[]> {
      yield [{ line: 2, theirs: theirs({ transactionKey: 'a' }) }]
      expect(await giveUpAbandoned(ctx)).toBe(0)
      expect(await statusOf(running)).toMatchObject({ status: 'READING' })
    }
    const period = { providerAccountCode: account.code, from, to, format: 'CSV' } as const
    await reconcile(ctx, house.target, { ...period, entries: slow, onStart: (id) => void (running = id) })
    expect(await statusOf(running)).toEqual({ status: 'DONE', failure: null })
    expect(await statusOf(died)).toEqual({
      status: 'FAILED',
      failure: 'its process ended before it was done',
    })
  })

  test('that breaks off fails, has no items, and leaves no connection', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    let id = ''
    const period = { providerAccountCode: account.code, from, to, format: 'CSV' } as const
    const input = { ...period, entries: broken, onStart: (started: string) => void (id = started) }
    await expect(reconcile(house.as(system), house.target, input)).rejects.toThrow('the disk is gone')
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure: 'it could not be finished' })
    expect(await house.sql`select from reconciliation_items where reconciliation_id = ${id}`).toHaveLength(0)
  })

  test('that loses its connection fails', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    async function* cut(): AsyncGenerator<ReportEntry[]> {
      yield [{ line: 2, theirs: theirs({ transactionKey: 'a' }) }]
      await house.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'pitboss reconciliation'`
      yield [{ line: 3, theirs: theirs({ transactionKey: 'b' }) }]
    }
    let id = ''
    const period = { providerAccountCode: account.code, from, to, format: 'CSV' } as const
    const input = { ...period, entries: cut, onStart: (started: string) => void (id = started) }
    await expect(reconcile(house.as(system), house.target, input)).rejects.toThrow()
    expect(await statusOf(id)).toMatchObject({ status: 'FAILED' })
  })

  test.each([
    ['an unknown account', { providerAccountCode: 'nobody' }, 'ACCOUNT_UNKNOWN'],
    ['a period that ends before it begins', { to: from }, 'INPUT_INVALID'],
    ['a time before all ids', { from: new Date('1969-12-31'), to: new Date('1970-01-02') }, 'INPUT_INVALID'],
    ['a margin that is none', { marginMs: Number.NaN }, 'INPUT_INVALID'],
  ])('of %s is refused, with an audit entry', async (_name, given, code) => {
    const account = await addReportingAccount(house.sql, house.brandId)
    const input = {
      providerAccountCode: account.code,
      from,
      to,
      format: 'CSV' as const,
      entries: () => inChunks([], 1),
    }
    const ctx = house.as(house.operator('GAME_OPS'))
    await expect(reconcile(ctx, house.target, { ...input, ...given })).rejects.toMatchObject({ code })
    const [entry] = await house.sql`
      select outcome, code from audit_entries where action = 'reconcile' and actor_id = ${ctx.actor.id}`
    expect(entry).toEqual({ outcome: 'REFUSED', code })
  })

  test('needs RECONCILE', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    const input = {
      providerAccountCode: account.code,
      from,
      to,
      format: 'CSV' as const,
      entries: () => inChunks([], 1),
    }
    const refused = reconcile(house.as(house.operator('SUPPORT')), house.target, input)
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
