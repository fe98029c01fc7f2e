import { index, pgTable, primaryKey, smallint, sql, text } from '../drizzle.ts'
import { bytes, id, int8, key, minor, moment } from './columns.ts'

/**
 * One money command and its verdict, unique for ever by (scope, transaction key), all kinds in one key space.
 * scope_id is the provider account, or the brand for the platform's own commands. A tombstone is a row too: a
 * rollback that comes before its bet and the bet itself meet on this key.
 * Partitioned by hash of the key, never by time: a duplicate would pass at the edge. Look up by
 * `unnest … , lateral`, since `= any` probes every partition.
 */
export const transactions = pgTable(
  'transactions',
  {
    scopeId: id('scope_id').notNull(),
    transactionKey: key('transaction_key').notNull(),
    id: id().notNull(),
    brandId: id('brand_id').notNull(),
    providerAccountId: id('provider_account_id'),
    kind: text('kind', {
      enum: [
        'BET',
        'WIN',
        'ROLLBACK',
        'END_ROUND',
        'PROMO',
        'DEPOSIT',
        'WITHDRAWAL',
        'ADJUSTMENT',
        'CLOSE_ROUND',
        'VOID_ROUND',
        'TOMBSTONE',
      ],
    }).notNull(),
    verdict: text('verdict').notNull(),
    /** SHA-256 over what makes two calls the same call. */
    fingerprint: bytes('fingerprint').notNull(),
    referenceKey: key('reference_key'),
    playerId: id('player_id'),
    walletId: id('wallet_id'),
    sessionId: id('session_id'),
    roundId: id('round_id'),
    betId: id('bet_id'),
    amountMinor: minor('amount_minor'),
    /** The part of the amount that moved on the bonus account. */
    bonusMinor: minor('bonus_minor'),
    /** The part of a win that a jackpot paid. */
    jackpotMinor: minor('jackpot_minor'),
    currency: text('currency'),
    /** The rollback that reversed this win. */
    reversedById: id('reversed_by_id'),
    /** Which limit a bet that was refused with LIMIT ran into. */
    refusedLimit: text('refused_limit'),
    providerTime: moment('provider_time'),
    recordedAt: moment('recorded_at').notNull(),
    /** Its first row in the journal. */
    lane: smallint('lane').notNull(),
    seq: int8('seq').notNull(),
  },
  (t) => [
    primaryKey({ name: 'transactions_pkey', columns: [t.scopeId, t.transactionKey] }),
    index('transactions_id').on(t.id),
    index('transactions_round').on(t.roundId).where(sql`${t.roundId} is not null`),
  ],
)
