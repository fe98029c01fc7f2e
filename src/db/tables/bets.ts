import { boolean, check, index, pgTable, smallint, sql, text } from '../drizzle.ts'
import { id, int8, key, minor, moment } from './columns.ts'

/**
 * A stake in a round and what became of it. The id is a UUIDv7 made of placed_at, so that ids sort by the time
 * placed: pages and time ranges go by id.
 */
export const bets = pgTable(
  'bets',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id').notNull(),
    walletId: id('wallet_id').notNull(),
    sessionId: id('session_id').notNull(),
    roundId: id('round_id').notNull(),
    gameId: id('game_id').notNull(),
    providerAccountId: id('provider_account_id').notNull(),
    /** The transaction that placed it, and its key as the provider knows it. */
    transactionId: id('transaction_id').notNull(),
    transactionKey: key('transaction_key').notNull(),
    status: text('status', { enum: ['OPEN', 'SETTLED', 'ROLLED_BACK', 'VOIDED'] }).notNull(),
    /** Set once settled. */
    result: text('result', { enum: ['WON', 'LOST'] }),
    kind: text('kind', { enum: ['REAL', 'FREE', 'PROMO'] }).notNull(),
    currency: text('currency').notNull(),
    stakeMinor: minor('stake_minor').notNull(),
    /** The part of the stake that was bonus money. */
    bonusStakeMinor: minor('bonus_stake_minor').notNull().default(sql`0`),
    payoutMinor: minor('payout_minor').notNull(),
    /** The part of the payout that jackpots paid. */
    jackpotMinor: minor('jackpot_minor').notNull().default(sql`0`),
    /** Money moved on it after its round was completed. */
    late: boolean('late').notNull(),
    placedAt: moment('placed_at').notNull(),
    settledAt: moment('settled_at'),
    version: int8('version').notNull(),
    /** Its BetPlaced row in the journal. */
    lane: smallint('lane').notNull(),
    seq: int8('seq').notNull(),
  },
  (t) => [
    index('bets_brand').on(t.brandId, t.id),
    index('bets_player').on(t.playerId, t.id),
    index('bets_session').on(t.sessionId, t.id),
    index('bets_round').on(t.roundId, t.id),
    index('bets_game').on(t.gameId, t.id),
    index('bets_stake').on(t.brandId, t.stakeMinor, t.id),
    index('bets_payout').on(t.brandId, t.payoutMinor, t.id),
    // What has no value stands below all others, so that one walk has the whole order.
    index('bets_settled_at').on(t.brandId, sql`coalesce(${t.settledAt}, '-infinity'::timestamptz)`, t.id),
    // In parts of 10^-36: exact, see src/domain/bets/multiple.ts.
    index('bets_multiple').on(
      t.brandId,
      sql`(case when ${t.stakeMinor} > 0 then div(${t.payoutMinor} * 1e36, ${t.stakeMinor}) else -1 end)`,
      t.id,
    ),
    check('bets_stake_positive', sql`${t.stakeMinor} >= 0`),
    check('bets_payout_positive', sql`${t.payoutMinor} >= 0`),
    check('bets_bonus_stake', sql`${t.bonusStakeMinor} between 0 and ${t.stakeMinor}`),
    check('bets_jackpot', sql`${t.jackpotMinor} between 0 and ${t.payoutMinor}`),
    check('bets_settled', sql`(${t.status} <> 'SETTLED') or (${t.result} is not null)`),
  ],
)
