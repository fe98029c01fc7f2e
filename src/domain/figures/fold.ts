// Adds what the journal says to the figures, a step at a time. Not part of any money transaction: a bet pays nothing.
import { Parameters, readValues } from '../../db/rows.ts'
import type { ReadContext } from '../context.ts'
import { foldStatement } from './fold-statement.ts'

export interface FoldOptions {
  /** At most this many rows of a lane in one step. */
  readonly laneRows?: number
  /** Does nothing when any process took a step less than this long ago. */
  readonly gapMs?: number
}

export interface FoldStep {
  /** False when another process is at it, or was just now. */
  readonly taken: boolean
  /** Journal rows that were read, and those of them that changed figures. */
  readonly rows: number
  readonly events: number
  /** There is more at once. */
  readonly behind: boolean
}

const laneRowsUsual = 2000

/** One step: one statement, and so all or nothing. Any number of processes may call it at once. */
export async function foldStep(
  { sql }: Pick<ReadContext, 'sql'>,
  { laneRows = laneRowsUsual, gapMs = 0 }: FoldOptions = {},
): Promise<FoldStep> {
  const parameters = new Parameters()
  parameters.add('int', laneRows)
  parameters.add('interval', `${gapMs} milliseconds`)
  const [row = []] = await readValues(sql, foldStatement, parameters.values)
  const [taken, rows, events, behind] = row
  return { taken: taken === 1, rows: Number(rows), events: Number(events), behind: behind === true }
}

export interface FoldProgress {
  readonly steps: number
  readonly rows: number
  readonly events: number
}

/**
 * Steps until there is nothing more at once, or the signal says stop. Returns what was done; a step that another
 * process was at is waited for a little, and not counted.
 */
export async function foldAll(
  ctx: Pick<ReadContext, 'sql'>,
  options: FoldOptions & {
    readonly signal?: AbortSignal
    readonly onStep?: (progress: FoldProgress) => void
  } = {},
): Promise<FoldProgress> {
  let progress: FoldProgress = { steps: 0, rows: 0, events: 0 }
  while (!options.signal?.aborted) {
    const step = await foldStep(ctx, options)
    if (!step.taken) {
      await new Promise((resolve) => setTimeout(resolve, busyWaitMs))
      continue
    }
    const { steps, rows, events } = progress
    progress = { steps: steps + 1, rows: rows + step.rows, events: events + step.events }
    options.onStep?.(progress)
    if (!step.behind) break
  }
  return progress
}

const busyWaitMs = 50
