// The only place that writes to the terminal: results to stdout, so that they can be piped; everything else to stderr.
/* oxlint-disable no-console */
import type { Log } from '../lib/log.ts'
import { withoutValues } from '../lib/without-values.ts'

export function print(...lines: readonly string[]): void {
  for (const line of lines) console.log(line)
}

export function complain(...lines: readonly string[]): void {
  for (const line of lines) console.error(line)
}

/** Rows under their headings, each column as wide as its widest text. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  for (const row of [headings, ...rows]) {
    print(
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

/** What the floors below report while a command runs: only what went wrong is worth a line. */
export const commandLog: Log = {
  debug() {},
  info() {},
  warn: (facts, message) => complain(`warning: ${message}${reasonOf(facts)}`),
  error: (facts, message) => complain(`error: ${message}${reasonOf(facts)}`),
}

function reasonOf(facts: object): string {
  const { err } = facts as { err?: unknown }
  return err instanceof Error ? `: ${withoutValues(err.message, err)}` : ''
}
