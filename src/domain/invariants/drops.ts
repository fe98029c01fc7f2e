// What retention says of itself: all other checks believe its notes, so that a false one would hide rows from them.
import { laneCount } from '../../db/lane.ts'
import { partitionedTables } from '../../db/partitions.ts'
import { atOnce, journalFloor } from './parts.ts'
import type { Invariant } from './types.ts'

const tables = partitionedTables.map(({ table, column }) => `('${table}', ${column === 'seq'})`).join(', ')

const monthText = `substring(d.partition_name from '_([0-9]{4}_[0-9]{2})$')`

/** The first seq of the month after the one that the partition is named by. */
const nextMonth = `(extract(epoch from to_date(${monthText}, 'YYYY_MM') + interval '1 month') / 86400)::bigint << 40`

/** The attached partitions of the table that reach as far back as the one that is noted. */
const asOld = `
  select from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = to_regclass('public.' || d.table_name) and c.relname ~ ('^' || d.table_name || '_[0-9_]{7}$')
    and c.relname <= d.partition_name collate "C"`

const dropNotes: Invariant = {
  id: 'I18',
  says: 'a month that was dropped is gone, and no more than that month',
  check: atOnce(`
    select case
      when p.name is null or d.partition_name !~ ('^' || d.table_name || '_[0-9]{4}_(0[1-9]|1[0-2])$') then
        format('the drop of %s from %s is of no month there can be', d.partition_name, d.table_name)
      when d.below_seq is distinct from case when p.by_seq then ${nextMonth} end then
        format('the drop of %s is noted as of all below seq %s', d.partition_name, d.below_seq)
      when d.dropped_at is not null and exists (${asOld}) then
        format('the drop of %s is noted as done, and a partition as old is there', d.partition_name)
      when d.dropped_at is null and to_regclass('public.' || d.partition_name) is null then
        format('the drop of %s is noted as begun, and it is not there', d.partition_name) end as who
    from retention_drops d left join (values ${tables}) p(name, by_seq) on p.name = d.table_name`),
}

/** Only what is sealed is dropped, where anything is sealed at all. */
const laneFloors: Invariant = {
  id: 'I18',
  says: 'a lane goes on from the newest row that was dropped of it',
  check: atOnce(`
    select case
      when f.seq >= ${journalFloor} then format('lane %s: its floor is %s, which was not dropped', l.lane, f.seq)
      when s.dropped > coalesce(f.seq, 0) then
        format('lane %s: its floor is %s, and rows up to %s were sealed and dropped', l.lane, f.seq, s.dropped)
      end as who
    from generate_series(0, ${laneCount - 1}) l(lane) left join lane_floors f on f.lane = l.lane left join (
      select chain, max(last_key::bigint) filter (where last_key::bigint < ${journalFloor}) as dropped
      from seals where chain like 'lane-%' and last_key ~ '^[0-9]{1,18}$' group by chain
    ) s on s.chain = 'lane-' || lpad(l.lane::text, 2, '0')`),
}

export const drops: readonly Invariant[] = [dropNotes, laneFloors]
