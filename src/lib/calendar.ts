// Calendar days, weeks and months of a time zone. A day is a number, counted from 1970-01-01 (which was a Thursday).

const dayMs = 86_400_000
const minuteMs = 60_000

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** The newest answer: every day of every zone begins on a whole minute. */
  minute: number
  day: number
}

const zones = new Map<string, Zone>()

function zoneOf(name: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, calendar: 'gregory', ...parts })
  const zone = { format, minute: Number.NaN, day: 0 }
  zones.set(name, zone)
  return zone
}

/** The day it is at a moment in a time zone (IANA name). */
export function dayOf(at: Date, timeZone: string): number {
  const zone = zoneOf(timeZone)
  const minute = Math.floor(at.getTime() / minuteMs)
  if (minute === zone.minute) return zone.day
  const part = new Map(zone.format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const [year = 0, month = 1, day = 1] = [part.get('year'), part.get('month'), part.get('day')]
  zone.minute = minute
  zone.day = Date.UTC(year, month - 1, day) / dayMs
  return zone.day
}

/** Which week a day is in; weeks begin on Monday. */
export const weekOfDay = (day: number): number => Math.floor((day + 3) / 7)

/** Which month a day is in, counted from January of the year 0. */
export function monthOfDay(day: number): number {
  const date = new Date(day * dayMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
