import { check, index, integer, pgTable, primaryKey, smallint, sql, text, unique } from '../drizzle.ts'
import { id, int8, minor, moment, stamp } from './columns.ts'
import { players } from './players.ts'

const counter = (name: string) => minor(name).notNull().default(sql`0`)

export const wallets = pgTable(
  'wallets',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id')
      .notNull()
      .references(() => players.id),
    currency: text('currency').notNull(),
    cashMinor: minor('cash_minor').notNull(),
    bonusMinor: minor('bonus_minor').notNull(),
    /** Zero or below: what the player owes after a win was reversed that had been spent. */
    owedMinor: minor('owed_minor').notNull(),
    /** The number of ledger legs on this wallet's own accounts; the newest one carries it. */
    version: int8('version').notNull(),
    /** The day the sums of day, week and month go up to, numbered from 1970-01-01, in the brand's time zone. */
    countedDay: integer('counted_day').notNull().default(0),
    dayStakedMinor: counter('day_staked_minor'),
    dayReturnedMinor: counter('day_returned_minor'),
    weekStakedMinor: counter('week_staked_minor'),
    weekReturnedMinor: counter('week_returned_minor'),
    monthStakedMinor: counter('month_staked_minor'),
    monthReturnedMinor: counter('month_returned_minor'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    unique('wallets_player_currency').on(t.playerId, t.currency),
    check('wallets_cash', sql`${t.cashMinor} >= 0`),
    check('wallets_bonus', sql`${t.bonusMinor} >= 0`),
    check('wallets_owed', sql`${t.owedMinor} <= 0`),
  ],
)

/**
 * One leg of a double entry, attached to one journal row (lane, seq); the legs of a row sum to zero.
 * Partitioned by range of seq. No foreign keys: they cost 0.6 of the insert; `verify` checks them instead.
 * Player accounts (CASH, BONUS, OWED) carry balance_after and wallet_version; the house's accounts are sums.
 */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    lane: smallint('lane').notNull(),
    seq: int8('seq').notNull(),
    leg: smallint('leg').notNull(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id').notNull(),
    walletId: id('wallet_id').notNull(),
    transactionId: id('transaction_id').notNull(),
    roundId: id('round_id'),
    betId: id('bet_id'),
    account: text('account', {
      enum: ['CASH', 'BONUS', 'OWED', 'STAKES', 'HOUSE', 'PROMOTIONS', 'JACKPOTS', 'CASHIER', 'ADJUSTMENTS'],
    }).notNull(),
    amountMinor: minor('amount_minor').notNull(),
    currency: text('currency').notNull(),
    balanceAfter: minor('balance_after'),
    walletVersion: int8('wallet_version'),
    recordedAt: stamp('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'ledger_entries_pkey', columns: [t.lane, t.seq, t.leg] }),
    // Legs of a player's own accounts, in their order: pages of a wallet's statement.
    index('ledger_entries_wallet').on(t.walletId, t.walletVersion).where(sql`${t.walletVersion} is not null`),
    // The newest leg of an account that seldom moves, so that a balance of then is found without a walk.
    index('ledger_entries_rare')
      .on(t.walletId, t.account, t.walletVersion)
      .where(sql`${t.account} in ('BONUS', 'OWED')`),
    index('ledger_entries_bet').on(t.betId).where(sql`${t.betId} is not null`),
    check(
      'ledger_entries_balance',
      sql`case when ${t.account} in ('CASH', 'BONUS') then coalesce(${t.balanceAfter}, -1) >= 0
        when ${t.account} = 'OWED' then coalesce(${t.balanceAfter}, 1) <= 0 else ${t.balanceAfter} is null end`,
    ),
    check(
      'ledger_entries_version',
      sql`(${t.walletVersion} is not null) = (${t.account} in ('CASH', 'BONUS', 'OWED'))`,
    ),
  ],
)
