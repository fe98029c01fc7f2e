import { insertRows, type StatementBuilder } from '../../db/statement.ts'
import { providerCallColumns } from './call-columns.ts'
import type { NewProviderCall } from './types.ts'

/** Stands for a lane where calls are written outside of any. */
export const noLane = -1

/** The step of a latency on the scale of call_minutes, eight to each doubling, in SQL. */
export const bucketOf = (latencyUs: string) =>
  `floor(8 * ln(greatest(${latencyUs}, 1)::float8) / ln(2::float8))::smallint`

const counted = (effect: string) => `count(*) filter (where c.effect = '${effect}')`

/**
 * Writes calls and counts them in their minutes and hours. Ids are our own: a call that is there already was written by
 * this very batch, whose COMMIT went unheard, and is neither written nor counted again.
 */
export function insertCalls(builder: StatementBuilder, lane: number, rows: readonly NewProviderCall[]): void {
  if (rows.length === 0) return
  const returning = 'returning provider_account_id, received_at, direction, effect, latency_us'
  insertRows(builder, 'provider_calls', providerCallColumns, rows, `on conflict (id) do nothing ${returning}`)
  countCalls(builder, 'minute', lane)
  countCalls(builder, 'hour', lane)
}

/** In key order, so that processes without a lane do not wait crosswise. */
function countCalls(builder: StatementBuilder, unit: 'minute' | 'hour', lane: number): void {
  builder.with(
    `count_${unit}s`,
    `insert into call_${unit}s as m
       (provider_account_id, ${unit}, lane, direction, bucket, calls, duplicates, declined, errors)
     select c.provider_account_id, date_bin('1 ${unit}', c.received_at, 'epoch'), ${builder.value('smallint', lane)},
       c.direction, ${bucketOf('c.latency_us')}, count(*), ${counted('DUPLICATE')}, ${counted('DECLINED')},
       ${counted('REJECTED')}
     from insert_provider_calls c group by 1, 2, 4, 5 order by 1, 2, 4, 5
     on conflict (provider_account_id, ${unit}, lane, direction, bucket) do update set
       calls = m.calls + excluded.calls, duplicates = m.duplicates + excluded.duplicates,
       declined = m.declined + excluded.declined, errors = m.errors + excluded.errors`,
  )
}
