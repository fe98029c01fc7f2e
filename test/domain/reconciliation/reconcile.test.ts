// Random reports against random books, beside a matcher that knows nothing of slices, keys or SQL.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { giveUpAbandoned } from '../../../src/domain/reconciliation/progress.ts'
import { reconcile } from '../../../src/domain/reconciliation/reconcile.ts'
import type { ReportEntry, ReportedTransaction } from '../../../src/domain/reconciliation/types.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { type Account, addReportingAccount, type Booked, layBooks } from '../../support/books.ts'
import { type House, openHouse, system } from '../../support/house.ts'

vi.setConfig({ testTimeout: 120_000 })

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

const from = new Date('2026-11-01T00:00:00Z')
const to = new Date('2026-11-02T00:00:00Z')
const marginMs = 60_000
const noon = new Date('2026-11-01T12:00:00Z')

async function* inChunks(entries: readonly ReportEntry[], size: number): AsyncGenerator<ReportEntry[]> {
  for (let at = 0; at < entries.length; at += size) yield entries.slice(at, at + size)
}

interface FoundItem {
  readonly bucket: string
  readonly key: string | null
  readonly line: bigint | null
}

async function run(account: Account, entries: readonly ReportEntry[], size = 1000) {
  const period = { providerAccountCode: account.code, from, to, marginMs, format: 'CSV' } as const
  const done = await reconcile(house.as(system), house.target, {
    ...period,
    entries: () => inChunks(entries, size),
  })
  const items = await house.sql<FoundItem[]>`
    select bucket, transaction_key as key, line from reconciliation_items
    where reconciliation_id = ${done.reconciliationId} order by id`
  return { ...done, items: [...items] }
}

const theirs = (given: Partial<ReportedTransaction> & { transactionKey: string }): ReportedTransaction => ({
  kind: 'BET',
  status: 'SUCCESS',
  amount: '1.00',
  amountMinor: 100n,
  currency: 'EUR',
  round: null,
  player: null,
  game: null,
  at: noon,
  ...given,
})

const booked = (key: string, given: Partial<Booked> = {}): Booked => ({
  key,
  kind: 'BET',
  verdict: 'OK',
  undone: false,
  amountMinor: 100n,
  currency: 'EUR',
  at: noon,
  ...given,
})

/** What moved and stayed, as text: nothing when nothing did. */
const effectThere = ({ kind, status, currency, amountMinor }: ReportedTransaction): string[] =>
  status === 'SUCCESS' || (status === 'UNDELIVERED' && kind !== 'BET')
    ? [kind, `${currency}`, `${amountMinor}`]
    : []

const effectHere = ({ kind, verdict, undone, currency, amountMinor }: Booked): string[] =>
  verdict === 'OK' && !undone ? [kind, `${currency}`, `${amountMinor}`] : []

function expectedBucket(there: ReportedTransaction, here: Booked | undefined): string | undefined {
  const [a, b] = [effectThere(there), here ? effectHere(here) : []]
  if (a.length === 0 && b.length === 0) return undefined
  if (!here) return 'MISSING_HERE'
  if (a.length === 0 || b.length === 0) return 'STATUS'
  if (a[0] !== b[0]) return 'KIND'
  if (here.kind === 'ROLLBACK' || a.join() === b.join()) return undefined
  return a[1] === b[1] ? 'AMOUNT' : 'CURRENCY'
}

/** Every line against every transaction. */
function bruteForce(entries: readonly ReportEntry[], books: readonly Booked[]): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  const misread = new Set<string>()
  for (const entry of entries) {
    if ('fault' in entry) {
      found.push(`UNREADABLE ${entry.transactionKey}`)
      if (entry.transactionKey !== null) misread.add(entry.transactionKey)
      continue
    }
    const key = entry.theirs.transactionKey
    const here = books.find((one) => one.key === key)
    const bucket = seen.has(key) ? 'DUPLICATE' : expectedBucket(entry.theirs, here)
    if (bucket) found.push(`${bucket} ${key}`)
    seen.add(key)
  }
  for (const here of books) {
    const inside =
      here.at.getTime() >= from.getTime() + marginMs && here.at.getTime() < to.getTime() - marginMs
    const told = seen.has(here.key) || misread.has(here.key) || here.kind === 'END_ROUND'
    if (inside && !told && effectHere(here).length > 0) found.push(`MISSING_THERE ${here.key}`)
  }
  return found.sort()
}

