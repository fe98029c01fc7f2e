import type { Row } from '../row.ts'
import type { Run } from './json.ts'
import { countsOf } from './text.ts'

/** JUnit's XML, as build servers read it: a test case for each scenario. */
export function junitReport({ dialect, startedAt, rows }: Run): string {
  const { FAIL, SKIP, 'N/A': none } = countsOf(rows)
  const attributes = {
    name: `wallet conformance, ${dialect}`,
    tests: rows.length,
    failures: FAIL,
    errors: 0,
    skipped: SKIP + none,
    time: seconds(rows.reduce((sum, { ms }) => sum + ms, 0)),
    timestamp: startedAt,
  }
  const cases = rows.map((row) => caseOf(row, dialect))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuite', attributes, `\n${cases.join('')}`)}`
}

function caseOf(row: Row, dialect: string): string {
  const name = `${String(row.number).padStart(2, '0')} ${row.title}`
  return element(
    'testcase',
    { classname: `conformance.${dialect}`, name, time: seconds(row.ms) },
    inside(row),
  )
}

function inside({ verdict, reason, steps }: Row): string {
  if (verdict === 'PASS') return ''
  if (reason !== undefined) return element('skipped', { message: reason }, '')
  const failed = steps.find(({ ok }) => !ok)
  const message = failed && `${failed.what}: expected ${failed.expected}, came ${failed.came}`
  const all = steps.map(({ what, expected, came }) => `${what}: expected ${expected}, came ${came}`)
  return element('failure', { message: message ?? '', type: 'nonconforming' }, escape(all.join('\n')))
}

const seconds = (ms: number) => (ms / 1000).toFixed(3)

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`)
  return content === ''
    ? `<${name}${written.join('')}/>\n`
    : `<${name}${written.join('')}>${content}</${name}>\n`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML cannot carry at all become a question mark. */
const escape = (text: string) =>
  text
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
    .replace(/[&<>"]/g, (one) => entities[one] ?? one)
