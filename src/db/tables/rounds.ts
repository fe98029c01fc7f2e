import { index, jsonb, pgTable, sql, text, unique } from '../drizzle.ts'
import { id, int8, key, moment } from './columns.ts'

/** One game cycle of one player. What was staked and paid in it is the sum over its bets. */
export const rounds = pgTable(
  'rounds',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id').notNull(),
    sessionId: id('session_id').notNull(),
    gameId: id('game_id').notNull(),
    providerAccountId: id('provider_account_id').notNull(),
    /** An opaque text that the dialect builds, unique per provider account and player. */
    roundKey: key('round_key').notNull(),
    currency: text('currency').notNull(),
    status: text('status', { enum: ['OPEN', 'COMPLETED'] }).notNull(),
    /** The result as the provider reported it. */
    result: jsonb('result').$type<Record<string, unknown>>(),
    startedAt: moment('started_at').notNull(),
    completedAt: moment('completed_at'),
    version: int8('version').notNull(),
  },
  (t) => [
    // The key before the player, so that a round is found by what its provider calls it, whoever played it.
    unique('rounds_key').on(t.providerAccountId, t.roundKey, t.playerId),
    index('rounds_player').on(t.playerId, t.id),
    index('rounds_brand').on(t.brandId, t.id),
    index('rounds_session').on(t.sessionId, t.id),
    index('rounds_open').on(t.brandId, t.id).where(sql`${t.status} = 'OPEN'`),
    index('rounds_open_player').on(t.playerId, t.id).where(sql`${t.status} = 'OPEN'`),
  ],
)