const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`)
const currency = fc.constantFrom('EUR', 'EUR', 'EUR', 'USD')
const amountMinor = fc.constantFrom(100n, 100n, 100n, 101n, 0n)
const statuses = ['SUCCESS', 'SUCCESS', 'SUCCESS', 'DECLINED', 'ROLLED_BACK', 'UNDELIVERED'] as const

const line: fc.Arbitrary<Omit<ReportEntry & object, 'line'>> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        transactionKey: fc.constantFrom(...keys),
        kind: fc.constantFrom('BET', 'BET', 'WIN', 'ROLLBACK'),
        status: fc.constantFrom(...statuses),
        currency,
        amountMinor,
      })
      .map((given) => ({ theirs: theirs(given) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(null, ...keys)
      .map((transactionKey) => ({ transactionKey, fault: 'it cannot be read' })),
  },
)

const edge = [from, to].flatMap((at) =>
  [-marginMs, -1, 0, marginMs - 1, marginMs].map((ms) => new Date(at.getTime() + ms)),
)

const books = fc.uniqueArray(
  fc
    .record({
      key: fc.constantFrom(...keys),
      kind: fc.constantFrom('BET', 'BET', 'BET', 'WIN', 'ROLLBACK', 'END_ROUND', 'TOMBSTONE'),
      verdict: fc.constantFrom('OK', 'OK', 'OK', 'FUNDS'),
      undone: fc.constantFrom(false, false, true),
      amountMinor,
      currency,
      at: fc.constantFrom(noon, noon, noon, noon, ...edge),
    })
    .map((one): Booked => {
      const undone = one.undone && (one.kind === 'BET' || one.kind === 'WIN')
      if (one.kind === 'TOMBSTONE')
        return { ...one, undone: true, verdict: 'TOMBSTONED', amountMinor: null, currency: null }
      if (one.kind === 'ROLLBACK') return { ...one, undone, amountMinor: null, currency: null }
      return { ...one, undone: undone && one.verdict === 'OK' }
    }),
  { selector: ({ key }) => key, maxLength: 12 },
)

test('a comparison finds what a matcher by brute force finds', async () => {
  const report = fc.array(line, { maxLength: 16, size: 'max' })
  await fc.assert(
    fc.asyncProperty(report, books, fc.integer({ min: 1, max: 5 }), async (lines, here, size) => {
      const account = await addReportingAccount(house.sql, house.brandId)
      await layBooks(house.sql, account, here)
      const entries = lines.map((one, index) => ({ ...one, line: index + 1 }) as ReportEntry)
      const { items, linesRead, matched, counts } = await run(account, entries, size)
      expect(items.map(({ bucket, key }) => `${bucket} ${key}`).sort()).toEqual(bruteForce(entries, here))
      expect(linesRead).toBe(lines.length)
      expect(matched).toBe(lines.length - items.filter((one) => one.line !== null).length)
      const sum = Object.values(counts).reduce((total, one) => total + one, 0)
      expect(sum).toBe(items.length)
    }),
    { numRuns: 60 },
  )
})

describe('an item', () => {
  test('for a line that cannot be read stands for what the line names', async () => {
    const account = await addReportingAccount(house.sql, house.brandId)
    await layBooks(house.sql, account, [booked('misread'), booked('read later')])
    const fault = 'amount is missing'
    const { items, matched } = await run(account, [
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
    const first = await run(account, entries)
    const previous = async (id: string) => {
      const [row] = await house.sql<{ id: string; previous: string | null }[]>`
        select id, previous_id as previous from reconciliation_items where reconciliation_id = ${id}`
      return row ?? expect.fail('there is no item')
    }
    const { id } = await previous(first.reconciliationId)
    expect((await previous((await run(account, entries)).reconciliationId)).previous).toBeNull()
    await house.sql`update reconciliation_items set state = 'RESOLVED', resolution = 'ACCEPTED', note = 'so be it',
      resolved_at = now() where id = ${id}`
    expect((await previous((await run(account, entries)).reconciliationId)).previous).toBe(id)
    const other = [{ line: 2, theirs: theirs({ transactionKey: 'gone' }) }, ...entries]
    const [item] = (await run(account, other)).items
    expect(item).toMatchObject({ bucket: 'MISSING_HERE', key: 'gone' })
  })

  test('is found whoever else plays, and never in another account', async () => {
    const [account, other] = [
      await addReportingAccount(house.sql, house.brandId),
      await addReportingAccount(house.sql, house.brandId),
    ]
    await layBooks(house.sql, other, [booked('same'), booked('theirs alone')])
    await layBooks(house.sql, account, [booked('ours')])
    const { items } = await run(account, [{ line: 2, theirs: theirs({ transactionKey: 'same' }) }])
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
    async function* broken(): AsyncGenerator<ReportEntry[]> {
      yield [{ line: 2, theirs: theirs({ transactionKey: 'a' }) }]
      throw new Error('the disk is gone')
    }
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
