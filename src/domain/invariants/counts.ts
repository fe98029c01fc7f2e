// What is counted beside what it is counted from: the minutes and hours of provider calls, and the figures of reports.
import type { ReadContext } from '../context.ts'
import { compareFigures } from '../figures/compare.ts'
import { atOnce } from './parts.ts'
import { type Invariant, namedMax } from './types.ts'

/** The first minute of which all calls are there and counted: not the one in which counting or keeping begins. */
const since = `greatest(
    (select min(minute) + interval '1 minute' from call_minutes),
    (select min(hour) + interval '1 hour' from call_hours),
    (select max(to_date(right(partition_name, 7), 'YYYY_MM') + interval '1 month') from retention_drops
     where table_name = 'provider_calls'))`

const sums =
  'sum(calls) as calls, sum(duplicates) as duplicates, sum(declined) as declined, sum(errors) as errors'

const counted = (effect: string) => `count(*) filter (where effect = '${effect}')`

const told = (column: string) => `coalesce(a.${column}, 0), coalesce(b.${column}, 0)`

/** The two do not agree; `of` is what the second one counts. */
const apart = (unit: string, of: string) => `
    select case when (a.calls, a.duplicates, a.declined, a.errors)
        is distinct from (b.calls, b.duplicates, b.declined, b.errors) then
      format('account %s, %s, the ${unit} of %s: %s counted, %s ${of}; duplicates %s, %s; declined %s, %s; '
        'errors %s, %s', provider_account_id, direction, at, ${told('calls')}, ${told('duplicates')},
        ${told('declined')}, ${told('errors')}) end as who`

const callCounts: Invariant = {
  id: 'COUNTS',
  says: 'the minutes of provider calls count the calls that are kept, and the hours the minutes',
  check: atOnce(`
    with f as materialized (select ${since} as since),
    per_call as (
      select provider_account_id, date_bin('1 minute', received_at, 'epoch') as at, direction, count(*) as calls,
        ${counted('DUPLICATE')} as duplicates, ${counted('DECLINED')} as declined, ${counted('REJECTED')} as errors
      from provider_calls where received_at >= (select since from f) group by 1, 2, 3),
    per_minute as (
      select provider_account_id, minute as at, direction, ${sums} from call_minutes
      where minute >= (select since from f) group by 1, 2, 3),
    minutes_by_hour as (
      select provider_account_id, date_bin('1 hour', at, 'epoch') as at, direction, ${sums}
      from per_minute group by 1, 2, 3),
    per_hour as (
      select provider_account_id, hour as at, direction, ${sums} from call_hours
      where hour >= (select since from f) group by 1, 2, 3)
    ${apart('minute', 'calls')}
    from per_minute a full join per_call b using (provider_account_id, at, direction)
    union all
    ${apart('hour', 'in its minutes')}
    from per_hour a full join minutes_by_hour b using (provider_account_id, at, direction)
    where at >= date_bin('1 hour', (select since from f) + interval '1 hour', 'epoch')`),
}

const figures: Invariant = {
  id: 'FIGURES',
  says: 'the figures of reports are what the ledger says, up to where they are counted',
  async *check({ sql }) {
    const wrong = await compareFigures({ sql: sql as ReadContext['sql'] })
    yield { rows: 0, broken: wrong.length, first: wrong.slice(0, namedMax) }
  },
}

export const counts: readonly Invariant[] = [callCounts, figures]
