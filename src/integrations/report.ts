// What a provider's report of transactions looks like. A dialect that has one says which columns it needs and reads
// one record at a time; how records stand in CSV or JSON is the same for all.
import type { ReportedTransaction } from '../domain/reconciliation/types.ts'

/** The values of a record by column, as written; what is empty or null is absent. A Map is one. */
export interface ReportRecord {
  get(column: string): string | undefined
  /** Whether the column is named, empty or not. */
  has(column: string): boolean
}

/** A record and where it stands, or why there is none. */
export type RawEntry =
  | { readonly line: number; readonly record: ReportRecord }
  | { readonly line: number; readonly fault: string }

export interface Report {
  /** A report without one of these columns is none. */
  readonly columns: readonly string[]
  /** Those of them that a record may leave out, where each names its own. */
  readonly optional: readonly string[]
  /** The column of the transaction key. */
  readonly keyColumn: string
  /** A Problem says why a record cannot be read. */
  read(record: ReportRecord): ReportedTransaction
}

/** A transaction key is at most so long: no key of ours is longer. */
const keyBytesMax = 128

/** Whether a text can be the key of a transaction at all. */
export const isKey = (text: string): boolean =>
  Buffer.byteLength(text) <= keyBytesMax && !text.includes('\0') && text.isWellFormed()
