// What was staked and returned on a wallet in the present day, week and month of its brand's calendar. One day number
// says which periods the sums are of; sums of periods that are over count as zero. Pure.
import { monthOfDay, weekOfDay } from '../../lib/calendar.ts'
import type { Wallet } from './types.ts'

export const periods = ['DAY', 'WEEK', 'MONTH'] as const
export type Period = (typeof periods)[number]

/** Of real stakes, cash and bonus alike; what was taken back is in neither. */
export interface Sums {
  readonly stakedMinor: bigint
  readonly returnedMinor: bigint
}

export interface Counters extends Readonly<Record<Period, Sums>> {
  /** The day that was counted last. */
  readonly day: number
}

const none: Sums = { stakedMinor: 0n, returnedMinor: 0n }

export const noCounters: Counters = { day: 0, DAY: none, WEEK: none, MONTH: none }

/** As a wallet's row has them. */
export const countersOf = (row: Wallet): Counters => ({
  day: row.countedDay,
  DAY: { stakedMinor: row.dayStakedMinor, returnedMinor: row.dayReturnedMinor },
  WEEK: { stakedMinor: row.weekStakedMinor, returnedMinor: row.weekReturnedMinor },
  MONTH: { stakedMinor: row.monthStakedMinor, returnedMinor: row.monthReturnedMinor },
})

/** Whether two days are in the same period. */
const same: Readonly<Record<Period, (a: number, b: number) => boolean>> = {
  DAY: (a, b) => a === b,
  WEEK: (a, b) => weekOfDay(a) === weekOfDay(b),
  MONTH: (a, b) => monthOfDay(a) === monthOfDay(b),
}

/** The sums on a day. A clock that goes back begins nothing anew. */
export function countersOn(counters: Counters, today: number): Counters {
  const { day } = counters
  if (today <= day) return counters
  const kept = (period: Period) => (same[period](day, today) ? counters[period] : none)
  return { day: today, DAY: none, WEEK: kept('WEEK'), MONTH: kept('MONTH') }
}

/**
 * Counts something that happened on a day, today or before, in those of today's periods that it was in. So what is
 * taken back leaves the sums that it was counted in, as long as they are still the present ones.
 */
export function count(counters: Counters, today: number, day: number, change: Partial<Sums>): Counters {
  const now = countersOn(counters, today)
  const { stakedMinor = 0n, returnedMinor = 0n } = change
  const counted = (period: Period): Sums => {
    const sums = now[period]
    if (!same[period](day, now.day)) return sums
    return {
      stakedMinor: sums.stakedMinor + stakedMinor,
      returnedMinor: sums.returnedMinor + returnedMinor,
    }
  }
  return { day: now.day, DAY: counted('DAY'), WEEK: counted('WEEK'), MONTH: counted('MONTH') }
}
