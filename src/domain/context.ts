// What every domain function gets as its first argument. Composed by hand in src/app.ts, one per request for reads
// and writes; background work uses the system actor.
import type { Db, Sql } from '../db/connection.ts'
import type { WantedColumns } from '../db/keyset-list.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Actor } from './journal/actor.ts'
import type { VerbLane } from './journal/verb-lane.ts'

export type { Actor } from './journal/actor.ts'

export interface ReadContext {
  /** Drizzle over the shared pool: single statements only, never a transaction. */
  readonly db: Db
  /** The same pool, raw, for hand-written statements. */
  readonly sql: Sql
  readonly clock: Clock
  readonly log: Log
}

/** Reading on somebody's behalf: only what lies in the actor's brands is found. */
export interface ScopedContext extends ReadContext {
  readonly actor: Actor
  /** The columns of bets, players, rounds and sessions that a query looks at; whole rows when it is not said. */
  readonly wanted?: WantedColumns
}

export interface Context extends ScopedContext {
  /** X-Request-Id of the cause; stands in audit entries, journal rows (trace) and the log. */
  readonly requestId: string
  /** The process's lane for everything that is written besides bets: one transaction at a time. */
  readonly verbs: VerbLane
}
