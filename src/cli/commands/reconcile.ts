import { createReadStream } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { Command, Option } from 'commander'
import { readDatabaseConfig } from '../../config.ts'
import { defaultMarginMs, type Reconciled, reconcile } from '../../domain/reconciliation/reconcile.ts'
import type { Progress } from '../../domain/reconciliation/progress.ts'
import type { ReportFormat } from '../../domain/reconciliation/types.ts'
import { readReport } from '../../integrations/read-report.ts'
import { globalId } from '../../lib/global-id.ts'
import { parseMoment } from '../../lib/moment.ts'
import { Problem } from '../../lib/problem.ts'
import { asSystemOn } from '../command-context.ts'
import { complain, print, printTable } from '../output.ts'
import { reachMigrated } from '../reach-database.ts'

interface Options {
  readonly account: string
  readonly from: string
  readonly to: string
  readonly margin: string
  readonly format?: 'csv' | 'json'
}

const progressEveryMs = 1000

export const reconcileCommand = (): Command =>
  new Command('reconcile')
    .summary("compare a provider's report with the books")
    .description(
      "Compares a provider's report of a period (CSV or JSON, of any length) with what is recorded here. Mismatches " +
        'become items, to be worked on in GraphQL. The exit code is 0 with and without mismatches.',
    )
    .argument('<file>', 'the report; - reads the standard input')
    .requiredOption('--account <code>', "the provider account's code")
    .requiredOption(
      '--from <moment>',
      'the beginning of the period, such as 2026-11-01 or 2026-11-01T06:00:00Z',
    )
    .requiredOption('--to <moment>', 'its end, which is not part of it')
    .option(
      '--margin <seconds>',
      'how near the edges nothing is missed in the report',
      String(defaultMarginMs / 1000),
    )
    .addOption(
      new Option('--format <format>', "by the file's name when absent, else csv").choices(['csv', 'json']),
    )
    .addHelpText(
      'after',
      '\nExample:\n  npm run pitboss -- reconcile --account demo-spinwell --from 2026-11-01 --to 2026-11-02 report.csv',
    )
    .action(async (file: string, options: Options) => {
      // What a chunk leaves behind is collected before the heap grows, not after.
      setFlagsFromString('--optimize-for-size')
      const input = {
        providerAccountCode: options.account,
        from: parseMoment('from', options.from),
        to: parseMoment('to', options.to),
        marginMs: Math.round(Number(options.margin) * 1000),
        format: formatOf(file, options.format),
      }
      const reached = await reachMigrated(readDatabaseConfig())
      try {
        const entries = (dialect: string) => readReport(dialect, input.format, bytesOf(file))
        const done = await asSystemOn(reached.target, (ctx) =>
          reconcile(ctx, reached.target, { ...input, entries, onProgress: progressLines() }),
        )
        tell(done)
      } finally {
        await reached.close()
      }
    })

function formatOf(file: string, given: Options['format']): ReportFormat {
  if (given) return given === 'csv' ? 'CSV' : 'JSON'
  return /\.(json|jsonl|ndjson)$/i.test(file) ? 'JSON' : 'CSV'
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* (file === '-' ? process.stdin : createReadStream(file)) as AsyncIterable<Uint8Array>
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new Problem('FILE', `${file}: ${reason}`)
  }
}

/** A line a second on stderr while it goes on. */
function progressLines(): (progress: Progress) => void {
  const startedMs = performance.now()
  let toldMs = startedMs
  return (progress) => {
    const now = performance.now()
    if (now - toldMs < progressEveryMs) return
    toldMs = now
    complain(progressLine(progress, (now - startedMs) / 1000))
  }
}

function progressLine({ linesRead, matched, booksRead, counts }: Progress, seconds: number): string {
  const mismatches = Object.values(counts).reduce((sum, one) => sum + one, 0)
  const read = `${linesRead} lines read, ${matched} matched, ${mismatches} mismatches`
  if (booksRead > 0) return `${read}; ${booksRead} of ours looked up`
  return `${read}, ${Math.round(linesRead / seconds)} lines a second`
}

function tell({ reconciliationId, linesRead, matched, counts }: Reconciled): void {
  const rows = Object.entries(counts).map(([bucket, count]) => [bucket, String(count)])
  printTable(['RESULT', 'COUNT'], [['LINES READ', String(linesRead)], ['MATCHED', String(matched)], ...rows])
  print('', globalId('Reconciliation', reconciliationId))
}
