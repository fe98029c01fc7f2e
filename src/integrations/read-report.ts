import type { ReportEntry, ReportFormat } from '../domain/reconciliation/types.ts'
import { Problem } from '../lib/problem.ts'
import { hub88Report } from './hub88/report.ts'
import { isKey, type RawEntry, type Report, type ReportRecord } from './report.ts'
import { readCsv } from './report-csv.ts'
import { readJson } from './report-json.ts'

/** The dialects whose reports can be read. */
const reports: ReadonlyMap<string, Report> = new Map([['hub88', hub88Report]])

/** How many lines are compared at once. */
const chunkLines = 1000

/**
 * A report's lines in chunks. REPORT_UNKNOWN when nobody has said what a report of the dialect looks like,
 * REPORT_COLUMNS when columns are missing, REPORT_FORMAT when it is not of its format.
 */
export async function* readReport(
  dialect: string,
  format: ReportFormat,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<ReportEntry[]> {
  const report = reports.get(dialect)
  if (!report) throw new Problem('REPORT_UNKNOWN', `reports of the dialect ${dialect} cannot be read`)
  const { columns, optional } = report
  const raw =
    format === 'CSV'
      ? readCsv(bytes, columns)
      : readJson(
          bytes,
          columns.filter((name) => !optional.includes(name)),
        )
  let chunk: ReportEntry[] = []
  for await (const entries of raw) {
    for (const entry of entries) chunk.push(toEntry(entry, report))
    while (chunk.length >= chunkLines) {
      yield chunk.slice(0, chunkLines)
      chunk = chunk.slice(chunkLines)
    }
  }
  if (chunk.length > 0) yield chunk
}

function toEntry(entry: RawEntry, report: Report): ReportEntry {
  const { line } = entry
  if ('fault' in entry) return { line, transactionKey: null, fault: entry.fault }
  try {
    return { line, theirs: report.read(entry.record) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { line, transactionKey: keyOf(entry.record, report), fault: error.message }
  }
}

function keyOf(record: ReportRecord, { keyColumn }: Report): string | null {
  const key = record.get(keyColumn)
  return key !== undefined && isKey(key) ? key : null
}
