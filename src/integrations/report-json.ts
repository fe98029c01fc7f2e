// JSON reports of any length: an array of objects, an object that holds one, or an object a line. Numbers keep the
// text they were written in.
import { Problem } from '../lib/problem.ts'
import { ObjectCutter } from './object-cutter.ts'
import type { RawEntry } from './report.ts'
import { type Json, NumberText, parseJson } from './strict-json.ts'

/** No object of a report is longer, in characters. */
const recordLengthMax = 65_536

/** Entries are numbered from 1 on; blank lines count where there is an object a line. */
export async function* readJson(
  bytes: AsyncIterable<Uint8Array>,
  needed: readonly string[],
): AsyncGenerator<RawEntry[]> {
  const decoder = new TextDecoder()
  let begin = ''
  let reader: Reader | undefined
  for await (const block of bytes) {
    const text = decoder.decode(block, { stream: true })
    if (reader) {
      yield reader.take(text)
      continue
    }
    begin += text
    if (begin.length < recordLengthMax && !begin.trimStart().includes('\n')) continue
    reader = readerOf(begin, needed)
    yield reader.take(begin)
  }
  const last = decoder.decode()
  if (reader) {
    yield reader.take(last)
  } else {
    reader = readerOf(begin + last, needed)
    yield reader.take(begin + last)
  }
  yield reader.end()
}

interface Reader {
  take(text: string): RawEntry[]
  end(): RawEntry[]
}

/** An object a line when the first line is a whole object with the columns; else a list is looked for. */
function readerOf(begin: string, needed: readonly string[]): Reader {
  const text = begin.trimStart()
  if (!/^[{[]/.test(text)) throw new Problem('REPORT_FORMAT', 'the report is not JSON')
  const line = text.split('\n', 1)[0] ?? ''
  const first = toEntry(line, 1)
  const [key = ''] = needed
  const aLineEach = text.startsWith('{') && 'record' in first && first.record.get(key) !== undefined
  return checking(aLineEach ? lineReader() : listReader(), needed)
}

/** Refuses a report whose first record lacks columns. */
function checking(reader: Reader, needed: readonly string[]): Reader {
  let checked = false
  const check = (entries: RawEntry[]): RawEntry[] => {
    const first = checked ? undefined : entries.find((one) => 'record' in one)
    if (first && 'record' in first) {
      checked = true
      const missing = needed.filter((name) => !first.record.has(name))
      const message = `the report lacks the columns ${missing.join(', ')}`
      if (missing.length > 0) throw new Problem('REPORT_COLUMNS', message)
    }
    return entries
  }
  return { take: (text) => check(reader.take(text)), end: () => check(reader.end()) }
}

function lineReader(): Reader {
  let rest = ''
  let line = 0
  const read = (lines: readonly string[]): RawEntry[] =>
    lines.flatMap((text) => {
      line += 1
      return text.trim() === '' ? [] : [toEntry(text, line)]
    })
  return {
    take(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > recordLengthMax) throw tooLong()
      return read(lines)
    },
    end: () => read([rest]),
  }
}

function listReader(): Reader {
  const cutter = new ObjectCutter()
  let count = 0
  return {
    take(text) {
      const entries = cutter.cut(text).map((one) => toEntry(one, (count += 1)))
      if (cutter.pendingLength > recordLengthMax) throw tooLong()
      return entries
    },
    end() {
      if (!cutter.closed)
        throw new Problem('REPORT_FORMAT', 'the report ends in the middle, or holds no list')
      return []
    },
  }
}

const tooLong = () => new Problem('REPORT_FORMAT', `an entry is longer than ${recordLengthMax} characters`)

function toEntry(text: string, line: number): RawEntry {
  try {
    const value = parseJson(Buffer.from(text))
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberText) {
      return { line, fault: 'it is not an object' }
    }
    return { line, record: recordOf(value) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { line, fault: 'it is not JSON with distinct keys' }
  }
}

function recordOf(value: { readonly [key: string]: Json }): ReadonlyMap<string, string | undefined> {
  const record = new Map<string, string | undefined>()
  for (const [name, one] of Object.entries(value)) {
    if (one instanceof NumberText) record.set(name, one.text)
    else record.set(name, typeof one === 'string' && one !== '' ? one : undefined)
  }
  return record
}
