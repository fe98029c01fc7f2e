// Monthly partitions of the tables that only grow. They are attached ahead of time, as the owner of the tables, and
// never inside a money transaction. A row that finds no partition is refused, so it is safer to be early.
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidFloor } from '../lib/uuid.ts'
import type { Sql } from './connection.ts'
import { grantsOn, isolateGrants } from './grants.ts'

export interface PartitionedTable {
  readonly table: string
  readonly column: string
  /** The smallest key that is made at or after the moment, as an SQL literal. */
  readonly floor: (at: Date) => string
}

const dayMs = 86_400_000

/**
 * The smallest seq of the day: its number shifted by 40 bits. So seq never restarts when old partitions are dropped,
 * and its ranges are days.
 */
export const seqFloorOf = (at: Date): bigint => BigInt(Math.floor(at.getTime() / dayMs)) << 40n

const seqFloor = (at: Date) => `'${seqFloorOf(at)}'::bigint`

export const partitionedTables: readonly PartitionedTable[] = [
  { table: 'journal', column: 'seq', floor: seqFloor },
  { table: 'ledger_entries', column: 'seq', floor: seqFloor },
  { table: 'provider_calls', column: 'id', floor: (at) => `'${uuidFloor(at)}'::uuid` },
]

/** How long a lock is waited for; others queue behind whoever waits. */
export const lockTimeoutMs = 200
const attemptsMax = 25

/** A month as a count since year 0, so that months can be added and compared. */
export const monthOf = (at: Date) => at.getUTCFullYear() * 12 + at.getUTCMonth()
export const monthStart = (month: number) => new Date(Date.UTC(Math.floor(month / 12), month % 12))

/**
 * Attaches what is missing up to monthsAhead months after the current one; returns the names of what it made.
 * A table's first partition is the month before and everything older. Any number of processes may call it at once.
 */
export async function ensurePartitions(
  sql: Sql,
  options: { readonly now: Date; readonly monthsAhead?: number },
): Promise<string[]> {
  const current = monthOf(options.now)
  const last = current + (options.monthsAhead ?? 3)
  const made: string[] = []
  const latest = await latestMonths(sql)
  for (const { table, ...key } of partitionedTables) {
    if (!latest.has(table)) continue
    const newest = latest.get(table)
    for (let month = newest === undefined ? current - 1 : newest + 1; month <= last; month += 1) {
      const from = newest === undefined && month === current - 1 ? undefined : month
      if (await attach(sql, { table, ...key }, month, from)) made.push(partitionName(table, month))
    }
  }
  return made
}

/** For how many whole months after the current one every table has partitions; below 0 when writes would fail. */
export async function partitionsAhead(sql: Sql, options: { readonly now: Date }): Promise<number> {
  const current = monthOf(options.now)
  const latest = [...(await latestMonths(sql)).values()]
  return Math.min(...latest.map((month) => (month ?? current - 1) - current))
}

/** The newest month of each partitioned table that exists; undefined when it has no partition yet. */
async function latestMonths(sql: Sql): Promise<Map<string, number | undefined>> {
  const rows = await sql<{ table: string; newest: string | null }[]>`
    /* partitions: newest month of each table */
    select parent.relname as table, max(substring(child.relname from '_([0-9]{4}_[0-9]{2})$')) as newest
    from pg_class parent
    left join pg_inherits i on i.inhparent = parent.oid and not i.inhdetachpending
    left join pg_class child on child.oid = i.inhrelid
    where parent.relkind = 'p' and parent.relnamespace = 'public'::regnamespace
      and parent.relname = any(${partitionedTables.map((one) => one.table)})
    group by parent.relname`
  return new Map(rows.map(({ table, newest }) => [table, newest === null ? undefined : parseMonth(newest)]))
}

/** The month that a partition's name says; undefined for one that was not made here. */
export function monthOfPartition(name: string): number | undefined {
  const [month] = /[0-9]{4}_[0-9]{2}$/.exec(name) ?? []
  return month === undefined ? undefined : parseMonth(month)
}

const parseMonth = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1

export function partitionName(table: string, month: number): string {
  return `${table}_${monthStart(month).toISOString().slice(0, 7).replace('-', '_')}`
}

/** False when another process made it meanwhile. */
async function attach(
  sql: Sql,
  of: PartitionedTable,
  month: number,
  from: number | undefined,
): Promise<boolean> {
  const text = attachStatements(of, month, from)
  try {
    // One message without BEGIN is one transaction, and leaves nothing behind on the connection when it fails.
    await withLockRetries(() => sql.unsafe(text).simple())
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === duplicateTable || code === overlappingPartition) return false
    throw error
  }
}

/** Tries again when a lock was not granted in time; the wait for it must have been bounded by lockTimeoutMs. */
export async function withLockRetries<T>(run: () => PromiseLike<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (codeOf(error) !== lockNotAvailable || attempt >= attemptsMax) throw error
      await sleep(Math.random() * 100 * Math.min(attempt, 10))
    }
  }
}

const codeOf = (error: unknown) => (error as { code?: string }).code

const duplicateTable = '42P07'
const overlappingPartition = '42P17'
export const lockNotAvailable = '55P03'

/**
 * CREATE TABLE … PARTITION OF would lock the parent against all writers; ATTACH does not, and with a matching CHECK
 * it need not look at the rows. The CHECK goes away again, since every insert would pay for it.
 */
function attachStatements(of: PartitionedTable, month: number, from: number | undefined): string {
  const name = partitionName(of.table, month)
  const [low, high] = [of.floor(monthStart(month)), of.floor(monthStart(month + 1))]
  const lowBound = from === undefined ? 'minvalue' : low
  const lowCheck = from === undefined ? '' : `${of.column} >= ${low} and `
  return `/* partitions: attach ${name} */
    set local lock_timeout = ${lockTimeoutMs};
    ${isolateGrants}
    create table ${name} (like ${of.table} including all);
    alter table ${name} add constraint ${name}_bounds check (${lowCheck}${of.column} < ${high});
    alter table ${of.table} attach partition ${name} for values from (${lowBound}) to (${high});
    alter table ${name} drop constraint ${name}_bounds;
    ${grantsOn(name, of.table)}`
}
