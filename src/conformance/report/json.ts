import type { Row } from '../row.ts'
import { countsOf } from './text.ts'

export interface Run {
  readonly dialect: string
  readonly url: string
  readonly startedAt: string
  readonly rows: readonly Row[]
}

/** Everything that is known, for programs. */
export const jsonReport = (run: Run): string =>
  `${JSON.stringify({ ...run, counts: countsOf(run.rows) }, null, 2)}\n`
