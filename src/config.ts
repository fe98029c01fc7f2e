// What the process is told from outside: the only reader of its environment. All mistakes come in one message, so
// that they are mended in one go; secrets are never part of it.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { laneCount } from './db/lane.ts'
import type { RetentionPolicy } from './db/retention-survey.ts'
import { type Role, roles } from './domain/operators/permissions.ts'
import type { CostLimits } from './graphql/costs.ts'
import { type LogLevel, logLevels } from './lib/log.ts'
import { Problem } from './lib/problem.ts'

/** Where the data is: a server of the operator's own, or the embedded one in a folder. */
export type DatabaseConfig =
  | { readonly kind: 'SERVER'; readonly url: string }
  | { readonly kind: 'EMBEDDED'; readonly dataDir: string }

export interface Config {
  readonly host: string
  readonly port: number
  /** Behind that port; with the embedded database one. */
  readonly processes: number
  readonly database: DatabaseConfig
  /** Connections of each of the process's two pools; four more read links. */
  readonly poolMax: number
  /** Lanes of this process for money. */
  readonly moneyStreams: number
  readonly statementTimeoutMs: number
  /** A listener of its own for metrics; without one they are answered to callers on this machine only. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  readonly corsOrigins: readonly string[]
  readonly logLevel: LogLevel
  /** The server's key for game tokens; undefined with the embedded database, whose folder holds one. */
  readonly secret: Buffer | undefined
  readonly sessionLifetimeMs: number
  readonly sessionIdleMs: number
  readonly requestBytesMax: number
  /** What GraphQL operations may cost. */
  readonly costs: CostLimits
  /** Roles that run registered GraphQL documents and no others. */
  readonly trustedOnlyRoles: ReadonlySet<Role>
  readonly shutdownGraceMs: number
  /** Where game engines may be. */
  readonly engine: { readonly allowHttp: boolean; readonly allowPrivate: boolean }
  readonly retention: RetentionPolicy
  /** Ed25519, what seals are signed with; undefined with the embedded database, whose folder holds one. */
  readonly sealKey: KeyObject | undefined
  readonly sealEveryMs: number
  /** The folder that seals are exported to. */
  readonly sealsDir: string | undefined
  /** A process that plays the provider is started along with the embedded demo. */
  readonly demoSimulator: boolean
  /** Where that process's game engine listens, on this machine. */
  readonly demoEnginePort: number
}

