import { Parameters, readValues } from '../../db/rows.ts'
import { Problem } from '../../lib/problem.ts'
import type { ScopedContext } from '../context.ts'

/** What a report looks at: moments on whole hours, or whole days of each brand's own clock. */
export type Window =
  | { readonly from: Date; readonly to: Date }
  | { readonly firstDay: string; readonly lastDay: string }
  | { readonly lastDays: number }

/** The window by one brand's clock: from a moment on, before another. */
export interface BrandWindow {
  readonly brandId: string
  readonly timeZone: string
  readonly from: Date
  readonly to: Date
  /** Both ends are midnights of the brand. */
  readonly wholeDays: boolean
}

export interface Windows {
  readonly brands: readonly BrandWindow[]
  /** All that was acknowledged before this is counted; null while nothing was counted yet. */
  readonly asOf: string | null
  /** What was recorded before went unseen; null when nothing did. */
  readonly since: string | null
}

export const windowDaysMax = 400

const dayMs = 86_400_000

/** One statement. A Problem says what is wrong with the window, and by which brand's clock. */
export async function windowsOf(
  ctx: ScopedContext,
  window: Window,
  brandIds: readonly string[],
): Promise<Windows> {
  checkLength(window)
  const parameters = new Parameters()
  const [low, high] = ends(window, ctx.clock.now(), parameters)
  const text = `/* figures: the window by the clock of each brand */
select b.id, b.code, b.time_zone, (extract(epoch from w.low) * 1000)::float8,
  (extract(epoch from w.high) * 1000)::float8,
  date_trunc('hour', w.low, b.time_zone) = w.low and date_trunc('hour', w.high, b.time_zone) = w.high,
  date_trunc('day', w.low, b.time_zone) = w.low and date_trunc('day', w.high, b.time_zone) = w.high,
  to_char(s.as_of at time zone 'UTC', ${stampFormat}), to_char(s.since at time zone 'UTC', ${stampFormat})
from figure_state s left join brands b on b.id = any(${parameters.addArray('uuid', brandIds)})
  and b.id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})
left join lateral (select ${low} as low, ${high} as high) w on true
order by b.code`
  const rows = await readValues(ctx.sql, text, parameters.values, false)
  const brands = rows.filter(([id]) => id !== null).map(toBrandWindow)
  const [first = []] = rows
  return { brands, asOf: textOrNull(first[7]), since: textOrNull(first[8]) }
}

const stampFormat = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function toBrandWindow(row: readonly unknown[]): BrandWindow {
  const [id, code, timeZone, low, high, onHours, wholeDays] = row
  if (onHours !== true) {
    const clock = `the clock of brand ${String(code)} (${String(timeZone)})`
    throw new Problem(
      'BAD_USER_INPUT',
      `from and to are whole hours, and by ${clock} they are not`,
      'window.between',
    )
  }
  return {
    brandId: String(id),
    timeZone: String(timeZone),
    from: new Date(Number(low)),
    to: new Date(Number(high)),
    wholeDays: wholeDays === true,
  }
}

function checkLength(window: Window): void {
  const [days, field] = lengthOf(window)
  if (days <= 0) throw new Problem('BAD_USER_INPUT', 'a window ends after it begins', field)
  if (days > windowDaysMax) {
    throw new Problem(
      'BAD_USER_INPUT',
      `a window is at most ${windowDaysMax} days, not ${Math.ceil(days)}`,
      field,
    )
  }
}

function lengthOf(window: Window): readonly [days: number, field: string] {
  if ('lastDays' in window) return [window.lastDays, 'window.lastDays']
  if ('from' in window) return [(window.to.getTime() - window.from.getTime()) / dayMs, 'window.between']
  return [(Date.parse(window.lastDay) - Date.parse(window.firstDay)) / dayMs + 1, 'window.days']
}

/** Both ends in SQL, by the clock of brand b. */
function ends(window: Window, now: Date, parameters: Parameters): readonly [low: string, high: string] {
  if ('from' in window) {
    return [
      parameters.add('timestamptz', window.from.toISOString()),
      parameters.add('timestamptz', window.to.toISOString()),
    ]
  }
  if ('firstDay' in window) {
    const [first, last] = [parameters.add('date', window.firstDay), parameters.add('date', window.lastDay)]
    return [midnight(`${first}::timestamp`), midnight(`${last}::timestamp + interval '1 day'`)]
  }
  const today = `date_trunc('day', ${parameters.add('timestamptz', now.toISOString())} at time zone b.time_zone)`
  const days = parameters.add('int4', window.lastDays - 1)
  return [midnight(`${today} - make_interval(days => ${days})`), midnight(`${today} + interval '1 day'`)]
}

const midnight = (local: string) => `(${local}) at time zone b.time_zone`
