import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type ConnectionTarget, openDatabase } from './connection.ts'
import { ensurePartitions } from './partitions.ts'

const everySixHoursMs = 6 * 3_600_000

export interface KeepOptions {
  readonly target: ConnectionTarget
  readonly log: Log
  readonly clock: Clock
  readonly everyMs?: number
}

/**
 * Attaches the months ahead while the process runs, at once and every six hours, as the login role: when that is not
 * the owner of the tables, the log says so and `migrate` does it instead. Any number of processes may.
 */
export function keepPartitions({ target, log, clock, everyMs = everySixHoursMs }: KeepOptions): {
  close(): Promise<void>
} {
  let running = run()
  const timer = setInterval(() => {
    running = running.then(run)
  }, everyMs)
  timer.unref()

  async function run(): Promise<void> {
    const { sql, close } = openDatabase({
      target,
      poolMax: 1,
      statementTimeoutMs: 30_000,
      applicationName: 'pitboss partitions',
    })
    try {
      const made = await ensurePartitions(sql, { now: clock.now() })
      if (made.length > 0) log.info({ partitions: made }, 'months ahead were attached')
    } catch (error) {
      log.warn({ err: error }, 'months ahead could not be attached: run `npm run pitboss -- migrate` in time')
    } finally {
      await close()
    }
  }

  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
