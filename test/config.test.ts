import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig, readRetentionConfig } from '../src/config.ts'

it('without anything set, the embedded demo listens on this machine', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 4000,
    database: { kind: 'EMBEDDED', dataDir: join(process.cwd(), '.pitboss') },
    metrics: undefined,
    corsOrigins: [],
    logLevel: 'info',
    secret: undefined,
    sessionIdleMs: 1_800_000,
    requestBytesMax: 262_144,
  })
})

it('what is set is read, and an empty variable is one that is not set', () => {
  const file = join(mkdtempSync('/tmp/pitboss-config-'), 'secret')
  writeFileSync(file, `${'s'.repeat(40)}\n`)
  const config = readConfig({
    HOST: '0.0.0.0',
    PORT: '8080',
    DATABASE_URL: 'postgres://pit:boss@db.example.com/pitboss?sslmode=verify-full',
    PITBOSS_SECRET_FILE: file,
    PITBOSS_SECRET: '',
    METRICS_PORT: '9090',
    CORS_ORIGINS: 'https://office.example.com, http://localhost:3000',
    LOG_LEVEL: 'warn',
  })
  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 8080,
    database: { kind: 'SERVER', url: 'postgres://pit:boss@db.example.com/pitboss?sslmode=verify-full' },
    secret: Buffer.from('s'.repeat(40)),
    metrics: { host: '127.0.0.1', port: 9090 },
    corsOrigins: ['https://office.example.com', 'http://localhost:3000'],
    logLevel: 'warn',
  })
})

it('all mistakes come in one message, and none shows a secret', () => {
  const wrong = {
    PORT: 'eighty',
    POOL_MAX: '0',
    DATABASE_URL: 'mysql://root:hunter2@db',
    PITBOSS_SECRET: 'hunter2',
    CORS_ORIGINS: 'https://office.example.com/',
    LOG_LEVEL: 'loud',
  }
  expect(() => readConfig(wrong)).toThrow(`the configuration is wrong:
  PORT is not a whole number
  DATABASE_URL is not a URL such as postgres://user:password@host:5432/database
  PITBOSS_SECRET is shorter than 32 characters
  CORS_ORIGINS is not a list of origins such as https://office.example.com, separated by commas
  LOG_LEVEL is not one of trace, debug, info, warn, error, silent
  POOL_MAX is not between 1 and 200`)
})

it('a database of the operator needs a secret of the operator', () => {
  expect(() => readConfig({ DATABASE_URL: 'postgres://db/pitboss' })).toThrow(
    /PITBOSS_SECRET or PITBOSS_SECRET_FILE is missing/,
  )
  const both = { PITBOSS_SECRET: 's'.repeat(32), PITBOSS_SECRET_FILE: '/nowhere/secret' }
  expect(() => readConfig(both)).toThrow(`the configuration is wrong:
  PITBOSS_SECRET and PITBOSS_SECRET_FILE are both set: one is enough
  PITBOSS_SECRET_FILE cannot be read: /nowhere/secret`)
})

it('nothing is dropped unless it is said after how many months', () => {
  expect(readConfig({}).retention).toEqual({ callsMonths: 0, journalMonths: 0, ledgerMonths: 0 })
  const set = { RETENTION_CALLS_MONTHS: '1', RETENTION_JOURNAL_MONTHS: '12', RETENTION_LEDGER_MONTHS: '12' }
  const more = { RETENTION_COUNTS_MONTHS: '2', RETENTION_ARCHIVE_DIR: 'old' }
  expect(readRetentionConfig({ ...set, ...more, PORT: 'not read' })).toEqual({
    callsMonths: 1,
    journalMonths: 12,
    ledgerMonths: 12,
    countsMonths: 2,
    archiveDir: join(process.cwd(), 'old'),
  })
})

it.each([
  [
    { RETENTION_JOURNAL_MONTHS: '2' },
    'RETENTION_JOURNAL_MONTHS is neither 0, which is for ever, nor 3 or more',
  ],
  [{ RETENTION_CALLS_MONTHS: '-1' }, 'RETENTION_CALLS_MONTHS is not a whole number'],
  [
    { RETENTION_LEDGER_MONTHS: '6', RETENTION_JOURNAL_MONTHS: '12' },
    'RETENTION_LEDGER_MONTHS is 6, less than RETENTION_JOURNAL_MONTHS, which is 12: ' +
      'the ledger is kept at least as long as the journal',
  ],
  [
    { RETENTION_LEDGER_MONTHS: '120' },
    'RETENTION_LEDGER_MONTHS is 120, less than RETENTION_JOURNAL_MONTHS, which is for ever: ' +
      'the ledger is kept at least as long as the journal',
  ],
])('%o is refused', (given, message) => {
  expect(() => readConfig(given)).toThrow(`the configuration is wrong:\n  ${message}`)
})

it('what operations cost and who runs registered documents only are said or usual', () => {
  const usual = { operationMax: 20_000, bucket: 500_000, restorePerSecond: 50_000 }
  expect(readConfig({})).toMatchObject({ costs: usual, trustedOnlyRoles: new Set() })
  const set = { COST_OPERATION_MAX: '100', COST_BUCKET: '200', COST_RESTORE_PER_SECOND: '1' }
  expect(readConfig({ ...set, TRUSTED_ONLY_ROLES: 'SUPPORT, ANALYST' })).toMatchObject({
    costs: { operationMax: 100, bucket: 200, restorePerSecond: 1 },
    trustedOnlyRoles: new Set(['SUPPORT', 'ANALYST']),
  })
})

it.each([
  [{ TRUSTED_ONLY_ROLES: 'SUPPORT,BOSS' }, /TRUSTED_ONLY_ROLES is not a list of roles: ADMIN, GAME_OPS/],
  [{ COST_BUCKET: '10000' }, /COST_BUCKET is 10000, less than COST_OPERATION_MAX, 20000: nobody could pay/],
  [{ COST_RESTORE_PER_SECOND: '0' }, /COST_RESTORE_PER_SECOND is not between 1 and 1000000000/],
])('%o is refused', (given, message) => {
  expect(() => readConfig(given)).toThrow(message)
})

it('several processes need a server of their own, and as many lanes as there are', () => {
  const server = { DATABASE_URL: 'postgres://pitboss@db/pitboss', PITBOSS_SECRET: 's'.repeat(32) }
  expect(readConfig({}).processes).toBe(1)
  expect(readConfig({ ...server, PROCESSES: '4' }).processes).toBe(4)
  expect(() => readConfig({ PROCESSES: '2' })).toThrow('PROCESSES is for a server with DATABASE_URL')
  expect(() => readConfig({ ...server, PROCESSES: '9', MONEY_STREAMS: '7' })).toThrow(
    'PROCESSES and MONEY_STREAMS take 72 lanes, of 64 that there are',
  )
})
