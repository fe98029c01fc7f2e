import { check, index, pgTable, sql, text, unique } from '../drizzle.ts'
import { brands } from './brands.ts'
import { id, int8, minor, moment } from './columns.ts'
import { games } from './games.ts'
import { players } from './players.ts'

/**
 * The most that may be staked or lost, in one currency: by one player, by every player of a brand (neither player nor
 * game), or in one game of a brand. One row for each; what it will be later stands beside what it is now.
 */
export const limits = pgTable(
  'limits',
  {
    id: id().primaryKey(),
    brandId: id('brand_id')
      .notNull()
      .references(() => brands.id),
    playerId: id('player_id').references(() => players.id),
    gameId: id('game_id').references(() => games.id),
    kind: text('kind', { enum: ['STAKE_PER_BET', 'STAKE_PER_ROUND', 'STAKE', 'LOSS'] }).notNull(),
    /** Of STAKE and LOSS only. */
    period: text('period', { enum: ['DAY', 'WEEK', 'MONTH'] }),
    currency: text('currency').notNull(),
    amountMinor: minor('amount_minor').notNull(),
    effectiveFrom: moment('effective_from').notNull(),
    /** What it is from pending_from on; no limit at all when null. */
    pendingMinor: minor('pending_minor'),
    pendingFrom: moment('pending_from'),
    /** Rises with every change by an operator; that of a new limit is beyond that of any before of its name. */
    version: int8('version').notNull().default(sql`1`),
  },
  (t) => [
    unique('limits_place')
      .on(t.brandId, t.playerId, t.gameId, t.kind, t.period, t.currency)
      .nullsNotDistinct(),
    index('limits_player').on(t.playerId).where(sql`${t.playerId} is not null`),
    // Whether a batch must add up rounds at all.
    index('limits_per_round').on(t.brandId).where(sql`${t.kind} = 'STAKE_PER_ROUND'`),
    check('limits_level', sql`${t.playerId} is null or ${t.gameId} is null`),
    check(
      'limits_kind',
      sql`case when ${t.kind} in ('STAKE_PER_BET', 'STAKE_PER_ROUND') then ${t.period} is null
        else ${t.kind} in ('STAKE', 'LOSS') and ${t.period} in ('DAY', 'WEEK', 'MONTH') and ${t.period} is not null
          and ${t.gameId} is null end`,
    ),
    check('limits_amount', sql`${t.amountMinor} >= 0 and coalesce(${t.pendingMinor}, 0) >= 0`),
    check('limits_pending', sql`${t.pendingMinor} is null or ${t.pendingFrom} is not null`),
  ],
)
