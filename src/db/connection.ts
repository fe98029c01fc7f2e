// How the process reaches PostgreSQL: where it is, with which session settings, as which role.
// It never runs a transaction: those belong to a lane, because postgres.js cannot be trusted with one when its
// connection breaks. What stands here is for single statements.
import { readFileSync } from 'node:fs'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { Problem } from '../lib/problem.ts'
import { readMoment } from '../lib/moment.ts'
import { arrayLiteral, parseArray, type Scalar } from './arrays.ts'

/** Where a database is: a URL as libpq reads it, or a Unix socket of the embedded server. */
export type ConnectionTarget =
  | { readonly url: string }
  | {
      readonly socketDir: string
      readonly port: number
      readonly database: string
      readonly username: string
    }

export type ClientOptions = postgres.Options<Record<string, postgres.PostgresType>>

/** Raw postgres.js: int8 is a bigint; timestamptz is a Date, cut to milliseconds, so cast stamps to text. */
export type Sql = postgres.Sql<{ bigint: bigint }>

/** Drizzle's core query builder: single statements only, never `.transaction`, never `db.query`. */
export type Db = PostgresJsDatabase

export interface DatabaseOptions {
  readonly target: ConnectionTarget
  /** The database role to work as; the login role when absent. */
  readonly role?: string
  /** The most connections of each of the two pools; they open on demand. */
  readonly poolMax: number
  readonly statementTimeoutMs: number
  readonly applicationName: string
  /** Prepared statements are planned once per connection, whatever the values: for those that have one way to go. */
  readonly plannedOnce?: boolean
}

export interface Database {
  readonly sql: Sql
  readonly db: Db
  /** Waits up to five seconds for what is under way. */
  readonly close: () => Promise<void>
}

export const serverVersionMin = 150_000

const lockTimeoutMs = 1000
const idleInTransactionTimeoutMs = 10_000
const closeTimeoutSeconds = 5

const verbatim = (text: string): string => text
const bytesOf = (text: string): Buffer => Buffer.from(text.slice(2), 'hex')

const isoText = (value: Date | string): string => new Date(value).toISOString()

const array = (oid: number, parse: (text: string) => unknown) => ({
  to: oid,
  from: [oid],
  serialize: (value: string | readonly Scalar[]) => (typeof value === 'string' ? value : arrayLiteral(value)),
  parse: (literal: string) => parseArray(literal, parse),
})

/**
 * How a pool reads and writes values. The driver would ask the server for the types of arrays when it connects, and
 * when the connection breaks just then, nobody catches the error: the process would end. So they are said here.
 */
export const poolTypes = {
  fetch_types: false,
  types: {
    bigint: postgres.BigInt,
    moment: { to: 1184, from: [1184], serialize: isoText, parse: readMoment },
    booleans: array(1000, (text) => text === 't'),
    byteas: array(1001, bytesOf),
    names: array(1003, verbatim),
    int2s: array(1005, Number),
    int4s: array(1007, Number),
    texts: array(1009, verbatim),
    varchars: array(1015, verbatim),
    int8s: array(1016, BigInt),
    uuids: array(2951, verbatim),
  },
}

/** Two pools on one database: Drizzle turns the dates of the client it is given into text. */
export function openDatabase(options: DatabaseOptions): Database {
  const sql = openPool(options)
  const underDrizzle = openPool(options)
  return {
    sql,
    db: drizzle(underDrizzle),
    close: () => closePools([sql, underDrizzle]),
  }
}

export const openPool = (options: DatabaseOptions): Sql =>
  postgres({ ...clientOptions(options), ...poolTypes })

export async function closePools(pools: readonly Sql[]): Promise<void> {
  await Promise.all(pools.map((one) => one.end({ timeout: closeTimeoutSeconds })))
}

export function clientOptions(options: DatabaseOptions): ClientOptions {
  return postgresOptions(options.target, {
    max: options.poolMax,
    idle_timeout: 60,
    connect_timeout: 5,
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
      synchronous_commit: 'on',
      ...(options.role ? { role: options.role } : {}),
      ...(options.plannedOnce ? { plan_cache_mode: 'force_generic_plan' } : {}),
    },
  })
}

