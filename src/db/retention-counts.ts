// Takes away the minutes and hours of provider calls that are older than is kept. They are few beside the calls, and
// lie in no partitions.
import type { Sql } from './connection.ts'
import { monthOf, monthStart } from './partitions.ts'

export const countTables = ['call_minutes', 'call_hours'] as const

type CountTable = (typeof countTables)[number]

const columns = { call_minutes: 'minute', call_hours: 'hour' } as const
const dayMs = 86_400_000

/** What was counted before this goes; the current month and the one before always stay. */
export const countsKeptFrom = (months: number, now: Date): Date => monthStart(monthOf(now) - months)

/** When the oldest row was counted: a step along the index of each account. */
export async function oldestCount(sql: Sql, table: CountTable): Promise<Date | undefined> {
  const [row] = await sql.unsafe<{ oldest: Date | null }[]>(`/* retention: oldest of ${table} */
    select min(c.at) as oldest from provider_accounts a cross join lateral (
      select ${columns[table]} as at from ${table} where provider_account_id = a.id order by 1 limit 1) c`)
  return row?.oldest ?? undefined
}

/**
 * A day in each statement, the oldest first: so that whoever looks meanwhile sees whole days. Returns how many rows
 * went.
 */
export async function dropCounts(sql: Sql, table: CountTable, keptFrom: Date): Promise<number> {
  const column = columns[table]
  let rows = 0
  for (let oldest = await oldestCount(sql, table); oldest && oldest < keptFrom; ) {
    const end = Math.min((Math.floor(oldest.getTime() / dayMs) + 1) * dayMs, keptFrom.getTime())
    const { count } = await sql.unsafe(
      `/* retention: a day of ${table} */
      delete from ${table} c using provider_accounts a where c.provider_account_id = a.id
      and c.${column} < '${new Date(end).toISOString()}'`,
    )
    rows += count
    oldest = await oldestCount(sql, table)
  }
  return rows
}
