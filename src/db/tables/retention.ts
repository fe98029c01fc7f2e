// What stands for the rows that retention dropped, so that what is left explains itself.
import { index, pgTable, primaryKey, smallint, text } from '../drizzle.ts'
import { id, int8, minor, moment, stamp } from './columns.ts'

/**
 * The newest dropped row of a lane: its numbering and its chain of prev go on from here, and a cursor may stand on it.
 * Written before the rows go, so that whoever no longer sees them sees this.
 */
export const laneFloors = pgTable('lane_floors', {
  lane: smallint('lane').primaryKey().notNull(),
  seq: int8('seq').notNull(),
  eventId: id('event_id').notNull(),
  recordedAt: stamp('recorded_at').notNull(),
})

/**
 * The sum of a wallet's dropped legs on one account: opening and kept legs together are the balance. The player's
 * accounts carry the newest dropped wallet_version. Legs below `below_seq` of the newest row of retention_drops for
 * ledger_entries are in here already, even while they are still there to be read.
 */
export const ledgerOpenings = pgTable(
  'ledger_openings',
  {
    walletId: id('wallet_id').notNull(),
    account: text('account').notNull(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id').notNull(),
    currency: text('currency').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    walletVersion: int8('wallet_version'),
  },
  (t) => [primaryKey({ name: 'ledger_openings_pkey', columns: [t.walletId, t.account] })],
)

/**
 * The partitions that retention took away. A row is written in the transaction that writes floors and openings, before
 * anything goes, and tells the next run where a crashed one stopped: until dropped_at is set there is work to do.
 */
export const retentionDrops = pgTable(
  'retention_drops',
  {
    partitionName: text('partition_name').primaryKey().notNull(),
    tableName: text('table_name').notNull(),
    /** Rows of the table below this seq no longer count; null for tables without a seq. */
    belowSeq: int8('below_seq'),
    startedAt: moment('started_at').notNull(),
    /** The file it was written to, and the SHA-256 of that file in hex. */
    archive: text('archive'),
    archiveDigest: text('archive_digest'),
    droppedAt: moment('dropped_at'),
  },
  (t) => [index('retention_drops_table').on(t.tableName, t.belowSeq)],
)
