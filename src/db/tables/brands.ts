import { check, integer, pgTable, sql, text } from '../drizzle.ts'
import { id, key, moment } from './columns.ts'

export const brands = pgTable(
  'brands',
  {
    id: id().primaryKey(),
    code: key('code').notNull().unique(),
    name: text('name').notNull(),
    /** IANA name: the brand's days begin at its midnight. */
    timeZone: text('time_zone').notNull(),
    /** The reporting currency. */
    currency: text('currency').notNull(),
    /** How long a higher limit of a player waits before it acts. */
    coolingOffHours: integer('cooling_off_hours').notNull().default(24),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [check('brands_cooling_off', sql`${t.coolingOffHours} >= 0`)],
)
