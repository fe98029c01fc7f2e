import type { Row, Step, Verdict } from '../row.ts'
import { verdicts } from '../row.ts'

export const heading = ` #  VERDICT  ${'SCENARIO'.padEnd(52)}  EXPECTED OF MONEY: OF ANSWERS -> CAME`

/** A row as lines of the terminal: what was expected and what came; a failure with the very step. */
export function linesOf(row: Row): string[] {
  const { number, verdict, title, reason } = row
  const start = `${String(number).padStart(2)}  ${verdict.padEnd(7)}  ${title.padEnd(52)}  `
  if (reason !== undefined) return [start + reason]
  const failed = row.steps.find(({ ok }) => !ok)
  if (!failed) return [start + `${row.money}: ${answersOf(row.steps)}`]
  const basis = row.basis === 'OUR_READING' ? [`${indent}(no public text says so: our reading)`] : []
  return [start + row.money, `${indent}${failed.what}`, ...sidesOf(failed), ...basis]
}

const indent = ' '.repeat(13)

const sidesOf = ({ expected, came }: Step) => [
  `${indent}  expected  ${expected}`,
  `${indent}  came      ${came}`,
]

/** Balances were as exact as they had to be, or the row would not have passed. */
function answersOf(steps: readonly Step[]): string {
  const answers = steps.filter(({ what }) => !what.includes('balance'))
  const expected = listOf(answers.map(({ expected: one }) => one))
  const came = listOf(answers.map((step) => step.came))
  return expected === came ? `${came} -> as expected` : `${short(expected)} -> ${came}`
}

const listOf = (texts: readonly string[]) => [...new Set(texts)].join(', ')

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

export type Counts = Readonly<Record<Verdict, number>>

export const countsOf = (rows: readonly Row[]): Counts =>
  Object.fromEntries(
    verdicts.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]),
  ) as Record<Verdict, number>

export function summaryOf(rows: readonly Row[]): string {
  const { PASS, FAIL, SKIP, 'N/A': none } = countsOf(rows)
  return `${PASS} passed, ${FAIL} failed, ${SKIP} skipped, ${none} not in this dialect`
}
