import { index, pgTable, sql, text } from '../drizzle.ts'
import { bytes, id, moment } from './columns.ts'

/** No foreign keys: a session is opened for every launch of a game; `verify` checks the links. */
export const sessions = pgTable(
  'sessions',
  {
    id: id().primaryKey(),
    brandId: id('brand_id').notNull(),
    playerId: id('player_id').notNull(),
    walletId: id('wallet_id').notNull(),
    providerAccountId: id('provider_account_id').notNull(),
    gameId: id('game_id').notNull(),
    currency: text('currency').notNull(),
    /** SHA-256 of the game token; the token is HMAC(server key, session id) and can be made again. */
    tokenHash: bytes('token_hash').notNull().unique(),
    status: text('status', { enum: ['OPEN', 'CLOSED'] }).notNull(),
    ip: text('ip'),
    device: text('device'),
    country: text('country'),
    openedAt: moment('opened_at').notNull(),
    /** Bets are refused from here on; wins and rollbacks never are. */
    expiresAt: moment('expires_at').notNull(),
    closedAt: moment('closed_at'),
    closeReason: text('close_reason', {
      enum: ['PLAYER', 'OPERATOR', 'IDLE', 'EXPIRED', 'BLOCKED', 'EXCLUDED'],
    }),
  },
  (t) => [
    index('sessions_player').on(t.playerId, t.id),
    index('sessions_brand').on(t.brandId, t.id),
    // Pages by the time closed; open sessions stand below all others.
    index('sessions_closed').on(t.brandId, sql`coalesce(${t.closedAt}, '-infinity'::timestamptz)`, t.id),
    // What the sweep looks at.
    index('sessions_open').on(t.openedAt).where(sql`${t.status} = 'OPEN'`),
  ],
)
