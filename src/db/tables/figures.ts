// What bets come to, added up as the journal records it: by group and hour or day for reports, by player and hour for
// players. Written by the fold alone (src/domain/figures); nothing here decides about money.
import { check, index, integer, numeric, pgTable, primaryKey, sql, text, timestamp } from '../drizzle.ts'
import { id, int8, minor, moment, stamp } from './columns.ts'

/**
 * What figures are kept by. Level GAME leaves country and device out, so that a report by game reads few rows. The id
 * is a digest of the other columns: the fold names a group without looking for it.
 */
export const figureGroups = pgTable('figure_groups', {
  id: id().primaryKey(),
  level: text('level', { enum: ['GAME', 'PLACE'] }).notNull(),
  brandId: id('brand_id').notNull(),
  providerAccountId: id('provider_account_id').notNull(),
  gameId: id('game_id').notNull(),
  currency: text('currency').notNull(),
  kind: text('kind', { enum: ['REAL', 'FREE', 'PROMO'] }).notNull(),
  /** Of the session; empty when unknown, and at level GAME. */
  country: text('country').notNull(),
  /** The class of the session's device; empty when unknown, and at level GAME. */
  device: text('device').notNull(),
})

const startsAt = () => timestamp('starts_at', { withTimezone: true, precision: 0, mode: 'date' }).notNull()

/** Additive, so that any hours make a window. Below zero where more was taken back than came in. */
const sums = () => ({
  /** Bets that were settled, less those that were rolled back after. */
  bets: int8('bets').notNull(),
  /** Their stakes, and the part that was bonus money. */
  stakeMinor: minor('stake_minor').notNull(),
  bonusStakeMinor: minor('bonus_stake_minor').notNull(),
  /** The sum of the squares of the stakes, for the statistics of the return to player. */
  stakeSquares: numeric('stake_squares').notNull(),
  /** What was paid, less what was taken back; the jackpots' part apart. */
  winMinor: minor('win_minor').notNull(),
  jackpotMinor: minor('jackpot_minor').notNull(),
})

/** An hour or a day begins by the clock of the brand. */
export const figures = pgTable(
  'figures',
  {
    groupId: id('group_id').notNull(),
    grain: text('grain', { enum: ['HOUR', 'DAY'] }).notNull(),
    startsAt: startsAt(),
    ...sums(),
  },
  (t) => [primaryKey({ name: 'figures_pkey', columns: [t.grain, t.groupId, t.startsAt] })],
)

/** By player, hour and group of level PLACE: the finest there is, which any figure can be made of. */
export const playerFigures = pgTable(
  'player_figures',
  {
    playerId: id('player_id').notNull(),
    startsAt: startsAt(),
    groupId: id('group_id').notNull(),
    ...sums(),
    /** The biggest win that was recorded in the hour and not taken back, its jackpot included; zero without any. */
    biggestWinMinor: minor('biggest_win_minor').notNull(),
  },
  (t) => [
    primaryKey({ name: 'player_figures_pkey', columns: [t.playerId, t.startsAt, t.groupId] }),
    // Rows lie in the order of time: a window is found by a few pages of this.
    index('player_figures_window').using('brin', t.startsAt),
  ],
)

/** How far the fold is: one row. Whoever holds its lock adds to the figures. */
export const figureState = pgTable(
  'figure_state',
  {
    id: integer('id').primaryKey(),
    /** For each lane, from 0 on, the seq up to which its journal rows are counted. */
    places: int8('places').array().notNull(),
    /** All that was acknowledged before this is counted. Null until the first fold has come to the end. */
    asOf: stamp('as_of'),
    /** Days that begin by then are not counted (again): journal rows of theirs are gone. */
    keptFrom: stamp('kept_from'),
    /** Nothing before the first day after this was ever counted. Null: everything was. */
    since: stamp('since'),
    /** Rises with every step. */
    steps: int8('steps').notNull(),
    foldedAt: moment('folded_at'),
  },
  (t) => [check('figure_state_one', sql`${t.id} = 1`)],
)
