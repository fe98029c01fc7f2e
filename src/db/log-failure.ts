import { hasCode, isAway } from '../lib/is-away.ts'
import type { Log } from '../lib/log.ts'
import { LaneLost } from './lane.ts'

/** The database is out of something, does not write, lets others go first, or a verb has told so already. */
const passing = /^(53|58|08|25006|40|55P03|57014|UNAVAILABLE)/u

const passes = (thrown: unknown): boolean =>
  thrown instanceof LaneLost || isAway(thrown) || hasCode(thrown, passing)

/** Of a job that comes again by itself: an error, or a warning when the database's trouble is all there is to it. */
export const logFailure =
  (log: Log, message: string) =>
  (error: unknown): void => {
    if (passes(error)) log.warn({ err: error }, message)
    else log.error({ err: error }, message)
  }