const whole = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not between ${least} and ${most}`)
    .optional()
    .transform((value) => value ?? otherwise)

const onOff = (otherwise: 'on' | 'off') => z.enum(['on', 'off'], 'is neither on nor off').default(otherwise)

/** 0 is for ever. Fewer than `least` would take what the product itself still reads. */
const months = (least: number) =>
  whole(0, 1200, 0).refine(
    (value) => value === 0 || value >= least,
    `is neither 0, which is for ever, nor ${least} or more`,
  )

const origin = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.origin === text
}, 'is not a list of origins such as https://office.example.com, separated by commas')

/** Separated by commas. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535, 4000),
  PROCESSES: whole(1, 16, 1),
  DATABASE_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol), {
      message: 'is not a URL such as postgres://user:password@host:5432/database',
    })
    .optional(),
  PITBOSS_DATA_DIR: z.string().min(1).default('.pitboss'),
  PITBOSS_SECRET: z.string().min(32, 'is shorter than 32 characters').optional(),
  PITBOSS_SECRET_FILE: z.string().min(1).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: whole(0, 65_535, -1),
  CORS_ORIGINS: list.pipe(z.array(origin)),
  LOG_LEVEL: z.enum(logLevels, `is not one of ${logLevels.join(', ')}`).default('info'),
  POOL_MAX: whole(1, 200, 10),
  MONEY_STREAMS: whole(1, 16, 2),
  STATEMENT_TIMEOUT_MS: whole(100, 600_000, 5000),
  SESSION_LIFETIME_MINUTES: whole(1, 10_080, 1440),
  SESSION_IDLE_MINUTES: whole(1, 10_080, 30),
  REQUEST_KIB_MAX: whole(16, 4096, 256),
  COST_OPERATION_MAX: whole(100, 1_000_000_000, 20_000),
  COST_BUCKET: whole(100, 1_000_000_000, 500_000),
  COST_RESTORE_PER_SECOND: whole(1, 1_000_000_000, 50_000),
  TRUSTED_ONLY_ROLES: list.pipe(z.array(z.enum(roles, `is not a list of roles: ${roles.join(', ')}`))),
  SHUTDOWN_GRACE_SECONDS: whole(0, 300, 10),
  ENGINE_ALLOW_HTTP: onOff('off'),
  ENGINE_ALLOW_PRIVATE: onOff('off'),
  RETENTION_CALLS_MONTHS: months(1),
  RETENTION_JOURNAL_MONTHS: months(3),
  RETENTION_LEDGER_MONTHS: months(3),
  RETENTION_COUNTS_MONTHS: months(1),
  RETENTION_ARCHIVE_DIR: z.string().min(1).optional(),
  PITBOSS_SEAL_KEY_FILE: z.string().min(1).optional(),
  SEAL_SECONDS: whole(1, 3600, 60),
  SEALS_DIR: z.string().min(1).optional(),
  DEMO_SIMULATOR: onOff('on'),
  DEMO_ENGINE_PORT: whole(0, 65_535, 4747),
})

type Environment = z.infer<typeof environment>

export function readConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is one that is not set: that is how shells and compose files leave them out.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value))
  const read = environment.safeParse(given)
  const mistakes = read.success
    ? []
    : read.error.issues.map((one) => `${one.path[0]?.toString()} ${one.message}`)
  const secret = readSecret(given, mistakes)
  if (read.success) refuseShortLedger(read.data, mistakes)
  if (read.success) refuseSmallBucket(read.data, mistakes)
  if (read.success) refuseIdleProcesses(read.data, mistakes)
  const sealKey = readSealKey(given['PITBOSS_SEAL_KEY_FILE'], mistakes)
  if (given['DATABASE_URL'] && !given['PITBOSS_SECRET'] && !given['PITBOSS_SECRET_FILE']) {
    mistakes.push(
      'PITBOSS_SECRET or PITBOSS_SECRET_FILE is missing: with DATABASE_URL every process needs the same secret of ' +
        '32 characters or more, as `openssl rand -base64 48` makes it',
    )
  }
  if (!read.success || mistakes.length > 0) {
    throw new Problem(
      'CONFIGURATION',
      `the configuration is wrong:\n${mistakes.map((one) => `  ${one}`).join('\n')}`,
    )
  }
  return toConfig(read.data, secret, sealKey)
}

/** What commands need of it that seal or open what the server's secret protects. */
export function readSecretConfig(
  variables: NodeJS.ProcessEnv = process.env,
): Pick<Config, 'database' | 'secret'> {
  const { DATABASE_URL, PITBOSS_DATA_DIR, PITBOSS_SECRET, PITBOSS_SECRET_FILE } = variables
  return readConfig({ DATABASE_URL, PITBOSS_DATA_DIR, PITBOSS_SECRET, PITBOSS_SECRET_FILE })
}

/** What the other commands need: where the database is. They work without the server's secret. */
export function readDatabaseConfig(variables: NodeJS.ProcessEnv = process.env): DatabaseConfig {
  const { DATABASE_URL, PITBOSS_DATA_DIR } = variables
  const needed = { DATABASE_URL, PITBOSS_DATA_DIR, PITBOSS_SECRET: 'no command makes a game token yet' }
  return readConfig(needed).database
}

/** What commands that keep or drop old months need of it. */
export function readRetentionConfig(variables: NodeJS.ProcessEnv = process.env): RetentionPolicy {
  const given = Object.entries(variables).filter(([name]) => name.startsWith('RETENTION_'))
  return readConfig(Object.fromEntries(given)).retention
}

/** Journal rows are explained by their legs, so that the legs stay at least as long. */
function refuseShortLedger(read: Environment, mistakes: string[]): void {
  const { RETENTION_JOURNAL_MONTHS: journal, RETENTION_LEDGER_MONTHS: ledger } = read
  if (ledger === 0 || (journal > 0 && journal <= ledger)) return
  const longer = journal === 0 ? 'which is for ever' : `which is ${journal}`
  mistakes.push(
    `RETENTION_LEDGER_MONTHS is ${ledger}, less than RETENTION_JOURNAL_MONTHS, ${longer}: ` +
      'the ledger is kept at least as long as the journal',
  )
}

/** Else the dearest operations would be told for ever to come again. */
function refuseSmallBucket(read: Environment, mistakes: string[]): void {
  const { COST_BUCKET: bucket, COST_OPERATION_MAX: operation } = read
  if (bucket >= operation) return
  mistakes.push(
    `COST_BUCKET is ${bucket}, less than COST_OPERATION_MAX, ${operation}: nobody could pay for one`,
  )
}

/** The embedded demo is one process, and there are so many lanes only. */
function refuseIdleProcesses(read: Environment, mistakes: string[]): void {
  const { PROCESSES: processes, MONEY_STREAMS: streams } = read
  if (processes > 1 && !read.DATABASE_URL) mistakes.push('PROCESSES is for a server with DATABASE_URL')
  if (processes * (streams + 1) <= laneCount) return
  mistakes.push(
    `PROCESSES and MONEY_STREAMS take ${processes * (streams + 1)} lanes, of ${laneCount} that there are`,
  )
}

function toConfig(read: Environment, secret: Buffer | undefined, sealKey: KeyObject | undefined): Config {
  const dataDir = resolve(read.PITBOSS_DATA_DIR)
  const minuteMs = 60_000
  return {
    host: read.HOST,
    port: read.PORT,
    processes: read.PROCESSES,
    database: read.DATABASE_URL ? { kind: 'SERVER', url: read.DATABASE_URL } : { kind: 'EMBEDDED', dataDir },
    poolMax: read.POOL_MAX,
    moneyStreams: read.MONEY_STREAMS,
    statementTimeoutMs: read.STATEMENT_TIMEOUT_MS,
    metrics: read.METRICS_PORT < 0 ? undefined : { host: read.METRICS_HOST, port: read.METRICS_PORT },
    corsOrigins: read.CORS_ORIGINS,
    logLevel: read.LOG_LEVEL,
    secret,
    sessionLifetimeMs: read.SESSION_LIFETIME_MINUTES * minuteMs,
    sessionIdleMs: read.SESSION_IDLE_MINUTES * minuteMs,
    requestBytesMax: read.REQUEST_KIB_MAX * 1024,
    costs: {
      operationMax: read.COST_OPERATION_MAX,
      bucket: read.COST_BUCKET,
      restorePerSecond: read.COST_RESTORE_PER_SECOND,
    },
    trustedOnlyRoles: new Set(read.TRUSTED_ONLY_ROLES),
    shutdownGraceMs: read.SHUTDOWN_GRACE_SECONDS * 1000,
    engine: {
      allowHttp: read.ENGINE_ALLOW_HTTP === 'on',
      allowPrivate: read.ENGINE_ALLOW_PRIVATE === 'on',
    },
    sealKey,
    sealEveryMs: read.SEAL_SECONDS * 1000,
    sealsDir: read.SEALS_DIR === undefined ? undefined : resolve(read.SEALS_DIR),
    retention: {
      callsMonths: read.RETENTION_CALLS_MONTHS,
      journalMonths: read.RETENTION_JOURNAL_MONTHS,
      ledgerMonths: read.RETENTION_LEDGER_MONTHS,
      ...(read.RETENTION_COUNTS_MONTHS && { countsMonths: read.RETENTION_COUNTS_MONTHS }),
      ...(read.RETENTION_ARCHIVE_DIR && { archiveDir: resolve(read.RETENTION_ARCHIVE_DIR) }),
    },
    demoSimulator: read.DEMO_SIMULATOR === 'on',
    demoEnginePort: read.DEMO_ENGINE_PORT,
  }
}

function readSecret(given: Record<string, string | undefined>, mistakes: string[]): Buffer | undefined {
  const { PITBOSS_SECRET: text, PITBOSS_SECRET_FILE: file } = given
  if (text && file) mistakes.push('PITBOSS_SECRET and PITBOSS_SECRET_FILE are both set: one is enough')
  if (!file) return text ? Buffer.from(text) : undefined
  try {
    const read = readFileSync(file, 'utf8').trim()
    if (read.length < 32) mistakes.push('PITBOSS_SECRET_FILE holds fewer than 32 characters')
    return Buffer.from(read)
  } catch {
    mistakes.push(`PITBOSS_SECRET_FILE cannot be read: ${file}`)
    return undefined
  }
}

function readSealKey(file: string | undefined, mistakes: string[]): KeyObject | undefined {
  if (!file) return undefined
  try {
    const key = createPrivateKey(readFileSync(file))
    if (key.asymmetricKeyType === 'ed25519') return key
    mistakes.push(`PITBOSS_SEAL_KEY_FILE is no Ed25519 key: openssl genpkey -algorithm ed25519 makes one`)
  } catch {
    mistakes.push(`PITBOSS_SEAL_KEY_FILE cannot be read as a private key in PEM: ${file}`)
  }
  return undefined
}
