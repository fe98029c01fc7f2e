// When a provider's report and the books agree: pure rules. What counts is whether money moved and stayed. A bet that
// was declined here and rolled back there, or that only one side heard of and that came to nothing, is no mismatch.
import type { BookedTransaction, Bucket, ReportedTransaction, ToldKind, ToldStatus } from './types.ts'

const kinds: Readonly<Record<string, ToldKind>> = {
  BET: 'BET',
  WIN: 'WIN',
  PROMO: 'WIN',
  ROLLBACK: 'ROLLBACK',
}

/** Our transaction's kind in the words of a report. */
export const kindOf = ({ kind }: BookedTransaction): ToldKind => kinds[kind] ?? 'OTHER'

/** Our transaction's status in the words of a report. */
export function statusOf({ kind, verdict, undone }: BookedTransaction): ToldStatus {
  if (undone || kind === 'TOMBSTONE') return 'ROLLED_BACK'
  return verdict === 'OK' ? 'SUCCESS' : 'DECLINED'
}

/** A win or rollback that could not be delivered is still due; a bet that could not be is forgotten. */
const stands = ({ kind, status }: ReportedTransaction): boolean =>
  status === 'SUCCESS' || (status === 'UNDELIVERED' && kind !== 'BET')

/** Where the line belongs, by the first thing that differs; undefined when both sides agree. */
export function bucketOf(
  theirs: ReportedTransaction,
  ours: BookedTransaction | undefined,
): Bucket | undefined {
  if (!ours) return stands(theirs) ? 'MISSING_HERE' : undefined
  if (stands(theirs) !== (statusOf(ours) === 'SUCCESS')) return 'STATUS'
  if (!stands(theirs)) return undefined
  if (theirs.kind !== 'OTHER' && theirs.kind !== kindOf(ours)) return 'KIND'
  if (theirs.currency !== null && ours.currency !== null && theirs.currency !== ours.currency)
    return 'CURRENCY'
  // A rollback carries no amount of its own.
  if (theirs.amount === null || ours.amountMinor === null) return undefined
  return theirs.amountMinor === ours.amountMinor ? undefined : 'AMOUNT'
}

/** Whether a report of its time must tell of our transaction: a rollback that found nothing to reverse it need not. */
export function mustBeTold(ours: BookedTransaction): boolean {
  const kind = kindOf(ours)
  if (kind === 'OTHER' || statusOf(ours) !== 'SUCCESS') return false
  return kind !== 'ROLLBACK' || ours.betId !== null
}