/** Options for `postgres()`; overrides win, session settings are merged. Every session is in UTC. */
export function postgresOptions(target: ConnectionTarget, overrides: ClientOptions = {}): ClientOptions {
  const base = 'url' in target ? urlOptions(target.url) : socketOptions(target)
  return {
    onnotice: () => undefined,
    ...base,
    ...overrides,
    connection: { ...base.connection, TimeZone: 'UTC', ...overrides.connection },
  }
}

/** The same server, another database. */
export function withDatabase(target: ConnectionTarget, database: string): ConnectionTarget {
  if (!('url' in target)) return { ...target, database }
  const url = new URL(target.url)
  url.pathname = `/${encodeURIComponent(database)}`
  return { url: url.href }
}

/** Throws a Problem when the server is older than PostgreSQL 15. */
export async function checkServerVersion(sql: Sql): Promise<void> {
  const [row] = await sql<{ version: number; name: string }[]>`
    /* connection: server version */
    select current_setting('server_version_num')::int as version, current_setting('server_version') as name`
  if (row && row.version >= serverVersionMin) return
  throw new Problem('DATABASE_TOO_OLD', `Pitboss needs PostgreSQL 15 or newer; this server is ${row?.name}`)
}

function socketOptions(target: Exclude<ConnectionTarget, { url: string }>): ClientOptions {
  return {
    path: `${target.socketDir}/.s.PGSQL.${target.port}`,
    database: target.database,
    username: target.username,
    ssl: false,
  }
}

/** The parameters that libpq knows and that mean something here; others are left out. */
function urlOptions(text: string): ClientOptions {
  if (!URL.canParse(text)) throw badUrl('is not a URL such as postgres://user:password@host:5432/database')
  const url = new URL(text)
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw badUrl('does not begin with postgres:// or postgresql://')
  const host = url.searchParams.get('host') ?? decoded(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432))
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) throw badUrl('has a port that is none')
  const database = decoded(url.pathname.slice(1))
  const username = url.searchParams.get('user') ?? decoded(url.username)
  const password = url.searchParams.get('password') ?? decoded(url.password)
  const options = url.searchParams.get('options')
  return {
    ...(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}`, ssl: false } : {}),
    ...(host.startsWith('/') ? {} : { host: host || 'localhost', port, ssl: tlsOptions(url) }),
    ...(database ? { database } : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    connection: options ? { options } : {},
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw badUrl('has a % that is not followed by two hexadecimal digits: a % of a password is written %25')
  }
}

/** As libpq: absent means prefer; a root certificate makes `require` check the chain. */
function tlsOptions(url: URL): 'prefer' | false | object {
  const mode = url.searchParams.get('sslmode') ?? 'prefer'
  const file = (name: string) => {
    const path = url.searchParams.get(name)
    if (!path || path === 'system') return undefined
    try {
      return readFileSync(path)
    } catch {
      throw badUrl(`names as ${name} a file that cannot be read: ${path}`)
    }
  }
  const certificates = { ca: file('sslrootcert'), cert: file('sslcert'), key: file('sslkey') }
  const given = Object.fromEntries(Object.entries(certificates).filter(([, value]) => value))
  switch (mode) {
    case 'disable':
      return false
    case 'allow':
    case 'prefer':
      return 'prefer'
    case 'require':
      if (!given['ca']) return { ...given, rejectUnauthorized: false }
      return { ...given, checkServerIdentity: () => undefined }
    case 'verify-ca':
      return { ...given, checkServerIdentity: () => undefined }
    case 'verify-full':
      return { ...given, host: url.hostname }
    default:
      throw badUrl(`has an unknown sslmode: ${mode}`)
  }
}

const badUrl = (message: string) => new Problem('BAD_CONFIGURATION', `DATABASE_URL ${message}`)
