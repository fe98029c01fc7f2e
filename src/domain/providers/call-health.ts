import { Parameters, readValues } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'

export const stepMs = { minute: 60_000, hour: 3_600_000 } as const

/** A time that begins and ends with a whole part. */
export interface HealthWindow {
  readonly from: Date
  readonly to: Date
  /** The length of its parts. */
  readonly unit: 'minute' | 'hour'
  /** Both when absent. */
  readonly direction: 'INBOUND' | 'OUTBOUND' | null
}

/** The calls of one time. */
export interface CallCounts {
  readonly from: Date
  readonly to: Date
  readonly calls: number
  readonly errors: number
  readonly duplicates: number
  readonly declined: number
  /** In microseconds, within 5 percent; null without any call. */
  readonly latencyP50Us: number | null
  readonly latencyP95Us: number | null
}

export interface CallHealth {
  readonly whole: CallCounts
  /** One for each step, in their order. */
  readonly parts: readonly CallCounts[]
}

/** The counts of each account, in their order, for accounts of the caller's brands; one statement. */
export async function callHealth(
  ctx: ScopedContext,
  accountIds: readonly string[],
  window: HealthWindow,
): Promise<CallHealth[]> {
  const { from, to, unit, direction } = window
  const parameters = new Parameters()
  const moment = (at: Date) => parameters.add('timestamptz', at.toISOString())
  const both = parameters.add('bool', direction === null)
  const text = `/* providers: health of accounts */
with counted as (
  select a.id as account_id, m.${unit} as part, m.bucket, sum(m.calls)::int as calls, sum(m.errors)::int as errors,
    sum(m.duplicates)::int as duplicates, sum(m.declined)::int as declined
  from provider_accounts a
  join call_${unit}s m on m.provider_account_id = a.id and m.${unit} >= ${moment(from)} and m.${unit} < ${moment(to)}
    and (${both} or m.direction = ${parameters.add('text', direction ?? '')})
  where a.id = any(${parameters.addArray('uuid', accountIds)})
  and a.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})
  group by 1, 2, 3
), at_all as (
  select account_id, part, bucket, calls, errors, duplicates, declined from counted
  union all
  select account_id, null, bucket, sum(calls), sum(errors), sum(duplicates), sum(declined)
  from counted group by account_id, bucket
), ranked as (
  select c.*, sum(c.calls) over (partition by c.account_id, c.part order by c.bucket) as up_to,
    sum(c.calls) over (partition by c.account_id, c.part) as total
  from at_all c
)
select r.account_id, extract(epoch from r.part)::float8 * 1000, sum(r.calls)::int, sum(r.errors)::int,
  sum(r.duplicates)::int, sum(r.declined)::int,
  min(r.bucket) filter (where r.up_to >= ceil(r.total * 0.5)),
  min(r.bucket) filter (where r.up_to >= ceil(r.total * 0.95))
from ranked r group by r.account_id, r.part`
  const rows = (await readValues(ctx.sql, text, parameters.values)) as unknown as HealthRow[]
  const byAccount = Map.groupBy(rows, ([accountId]) => accountId)
  return accountIds.map((id) => healthOf(window, byAccount.get(id) ?? []))
}

type HealthRow = readonly [
  accountId: string,
  partMs: number | null,
  calls: number,
  errors: number,
  duplicates: number,
  declined: number,
  p50: number,
  p95: number,
]

/** A time without calls is told as such. */
function healthOf({ from, to, unit }: HealthWindow, rows: readonly HealthRow[]): CallHealth {
  const byPart = new Map(rows.map((row) => [row[1], row]))
  const step = stepMs[unit]
  const count = (to.getTime() - from.getTime()) / step
  const starts = Array.from({ length: count }, (_, at) => from.getTime() + at * step)
  return {
    whole: countsOf(from, to, byPart.get(null)),
    parts: starts.map((start) => countsOf(new Date(start), new Date(start + step), byPart.get(start))),
  }
}

function countsOf(from: Date, to: Date, row: HealthRow | undefined): CallCounts {
  const [, , calls = 0, errors = 0, duplicates = 0, declined = 0] = row ?? []
  const [p50, p95] = [row?.[6], row?.[7]].map((bucket) => (bucket === undefined ? null : latencyOf(bucket)))
  const latencies = { latencyP50Us: p50 ?? null, latencyP95Us: p95 ?? null }
  return { from, to, calls, errors, duplicates, declined, ...latencies }
}

/** The middle of a step of the latencies' scale, eight to each doubling: off by 4.5 percent at most. */
const latencyOf = (bucket: number): number => Math.round(2 ** ((bucket + 0.5) / 8))
