// CSV as RFC 4180 has it, a stream of any length. A line that is broken is told of and costs nobody but itself: the
// one after it is read again from its beginning.
import { Problem } from '../lib/problem.ts'
import type { RawEntry, ReportRecord } from './report.ts'

const lineLengthMax = 65_536
/** A quoted cell may go over so many lines; a quote that is open for longer was never meant to be one. */
const recordLinesMax = 10

export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  needed: readonly string[],
): AsyncGenerator<RawEntry[]> {
  const decoder = new TextDecoder()
  const records = new CsvRecords(needed)
  let rest = ''
  for await (const block of bytes) {
    const lines = (rest + decoder.decode(block, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > lineLengthMax) throw tooLong()
    yield records.take(lines)
  }
  yield records.end(rest + decoder.decode())
}

const tooLong = () => new Problem('REPORT_FORMAT', `a line is longer than ${lineLengthMax} characters`)

type Cells = string[] | 'OPEN' | 'BROKEN'

class CsvRecords {
  readonly #needed: readonly string[]
  /** Where each column stands; undefined before the heading has come. */
  #header: ReadonlyMap<string, number> | undefined
  #width = 0
  #line = 0
  /** Lines of a record whose quote is still open. */
  #open: string[] = []

  constructor(needed: readonly string[]) {
    this.#needed = needed
  }

  take(lines: readonly string[]): RawEntry[] {
    const entries: RawEntry[] = []
    for (const line of lines) this.#push(line, entries)
    return entries
  }

  end(last: string): RawEntry[] {
    const entries: RawEntry[] = []
    if (last !== '') this.#push(last, entries)
    while (this.#open.length > 0) this.#giveUp(entries)
    if (!this.#header) throw new Problem('REPORT_FORMAT', 'the report is empty')
    return entries
  }

  #push(text: string, entries: RawEntry[]): void {
    if (text.length > lineLengthMax) throw tooLong()
    this.#line += 1
    this.#open.push(text)
    const whole = this.#open.length === 1 ? text : this.#open.join('\n')
    const cells = cellsOf(whole.endsWith('\r') ? whole.slice(0, -1) : whole)
    if (cells === 'OPEN' && this.#open.length < recordLinesMax) return
    // A record over several lines that has the wrong number of cells is a quote too many, and lines after it.
    const strayQuote = this.#open.length > 1 && cells.length !== this.#width
    if (typeof cells === 'string' || strayQuote) {
      this.#giveUp(entries)
    } else {
      const line = this.#line - this.#open.length + 1
      this.#open = []
      this.#add(line, cells, entries)
    }
  }

  /** The first of the lines is broken; those after it are lines of their own. */
  #giveUp(entries: RawEntry[]): void {
    const [, ...others] = this.#open
    this.#open = []
    this.#line -= others.length
    if (!this.#header) throw new Problem('REPORT_FORMAT', 'the heading is not CSV')
    entries.push({ line: this.#line, fault: 'its quotes are not those of CSV' })
    for (const other of others) this.#push(other, entries)
  }

  #add(line: number, cells: readonly string[], entries: RawEntry[]): void {
    if (cells.length === 1 && cells[0] === '') return
    if (!this.#header) {
      this.#header = headerOf(cells, this.#needed)
      this.#width = cells.length
    } else if (cells.length === this.#width) {
      entries.push({ line, record: recordOf(this.#header, cells) })
    } else {
      const fault = `it has ${cells.length} cells where the heading has ${this.#width}`
      entries.push({ line, fault })
    }
  }
}

function headerOf(cells: readonly string[], needed: readonly string[]): ReadonlyMap<string, number> {
  const header = cells.map((cell) =>
    cell
      .replace(/^\ufeff/, '')
      .trim()
      .toLowerCase(),
  )
  const missing = needed.filter((name) => !header.includes(name))
  if (missing.length > 0) {
    throw new Problem('REPORT_COLUMNS', `the report lacks the columns ${missing.join(', ')}`)
  }
  const twice = needed.find((name) => header.indexOf(name) !== header.lastIndexOf(name))
  if (twice) throw new Problem('REPORT_COLUMNS', `the report has the column ${twice} twice`)
  return new Map(header.map((name, at) => [name, at]))
}

const recordOf = (header: ReadonlyMap<string, number>, cells: readonly string[]): ReportRecord => ({
  get: (column) => cells[header.get(column) ?? -1] || undefined,
  has: (column) => header.has(column),
})

function cellsOf(text: string): Cells {
  if (!text.includes('"')) return text.split(',')
  const cells: string[] = []
  for (let at = 0; ; ) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1)
      if (end < 0) return 'OPEN'
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 1
    } else {
      const comma = text.indexOf(',', at)
      const end = comma < 0 ? text.length : comma
      const cell = text.slice(at, end)
      if (cell.includes('"')) return 'BROKEN'
      cells.push(cell)
      at = end
    }
    if (at >= text.length) return cells
    if (text[at] !== ',') return 'BROKEN'
    at += 1
  }
}

/** Where a quoted cell ends: two quotes in a row are one of its own. Below zero when it does not. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}
