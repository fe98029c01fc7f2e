import type { InferSelectModel } from 'drizzle-orm'
import type { ledgerEntries, wallets } from '../../db/tables/wallets.ts'

export type Wallet = InferSelectModel<typeof wallets>
/** A leg of a double entry; recordedAt is RFC 3339 with microseconds. */
export type LedgerEntry = InferSelectModel<typeof ledgerEntries>
