import { pgTable, text } from 'drizzle-orm/pg-core'
import { id, key, moment } from './columns.ts'

export const brands = pgTable('brands', {
  id: id().primaryKey(),
  code: key('code').notNull().unique(),
  name: text('name').notNull(),
  /** IANA name: the brand's days begin at its midnight. */
  timeZone: text('time_zone').notNull(),
  /** The reporting currency. */
  currency: text('currency').notNull(),
  createdAt: moment('created_at').notNull(),
})
