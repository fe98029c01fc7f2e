import { check, index, integer, jsonb, pgTable, sql, text } from '../drizzle.ts'
import { id, int8, key, moment } from './columns.ts'

/** A transaction as one side tells of it: facts of the moment it was compared. Amounts are decimals as text. */
export interface Told {
  readonly kind: string
  readonly status: string
  readonly amount: string | null
  readonly currency: string | null
  readonly round: string | null
  readonly player: string | null
  readonly game: string | null
  readonly at: string
}

/** One comparison of a provider's report with the books. While it runs, its process holds an advisory lock on it. */
export const reconciliations = pgTable(
  'reconciliations',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    providerAccountId: id('provider_account_id').notNull(),
    format: text('format', { enum: ['CSV', 'JSON'] }).notNull(),
    fromAt: moment('from_at').notNull(),
    toAt: moment('to_at').notNull(),
    marginMs: integer('margin_ms').notNull(),
    status: text('status', { enum: ['READING', 'COMPARING', 'DONE', 'FAILED'] }).notNull(),
    failure: text('failure'),
    actorKind: text('actor_kind', { enum: ['OPERATOR', 'TOKEN', 'PROVIDER_ACCOUNT', 'SYSTEM'] }).notNull(),
    actorId: id('actor_id'),
    linesRead: int8('lines_read').notNull(),
    /** How many of our transactions, of all accounts, were walked through to find those that the report lacks. */
    booksRead: int8('books_read').notNull(),
    matched: int8('matched').notNull(),
    /** How many items there are of each bucket. */
    counts: jsonb('counts').$type<Readonly<Record<string, number>>>().notNull(),
    startedAt: moment('started_at').notNull(),
    /** When lines_read was last brought up to date. */
    readAt: moment('read_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    index('reconciliations_brand').on(t.brandId, t.id),
    index('reconciliations_account').on(t.providerAccountId, t.id),
    index('reconciliations_running').on(t.id).where(sql`${t.status} in ('READING', 'COMPARING')`),
  ],
)

/** A mismatch and what became of it. All items of a comparison are written at once, when it is done. */
export const reconciliationItems = pgTable(
  'reconciliation_items',
  {
    id: id().primaryKey(),
    reconciliationId: id('reconciliation_id').notNull(),
    brandId: id('brand_id').notNull(),
    providerAccountId: id('provider_account_id').notNull(),
    bucket: text('bucket', {
      enum: [
        'MISSING_HERE',
        'MISSING_THERE',
        'KIND',
        'STATUS',
        'CURRENCY',
        'AMOUNT',
        'DUPLICATE',
        'UNREADABLE',
      ],
    }).notNull(),
    /** The line of a CSV file, or the number of the entry in JSON; null when only we have it. */
    line: int8('line'),
    /** Why a line could not be read. */
    reason: text('reason'),
    transactionKey: key('transaction_key'),
    theirs: jsonb('theirs').$type<Told>(),
    ours: jsonb('ours').$type<Told>(),
    transactionId: id('transaction_id'),
    betId: id('bet_id'),
    playerId: id('player_id'),
    state: text('state', { enum: ['OPEN', 'IN_PROGRESS', 'RESOLVED'] }).notNull(),
    ownerId: id('owner_id'),
    resolution: text('resolution', {
      enum: ['CORRECTED_HERE', 'CORRECTED_THERE', 'ACCEPTED', 'FALSE_ALARM'],
    }),
    note: text('note'),
    resolvedById: id('resolved_by_id'),
    resolvedAt: moment('resolved_at'),
    /** The newest item before this one with the same account, key and bucket that somebody had resolved. */
    previousId: id('previous_id'),
    /** Counts what operators did with it. */
    version: int8('version').notNull().default(sql`0`),
  },
  (t) => [
    index('reconciliation_items_brand').on(t.brandId, t.id),
    index('reconciliation_items_reconciliation').on(t.reconciliationId, t.id),
    index('reconciliation_items_key').on(t.providerAccountId, t.transactionKey, t.id),
    index('reconciliation_items_owner').on(t.ownerId, t.id).where(sql`${t.ownerId} is not null`),
    index('reconciliation_items_bet').on(t.betId, t.id).where(sql`${t.betId} is not null`),
    check(
      'reconciliation_items_resolved',
      sql`(${t.state} = 'RESOLVED') = (
        ${t.resolution} is not null and ${t.note} is not null and ${t.resolvedAt} is not null)`,
    ),
    check('reconciliation_items_owned', sql`(${t.state} <> 'IN_PROGRESS') or (${t.ownerId} is not null)`),
  ],
)
