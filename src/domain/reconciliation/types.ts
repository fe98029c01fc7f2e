import type { InferSelectModel } from 'drizzle-orm'
import type { reconciliationItems, reconciliations } from '../../db/tables/reconciliation.ts'

export type { Told } from '../../db/tables/reconciliation.ts'
export type Reconciliation = InferSelectModel<typeof reconciliations>
export type ReconciliationItem = InferSelectModel<typeof reconciliationItems>
export type Bucket = ReconciliationItem['bucket']
export type ReportFormat = Reconciliation['format']

export type ToldKind = 'BET' | 'WIN' | 'ROLLBACK' | 'OTHER'

/** UNDELIVERED: the provider gave up telling us. */
export type ToldStatus = 'SUCCESS' | 'DECLINED' | 'ROLLED_BACK' | 'UNDELIVERED'

/** A transaction as a provider's report tells of it. */
export interface ReportedTransaction {
  readonly transactionKey: string
  readonly kind: ToldKind
  readonly status: ToldStatus
  /** In units of the currency, exact; null where a report need not say it. */
  readonly amount: string | null
  /** The same in minor units; null when the currency cannot hold it, or is unknown. */
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly round: string | null
  readonly player: string | null
  readonly game: string | null
  readonly at: Date
}

/** A line of a report: what it tells, or why it could not be read. */
export type ReportEntry =
  | { readonly line: number; readonly theirs: ReportedTransaction }
  | { readonly line: number; readonly transactionKey: string | null; readonly fault: string }

/** A transaction of ours, with as much of it as a comparison needs. */
export interface BookedTransaction {
  readonly transactionKey: string
  readonly id: string
  readonly kind: string
  readonly verdict: string
  /** A bet that was rolled back or voided, a win that was reversed. */
  readonly undone: boolean
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly playerId: string | null
  readonly roundId: string | null
  readonly betId: string | null
  readonly recordedAt: Date
}
