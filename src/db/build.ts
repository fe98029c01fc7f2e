import { drizzle } from 'drizzle-orm/postgres-js'

/** Drizzle without a connection: it only builds statements, which a lane then runs in its own transaction. */
export const build = drizzle.mock()
