import { numeric, pgTable, text, unique } from '../drizzle.ts'
import { id, key, moment } from './columns.ts'
import { providers } from './providers.ts'

export const games = pgTable(
  'games',
  {
    id: id().primaryKey(),
    providerId: id('provider_id')
      .notNull()
      .references(() => providers.id),
    code: key('code').notNull(),
    name: text('name').notNull(),
    category: text('category', { enum: ['SLOT', 'TABLE', 'LIVE', 'CRASH', 'INSTANT', 'OTHER'] }).notNull(),
    /** Declared return to player, as a fraction of the stake (0.96). */
    declaredRtp: numeric('declared_rtp', { precision: 8, scale: 6 }),
    /** Declared standard deviation of the payout of one unit staked. */
    declaredDeviation: numeric('declared_deviation', { precision: 12, scale: 6 }),
    status: text('status', { enum: ['ENABLED', 'DISABLED'] }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [unique('games_code').on(t.providerId, t.code)],
)
