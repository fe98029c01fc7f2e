/** The calendar has no year 0, and PostgreSQL would tell of one before Christ. */
const pattern = /^((?!0000)\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:?00)?$/

/** `2023-01-17 08:13:17.985795+00:00`, always UTC, cut to milliseconds; undefined when it is not a moment. */
export function providerTime(text: string | undefined): Date | undefined {
  const match = pattern.exec(text?.trim() ?? '')
  if (!match) return undefined
  const [, day, time, fraction = ''] = match
  const moment = new Date(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
