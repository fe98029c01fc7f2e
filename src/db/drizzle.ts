// The one door to what runs of Drizzle: Node reads the package's list of entries anew for every file that imports it,
// about 12 ms each, which made half a second of every start. Types cost nothing and come from the package.
export { Column, and, eq, getTableColumns, is, isNull, sql } from 'drizzle-orm'
export {
  PgDateString,
  PgTimestampString,
  bigint,
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
