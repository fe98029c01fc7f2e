import { boolean, index, integer, jsonb, pgTable, primaryKey, smallint, sql, text } from '../drizzle.ts'
import { brands } from './brands.ts'
import { bytes, id, key, moment } from './columns.ts'

export const providers = pgTable('providers', {
  id: id().primaryKey(),
  code: key('code').notNull().unique(),
  name: text('name').notNull(),
  createdAt: moment('created_at').notNull(),
})

/** One provider's integration with one brand. Its code stands in the callback URL. */
export const providerAccounts = pgTable(
  'provider_accounts',
  {
    id: id().primaryKey(),
    brandId: id('brand_id')
      .notNull()
      .references(() => brands.id),
    providerId: id('provider_id')
      .notNull()
      .references(() => providers.id),
    code: key('code').notNull().unique(),
    dialect: text('dialect').notNull(),
    /** The provider's public keys (PEM), any of which may sign: two while a key is rotated. */
    publicKeys: text('public_keys').array().notNull(),
    /** Secrets shared with the provider, sealed with the server's key; two while one is rotated. */
    sharedSecrets: bytes('shared_secrets').array().notNull().default([]),
    /** Where the game engine of an account listens whose bets are placed from here. */
    engineUrl: text('engine_url'),
    /** Where the wins of free bets go. */
    freeWinsTo: text('free_wins_to', { enum: ['CASH', 'BONUS'] })
      .notNull()
      .default('CASH'),
    /** A round that is open for longer is stuck. */
    stuckAfterMinutes: integer('stuck_after_minutes').notNull().default(1440),
    status: text('status', { enum: ['ENABLED', 'DISABLED'] }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    index('provider_accounts_brand').on(t.brandId),
    index('provider_accounts_provider').on(t.providerId),
  ],
)

/**
 * One request/response with a provider, raw but redacted. Partitioned by range of its UUIDv7 id, so that old
 * bodies can be dropped; no foreign keys for the same reason.
 */
export const providerCalls = pgTable(
  'provider_calls',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    providerAccountId: id('provider_account_id').notNull(),
    direction: text('direction', { enum: ['INBOUND', 'OUTBOUND'] }).notNull(),
    /** The dialect's name of the operation, or the path when there is none. */
    operation: text('operation').notNull(),
    path: text('path').notNull(),
    signature: text('signature', { enum: ['VALID', 'INVALID', 'MISSING', 'UNCHECKED'] }).notNull(),
    verdict: text('verdict').notNull(),
    /** What came of it: an EFFECT, a DUPLICATE, DECLINED, REJECTED, or a READ that could have none. */
    effect: text('effect', { enum: ['EFFECT', 'DUPLICATE', 'DECLINED', 'REJECTED', 'READ'] }).notNull(),
    httpStatus: smallint('http_status').notNull(),
    /** The provider's id of this attempt, echoed in the reply. */
    attemptKey: text('attempt_key'),
    transactionKey: key('transaction_key'),
    playerId: id('player_id'),
    sessionId: id('session_id'),
    roundId: id('round_id'),
    betId: id('bet_id'),
    transactionId: id('transaction_id'),
    /** When the provider says it happened. Never used to decide anything. */
    providerTime: moment('provider_time'),
    receivedAt: moment('received_at').notNull(),
    /** When the reply was decided and rendered; it is sent after the commit that holds this row. */
    decidedAt: moment('decided_at').notNull(),
    latencyUs: integer('latency_us').notNull(),
    requestId: text('request_id').notNull(),
    // Heavy columns: bodies and headers, read only when asked for.
    requestBytes: integer('request_bytes').notNull(),
    requestDigest: bytes('request_digest').notNull(),
    requestBody: bytes('request_body').notNull(),
    requestTruncated: boolean('request_truncated').notNull(),
    requestHeaders: jsonb('request_headers').$type<Record<string, string>>().notNull(),
    replyBody: bytes('reply_body').notNull(),
  },
  (t) => [
    index('provider_calls_account').on(t.providerAccountId, t.id),
    index('provider_calls_player').on(t.playerId, t.id).where(sql`${t.playerId} is not null`),
    index('provider_calls_round').on(t.roundId, t.id).where(sql`${t.roundId} is not null`),
    // What a provider's support quotes.
    index('provider_calls_attempt').on(t.attemptKey).where(sql`${t.attemptKey} is not null`),
  ],
)

const callCounts = {
  lane: smallint('lane').notNull(),
  direction: text('direction', { enum: ['INBOUND', 'OUTBOUND'] }).notNull(),
  bucket: smallint('bucket').notNull(),
  calls: integer('calls').notNull(),
  duplicates: integer('duplicates').notNull(),
  declined: integer('declined').notNull(),
  errors: integer('errors').notNull(),
}

/**
 * How many calls there were in a minute, by latency: counted by whoever writes the calls, in the same statement. The
 * lane is the writer's (-1: none), so that no writer waits for another. The bucket is the latency on a scale of
 * eight steps to each doubling.
 */
export const callMinutes = pgTable(
  'call_minutes',
  {
    providerAccountId: id('provider_account_id').notNull(),
    minute: moment('minute').notNull(),
    ...callCounts,
  },
  (t) => [
    primaryKey({
      name: 'call_minutes_pkey',
      columns: [t.providerAccountId, t.minute, t.lane, t.direction, t.bucket],
    }),
  ],
)

/** The same by the hour, for windows of weeks. */
export const callHours = pgTable(
  'call_hours',
  { providerAccountId: id('provider_account_id').notNull(), hour: moment('hour').notNull(), ...callCounts },
  (t) => [
    primaryKey({
      name: 'call_hours_pkey',
      columns: [t.providerAccountId, t.hour, t.lane, t.direction, t.bucket],
    }),
  ],
)
