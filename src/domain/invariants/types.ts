// What `verify` looks for. An invariant says a fact about the data and finds the rows that contradict it, on a live
// database: it goes part by part, and each part is one statement, which sees one snapshot.
import type { Sql } from '../../db/connection.ts'

/** What a check may use. */
export interface Look {
  /** Any connection will do: no check needs more than one statement at a time. */
  readonly sql: Pick<Sql, 'unsafe'>
  /** Names the statements in the server's statistics. */
  readonly name: string
  /** Where seals were exported to; without it seals are only compared with the data that they seal. */
  readonly sealsDir?: string | undefined
  /** The keys that seals must be signed with, 32 bytes each; without them each seal may name its own. */
  readonly sealKeys?: readonly Buffer[] | undefined
}

/** What was seen in one part of the data. */
export interface Found {
  readonly rows: number
  readonly broken: number
  /** A few of the broken ones, in words and with ids that can be looked up. */
  readonly first: readonly string[]
}

export interface Invariant {
  readonly id: string
  /** The fact, for people. */
  readonly says: string
  /** The table whose rows are counted, for an estimate of the whole; none when few rows are looked at. */
  readonly over?: string
  check(look: Look): AsyncIterable<Found>
}

/** How many broken rows are named. */
export const namedMax = 5
