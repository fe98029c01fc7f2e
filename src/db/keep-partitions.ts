import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { repeatedly } from '../lib/repeatedly.ts'
import { type ConnectionTarget, openDatabase } from './connection.ts'
import { ensurePartitions } from './partitions.ts'
import { retain } from './retention.ts'
import type { RetentionPolicy } from './retention-survey.ts'

const everySixHoursMs = 6 * 3_600_000

export interface KeepOptions {
  readonly target: ConnectionTarget
  readonly log: Log
  readonly clock: Clock
  readonly everyMs?: number
  /** What may go; nothing when absent. */
  readonly retention?: RetentionPolicy
  /** Whether this process seals windows, for what may go. */
  readonly sealing?: boolean
}

/**
 * Attaches the months ahead and drops old ones while the process runs, at once and every six hours, as the login role:
 * when that is not the owner of the tables, the log says so and `migrate` and `retention` do it instead. Any number of
 * processes may. Closing cuts an archive off; the next run goes on.
 */
export function keepPartitions(options: KeepOptions): { close(): Promise<void> } {
  const { target, log, clock, everyMs = everySixHoursMs } = options
  const closing = new AbortController()
  const first = run()
  const later = repeatedly(everyMs, run, (error) => log.error({ err: error }, 'months were not looked after'))

  async function run(): Promise<void> {
    await attach()
    if (!closing.signal.aborted) await drop()
  }

  async function attach(): Promise<void> {
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

  async function drop(): Promise<void> {
    const { retention: policy, sealing = false } = options
    if (!policy) return
    const { callsMonths, journalMonths, ledgerMonths, countsMonths } = policy
    if (!(callsMonths || journalMonths || ledgerMonths || countsMonths)) return
    try {
      await retain({ target, policy, now: clock.now(), log, sealing, signal: closing.signal })
    } catch (error) {
      if (closing.signal.aborted) return
      log.warn({ err: error }, 'old months could not be dropped: run `npm run pitboss -- retention`')
    }
  }

  return {
    async close() {
      closing.abort()
      await Promise.all([first, later.stop()])
    },
  }
}
