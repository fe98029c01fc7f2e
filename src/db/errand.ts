// One connection for work that takes minutes and needs what only a session has: temporary tables, and a lock that is
// let go when the process dies. It belongs to no pool and writes no journal; a lane does that. When the connection is
// lost the driver opens another, which has neither: the next statement on a temporary table then fails, as it should.
import postgres from 'postgres'
import {
  type ClientOptions,
  type ConnectionTarget,
  poolTypes,
  postgresOptions,
  type Sql,
} from './connection.ts'

export interface Errand {
  readonly sql: Sql
  close(): Promise<void>
}

export interface ErrandOptions {
  /** The database role to work as; the login role when absent. */
  readonly role?: string
  readonly applicationName: string
  /** Called when the connection is closed, by whomever. */
  readonly onClose?: () => void
}

const statementTimeoutMs = 60_000

/** Connects at the first statement. Everything is found by keys: a plan made while tables are empty stays right. */
export function openErrand(target: ConnectionTarget, options: ErrandOptions): Errand {
  const sql = postgres({
    ...postgresOptions(target, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: 5,
      ...(options.onClose ? { onclose: options.onClose } : {}),
      connection: {
        application_name: options.applicationName,
        statement_timeout: statementTimeoutMs,
        lock_timeout: 5000,
        enable_seqscan: 'off',
        enable_hashjoin: 'off',
        enable_mergejoin: 'off',
        jit: 'off',
        ...(options.role ? { role: options.role } : {}),
      },
    } as ClientOptions),
    ...poolTypes,
  })
  return { sql, close: () => sql.end({ timeout: 1 }) }
}
