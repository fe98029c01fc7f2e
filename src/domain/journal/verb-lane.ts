// The lane for everything that is written besides bets: registering, blocking, sessions, revocations.
// One transaction at a time, its journal rows in the lane's own numbering. Waits for nothing but the database.
import type { Reply, Statement } from '../../db/lane.ts'
import type { Actor } from './actor.ts'
import type { NewEvent } from './types.ts'

/** A player as locked at the start of the transaction. */
export interface LockedPlayer {
  readonly id: string
  readonly brandId: string
  readonly externalId: string
  readonly status: 'ACTIVE' | 'BLOCKED'
  readonly country: string
  /** Self-exclusion: nothing is staked before this moment. */
  readonly excludedUntil: Date | null
  /** The brand's: IANA name. */
  readonly timeZone: string
  readonly version: bigint
}

export interface VerbTransaction {
  /** The locked players that exist, by id. */
  readonly players: ReadonlyMap<string, LockedPlayer>
  /** Runs one statement in the transaction; rows with the database's own column names. */
  run(text: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** Runs a Drizzle query that was only built: `tx.query(build.insert(sessions).values({…}))` (db/build.ts). */
  query(query: { toSQL(): { sql: string; params: unknown[] } }): Promise<readonly Record<string, unknown>[]>
  /** Adds an event; all are written just before the commit, in this order, and move their players' versions. */
  append(event: NewEvent): void
}

export interface VerbLane {
  /**
   * Locks the players (by id, in order), runs the work, writes its events, commits. The work may be run again from
   * the start after a lost connection, a deadlock or a lock timeout, so it keeps no state outside and makes its
   * effects idempotent by keys. Whatever it throws rolls everything back and is thrown on.
   * A player inserted by the work itself (with version 0) may be named in its events: registering does so.
   */
  transact<T>(
    cause: { readonly actor: Pick<Actor, 'kind' | 'id'>; readonly requestId: string },
    playerIds: readonly string[],
    work: (tx: VerbTransaction) => Promise<T>,
  ): Promise<T>
  /**
   * A reply for each statement, all of them from one moment: every writer holds its player's lock until it commits, so
   * what a snapshot shows of a player is whole. It locks nothing, waits for nobody's lock, and cannot write.
   */
  readAtOnce(statements: readonly Statement[]): Promise<readonly Reply[]>
  close(): Promise<void>
}
