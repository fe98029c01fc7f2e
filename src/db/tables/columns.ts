// Column shapes that every table shares, so that one kind of value has one type in the whole database.
import { bigint, customType, timestamp, uuid } from '../drizzle.ts'

/** A moment, in milliseconds: a JavaScript Date holds no more, and a cursor must hold all of it. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** A journal stamp, in microseconds, strictly rising per player and per lane. Read it as text, never as a Date. */
export const stamp = (name: string) => timestamp(name, { withTimezone: true, precision: 6, mode: 'string' })

/** An amount in minor units of the row's currency. */
export const minor = (name: string) => bigint(name, { mode: 'bigint' })

/** A counter or a sequence number beyond 2^53. */
export const int8 = (name: string) => bigint(name, { mode: 'bigint' })

/** A UUIDv7 made in the application. */
export const id = (name = 'id') => uuid(name)

/** Raw bytes. */
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** Text that is a key or is sorted by: byte order, whatever the database's locale. */
export const key = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })
