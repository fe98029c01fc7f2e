// Comparisons of one period, with reports that need no file.
import { reconcile } from '../../src/domain/reconciliation/reconcile.ts'
import type { ReportEntry, ReportedTransaction } from '../../src/domain/reconciliation/types.ts'
import type { Account, Booked } from './books.ts'
import { type House, system } from './house.ts'

export const from = new Date('2026-11-01T00:00:00Z')
export const to = new Date('2026-11-02T00:00:00Z')
export const marginMs = 60_000
export const noon = new Date('2026-11-01T12:00:00Z')

export async function* inChunks(
  entries: readonly ReportEntry[],
  size: number,
): AsyncGenerator<ReportEntry[]> {
  for (let at = 0; at < entries.length; at += size) yield entries.slice(at, at + size)
}

export interface FoundItem {
  readonly bucket: string
  readonly key: string | null
  readonly line: bigint | null
}

/** Runs a comparison to its end; chunks of so many lines. */
export async function run(house: House, account: Account, entries: readonly ReportEntry[], size = 1000) {
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

export const theirs = (
  given: Partial<ReportedTransaction> & { transactionKey: string },
): ReportedTransaction => ({
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

export const booked = (key: string, given: Partial<Booked> = {}): Booked => ({
  key,
  kind: 'BET',
  verdict: 'OK',
  undone: false,
  amountMinor: 100n,
  currency: 'EUR',
  at: noon,
  ...given,
})
