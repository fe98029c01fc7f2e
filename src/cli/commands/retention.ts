import { Command } from 'commander'
import { readDatabaseConfig, readRetentionConfig } from '../../config.ts'
import { type ConnectionTarget, openDatabase, type Sql } from '../../db/connection.ts'
import { monthStart } from '../../db/partitions.ts'
import { retain } from '../../db/retention.ts'
import { countsKeptFrom, countTables, oldestCount } from '../../db/retention-counts.ts'
import {
  duePartitions,
  monthsKept,
  type Partition,
  type RetentionPolicy,
  surveyPartitions,
} from '../../db/retention-survey.ts'
import { Problem } from '../../lib/problem.ts'
import { commandLog, print, printTable } from '../output.ts'
import { reachMigrated } from '../reach-database.ts'

export const retentionCommand = (): Command =>
  new Command('retention')
    .summary('show what is kept for how long, and drop what is older')
    .description(
      'Shows the monthly partitions of provider calls, journal and ledger, and drops those that are older than ' +
        'RETENTION_CALLS_MONTHS, RETENTION_JOURNAL_MONTHS and RETENTION_LEDGER_MONTHS say; 0, the default, keeps ' +
        'for ever. The minutes and hours that provider calls are counted by go after RETENTION_COUNTS_MONTHS. ' +
        'With RETENTION_ARCHIVE_DIR each is first written there as a compressed file with its SHA-256. ' +
        'A running server does the same every six hours. The login role must own the tables. ' +
        'Exit code 1 when a month that is due has to stay for now.',
    )
    .option('--dry-run', 'only show it')
    .addHelpText('after', '\nExample:\n  RETENTION_CALLS_MONTHS=12 npm run pitboss -- retention --dry-run')
    .action(async (options: { dryRun?: boolean }) => {
      const policy = readRetentionConfig()
      const reached = await reachMigrated(readDatabaseConfig())
      try {
        const now = new Date()
        const due = await show(reached.target, policy, now)
        if (options.dryRun) print(...due.map((one) => `would drop ${told(one)}`))
        else await drop(reached.target, policy, now)
      } finally {
        await reached.close()
      }
    })

/** Prints the tables; returns the partitions that are due. */
async function show(target: ConnectionTarget, policy: RetentionPolicy, now: Date): Promise<Partition[]> {
  const options = { target, poolMax: 1, statementTimeoutMs: 30_000, applicationName: 'pitboss retention' }
  const { sql, close } = openDatabase(options)
  try {
    const partitions = await surveyPartitions(sql)
    const due = duePartitions(partitions, policy, now)
    const rows = [...monthsKept(policy)].map(([table, months]) => {
      const [own, going] = [partitions, due].map((list) => list.filter((one) => one.table === table))
      return [
        table,
        months === 0 ? 'for ever' : `${months} months`,
        ...sizes(own),
        String(going?.length ?? 0),
      ]
    })
    rows.push(...(await countRows(sql, policy, now)))
    printTable(['table', 'kept', 'partitions', 'months', 'rows about', 'size', 'due'], rows)
    return due
  } finally {
    await close()
  }
}

/** Due is told in days: these lie in no partitions. */
async function countRows(sql: Sql, { countsMonths = 0 }: RetentionPolicy, now: Date): Promise<string[][]> {
  const rows: string[][] = []
  for (const table of countTables) {
    const oldest = await oldestCount(sql, table)
    const beyond = oldest && countsMonths ? countsKeptFrom(countsMonths, now).getTime() - oldest.getTime() : 0
    const due = beyond > 0 ? `${Math.ceil(beyond / 86_400_000)} days` : '0'
    const kept = countsMonths ? `${countsMonths} months` : 'for ever'
    const from = oldest ? `from ${oldest.toISOString().slice(0, 10)}` : ''
    rows.push([table, kept, '', from, '', '', due])
  }
  return rows
}

function sizes(own: readonly Partition[] = []): string[] {
  const [first, last] = [own[0], own.at(-1)]
  return [
    String(own.length),
    first && last ? `${monthText(first)} to ${monthText(last)}` : '',
    rowsText(own),
    bytesText(own),
  ]
}

async function drop(target: ConnectionTarget, policy: RetentionPolicy, now: Date): Promise<void> {
  const outcomes = await retain({ target, policy, now, log: commandLog })
  const waiting = outcomes.filter(({ waitsFor }) => waitsFor !== null)
  for (const { name, waitsFor, archive } of outcomes) {
    if (waitsFor !== null) continue
    print(archive ? `dropped ${name}, archived in ${archive}` : `dropped ${name}`)
  }
  if (outcomes.length === 0) print('nothing to do')
  if (waiting.length === 0) return
  const reasons = waiting.map(({ name, waitsFor }) => `  ${name} waits for ${waitsFor}`)
  throw new Problem('RETENTION_WAITS', ['some months stay for now:', ...reasons].join('\n'))
}

const told = (one: Partition) => `${one.name}: about ${rowsText([one])} rows, ${bytesText([one])}`

const monthText = ({ month }: Partition) => monthStart(month).toISOString().slice(0, 7)

const rowsText = (own: readonly Partition[]) =>
  own.reduce((sum, { rows }) => sum + rows, 0).toLocaleString('en')

const bytesText = (own: readonly Partition[]) =>
  `${(own.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20).toFixed(1)} MiB`
