import type { ConnectionTarget } from '../../db/connection.ts'
import { logFailure } from '../../db/log-failure.ts'
import type { Log } from '../../lib/log.ts'
import { repeatedly } from '../../lib/repeatedly.ts'
import { openFolder } from './open-folder.ts'

export interface FoldingOptions {
  readonly target: ConnectionTarget
  readonly log: Log
  readonly role?: string
  /** How long after one step the next begins when there is little to do; longer means fewer, larger steps. */
  readonly everyMs?: number
  readonly laneRows?: number
}

const everyMsUsual = 2000
const stepsAtOnce = 50
const closeWaitMs = 5000

/**
 * Folds while the process runs. Every process does, and each step is taken by whichever comes first; a step that is
 * cut off never was. Closing waits for the step under way, but not for long.
 */
export function startFolding(options: FoldingOptions): { close(): Promise<void> } {
  const { target, log, role, everyMs = everyMsUsual, laneRows } = options
  const folder = openFolder(target, { applicationName: 'pitboss figures', ...(role ? { role } : {}) })
  const stopping = new AbortController()
  const step = laneRows === undefined ? {} : { laneRows }

  async function pass(): Promise<void> {
    // The first waits its turn among the processes; one that finds more than a page goes on by itself.
    let { behind } = await folder.step({ ...step, gapMs: everyMs / 2 })
    for (let n = 1; behind && n < stepsAtOnce && !stopping.signal.aborted; n += 1) {
      ;({ behind } = await folder.step(step))
    }
  }

  const passes = repeatedly(everyMs, pass, logFailure(log, 'figures are not up to date: their step failed'))
  return {
    async close() {
      stopping.abort()
      const stopped = passes.stop()
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, closeWaitMs).unref())])
      await folder.close()
      await stopped
    },
  }
}
