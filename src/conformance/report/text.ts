import type { Row, Step, Verdict } from '../row.ts'
import { verdicts } from '../row.ts'

export const heading = ` #  VERDICT  ${'SCENARIO'.padEnd(52)}  EXPECTED -> CAME`

/** A row as lines of the terminal: what was expected and what came; a failure with the very step. */
export function linesOf(row: Row): string[] {
  const { number, verdict, title, reason } = row
  const start = `${String(number).padStart(2)}  ${verdict.padEnd(7)}  ${title.padEnd(52)}  `
  if (reason !== undefined) return [start + reason]
  const failed = row.steps.find(({ ok }) => !ok)
  if (!failed) return [start + `${row.money} -> ${answersOf(row.steps)}`]
  const basis = row.basis === 'OUR_READING' ? [`${indent}(no public text says so: our reading)`] : []
  return [start + row.money, `${indent}${failed.what}`, ...sidesOf(failed), ...basis]
}

const indent = ' '.repeat(13)

const sidesOf = ({ expected, came }: Step) => [
  `${indent}  expected  ${expected}`,
  `${indent}  came      ${came}`,
]

/** The answers that came, each once; balances were as exact as they had to be. */
const answersOf = (steps: readonly Step[]): string =>
  [...new Set(steps.filter(({ what }) => !/balance/.test(what)).map(({ came }) => came))].join(', ')

export type Counts = Readonly<Record<Verdict, number>>

export const countsOf = (rows: readonly Row[]): Counts =>
  Object.fromEntries(
    verdicts.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]),
  ) as Record<Verdict, number>

export function summaryOf(rows: readonly Row[]): string {
  const { PASS, FAIL, SKIP, 'N/A': none } = countsOf(rows)
  return `${PASS} passed, ${FAIL} failed, ${SKIP} skipped, ${none} not in this dialect`
}
