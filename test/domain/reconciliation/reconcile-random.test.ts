// Random reports against random books, beside a matcher that knows nothing of slices, keys or SQL.
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ReportEntry, ReportedTransaction } from '../../../src/domain/reconciliation/types.ts'
import { addReportingAccount, type Booked, layBooks } from '../../support/books.ts'
import { type House, openHouse } from '../../support/house.ts'
import { from, marginMs, noon, run, theirs, to } from '../../support/reconciliation.ts'

vi.setConfig({ testTimeout: 120_000 })

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

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

const line = fc.oneof(
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
      const entries = lines.map((one, index) => ({ ...one, line: index + 1 }))
      const { items, linesRead, matched, counts } = await run(house, account, entries, size)
      expect(items.map(({ bucket, key }) => `${bucket} ${key}`).sort()).toEqual(bruteForce(entries, here))
      expect(linesRead).toBe(lines.length)
      expect(matched).toBe(lines.length - items.filter((one) => one.line !== null).length)
      const sum = Object.values(counts).reduce((total, one) => total + one, 0)
      expect(sum).toBe(items.length)
    }),
    { numRuns: 60 },
  )
})
