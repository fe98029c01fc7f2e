// What partitions there are, and which of them a policy lets go.
import type { Sql } from './connection.ts'
import { monthOf, monthOfPartition, partitionedTables, partitionName } from './partitions.ts'

/** For how many whole months besides the current one rows are kept; 0 is for ever. */
export interface RetentionPolicy {
  readonly callsMonths: number
  readonly journalMonths: number
  readonly ledgerMonths: number
  /** Of the minutes and hours that provider calls are counted by; for ever when absent. */
  readonly countsMonths?: number
  /** Where partitions are written to before they go; they go without a trace when absent. */
  readonly archiveDir?: string
}

export interface Partition {
  readonly table: string
  readonly name: string
  /** As a count since year 0. */
  readonly month: number
  /** An estimate of the server's statistics. */
  readonly rows: number
  readonly bytes: number
}

export const monthsKept = (policy: RetentionPolicy): ReadonlyMap<string, number> =>
  new Map([
    ['provider_calls', policy.callsMonths],
    ['journal', policy.journalMonths],
    ['ledger_entries', policy.ledgerMonths],
  ])

/** The attached partitions that were made here, oldest first in each table. */
export async function surveyPartitions(sql: Sql): Promise<Partition[]> {
  const rows = await sql<{ table: string; name: string; rows: number; bytes: number }[]>`
    /* retention: survey */
    select parent.relname as table, child.relname as name,
      greatest(child.reltuples, s.n_live_tup, 0)::float8 as rows, pg_total_relation_size(child.oid)::float8 as bytes
    from pg_inherits i
    join pg_class parent on parent.oid = i.inhparent and parent.relnamespace = 'public'::regnamespace
    join pg_class child on child.oid = i.inhrelid
    left join pg_stat_all_tables s on s.relid = child.oid
    where parent.relname = any(${partitionedTables.map(({ table }) => table)}) and not i.inhdetachpending
    order by parent.relname, child.relname`
  return rows.flatMap(({ table, name, ...size }) => {
    const month = monthOfPartition(name)
    return month === undefined || name !== partitionName(table, month)
      ? []
      : [{ table, name, month, ...size }]
  })
}

/** What the policy lets go, oldest first in each table. The current month and the one before always stay. */
export function duePartitions(
  partitions: readonly Partition[],
  policy: RetentionPolicy,
  now: Date,
): Partition[] {
  const kept = monthsKept(policy)
  return partitions.filter(({ table, month }) => {
    const months = kept.get(table) ?? 0
    return months > 0 && month < monthOf(now) - months
  })
}
