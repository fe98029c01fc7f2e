import type { ConnectionTarget } from '../../db/connection.ts'
import { type ErrandOptions, openErrand } from '../../db/errand.ts'
import type { Log } from '../../lib/log.ts'
import { repeatedly } from '../../lib/repeatedly.ts'
import { foldStep } from './fold.ts'

export interface FoldingOptions {
  readonly target: ConnectionTarget
  readonly log: Log
  readonly role?: ErrandOptions['role']
  /** How long after one step the next begins when there is little to do; longer means fewer, larger steps. */
  readonly everyMs?: number
  readonly laneRows?: number
}

const everyMsUsual = 2000
const stepsAtOnce = 50

/**
 * Folds while the process runs. Every process does, and each step is taken by whichever comes first; a step that is
 * cut off never was. Closing waits for the step under way.
 */
export function startFolding(options: FoldingOptions): { close(): Promise<void> } {
  const { target, log, role, everyMs = everyMsUsual, laneRows } = options
  const errand = openErrand(target, { applicationName: 'pitboss figures', ...(role ? { role } : {}) })
  const stopping = new AbortController()
  const step = laneRows === undefined ? {} : { laneRows }

  async function pass(): Promise<void> {
    // The first waits its turn among the processes; one that finds more than a page goes on by itself.
    let { behind } = await foldStep(errand, { ...step, gapMs: everyMs / 2 })
    for (let n = 1; behind && n < stepsAtOnce && !stopping.signal.aborted; n += 1) {
      ;({ behind } = await foldStep(errand, step))
    }
  }

  const passes = repeatedly(everyMs, pass, (error) =>
    log.warn({ err: error }, 'figures are not up to date: their step failed'),
  )
  return {
    async close() {
      stopping.abort()
      await passes.stop()
      await errand.close()
    },
  }
}
