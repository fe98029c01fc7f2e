import { index, jsonb, pgTable, primaryKey, smallint, sql, text } from '../drizzle.ts'
import { id, int8, minor, moment, stamp } from './columns.ts'

/**
 * The insert-only record of everything that happened; a row is an event. Each lane has one writer, so its seq has
 * no holes but the jump at a new day (seq >= day << 40); prev is the seq before it in its lane.
 * Partitioned by range of seq. It is also the outbox: everything live is read from here.
 */
export const journal = pgTable(
  'journal',
  {
    lane: smallint('lane').notNull(),
    seq: int8('seq').notNull(),
    prev: int8('prev').notNull(),
    id: id().notNull(),
    type: text('type').notNull(),
    version: smallint('version').notNull(),
    brandId: id('brand_id'),
    playerId: id('player_id'),
    /** The number of this row among the player's; rises by one per row. */
    playerVersion: int8('player_version'),
    sessionId: id('session_id'),
    gameId: id('game_id'),
    providerAccountId: id('provider_account_id'),
    roundId: id('round_id'),
    betId: id('bet_id'),
    transactionId: id('transaction_id'),
    amountMinor: minor('amount_minor'),
    currency: text('currency'),
    occurredAt: moment('occurred_at').notNull(),
    recordedAt: stamp('recorded_at').notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: id('actor_id'),
    /** The request that caused it, as in the log. */
    trace: text('trace').notNull(),
    /** Small facts of then: amounts as text, no personal data. */
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [
    primaryKey({ name: 'journal_pkey', columns: [t.lane, t.seq] }),
    index('journal_player').on(t.playerId, t.playerVersion).where(sql`${t.playerId} is not null`),
    index('journal_round').on(t.roundId).where(sql`${t.roundId} is not null`),
  ],
)
