// How one partition goes, in steps that can be cut off anywhere and gone on with: what stands for its rows is written
// and the intent noted in one transaction; it is detached without a lock that writers wait for; archived; dropped.
import type { Sql } from './connection.ts'
import { laneCount } from './lane.ts'
import { lockNotAvailable, monthStart, partitionedTables, seqFloorOf, withLockRetries } from './partitions.ts'
import { type ArchiveOptions, archivePartition } from './retention-archive.ts'
import type { Partition } from './retention-survey.ts'

export interface DropOptions extends Omit<ArchiveOptions, 'folder'> {
  readonly archiveDir: string | undefined
}

/** A drop that was begun and is not at its end. */
export interface OpenDrop {
  readonly table: string
  readonly name: string
}

export interface Dropped {
  readonly archive: string | null
}

/**
 * Notes the intent and writes what stands for the rows: from this commit on they count no longer, whether or not they
 * can still be read. Floors and openings must come first: between detaching and anything later, a lane whose rows
 * are all gone would begin anew, and legs would be missing from their balance.
 */
export async function beginDrop(sql: Sql, partition: Partition, now: Date): Promise<OpenDrop> {
  const { table, name, month } = partition
  const bySeq = partitionedTables.some((one) => one.table === table && one.column === 'seq')
  const below = bySeq ? `'${seqFloorOf(monthStart(month + 1))}'` : 'null'
  const text = `/* retention: begin ${name} */
    insert into retention_drops (partition_name, table_name, below_seq, started_at)
    values ('${name}', '${table}', ${below}, '${now.toISOString()}');
    ${standIns[table]?.(name) ?? ''}`
  await sql.unsafe(text).simple()
  return { table, name }
}

/** What is written in place of a partition's rows. */
const standIns: Readonly<Record<string, (name: string) => string>> = {
  journal: (name) => `
    insert into lane_floors (lane, seq, event_id, recorded_at)
    select p.lane, e.seq, e.id, e.recorded_at from generate_series(0, ${laneCount - 1}) as p(lane) cross join lateral (
      select seq, id, recorded_at from ${name} where lane = p.lane order by seq desc limit 1) e
    on conflict (lane) do update
      set seq = excluded.seq, event_id = excluded.event_id, recorded_at = excluded.recorded_at
      where lane_floors.seq < excluded.seq;`,
  ledger_entries: (name) => `
    insert into ledger_openings as o
      (wallet_id, account, brand_id, player_id, currency, amount_minor, wallet_version)
    select wallet_id, account, brand_id, player_id, currency, sum(amount_minor)::bigint, max(wallet_version)
    from ${name} group by wallet_id, account, brand_id, player_id, currency
    on conflict (wallet_id, account) do update
      set amount_minor = o.amount_minor + excluded.amount_minor,
        wallet_version = greatest(o.wallet_version, excluded.wallet_version);`,
}

/** The drops that a run before this one did not finish, in their order. */
export const openDrops = (sql: Sql): Promise<OpenDrop[]> =>
  sql<OpenDrop[]>`
    /* retention: unfinished drops */
    select table_name as table, partition_name as name from retention_drops
    where dropped_at is null order by started_at, partition_name`.then((rows) => [...rows])

/** Takes the partition away, from wherever an earlier run stopped. Throws 55P03 when a lock stays taken. */
export async function finishDrop(sql: Sql, drop: OpenDrop, options: DropOptions): Promise<Dropped> {
  await detach(sql, drop)
  const [found] = await sql<{ present: boolean }[]>`
    /* retention: is the table there */
    select to_regclass(${`public.${drop.name}`}) is not null as present`
  const { archiveDir: folder, ...rest } = options
  const archive =
    folder && found?.present ? await archivePartition(sql, drop.name, { folder, ...rest }) : undefined
  const [file, digest] = archive ? [literal(archive.file), literal(archive.digest)] : ['null', 'null']
  await withLockRetries(() =>
    sql
      .unsafe(`/* retention: drop ${drop.name} */
        drop table if exists ${drop.name};
        update retention_drops set archive = ${file}, archive_digest = ${digest}, dropped_at = clock_timestamp()
        where partition_name = '${drop.name}';`)
      .simple(),
  )
  return { archive: archive?.file ?? null }
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * DETACH waits for transactions that read the table, holding nothing that a writer needs; when that takes too long the
 * partition is half detached, invisible already, and must be finalized. Neither runs inside a transaction.
 */
async function detach(sql: Sql, { table, name }: OpenDrop): Promise<void> {
  await withLockRetries(async () => {
    const pending = await detachPending(sql, name)
    if (pending === undefined) return
    const how = pending ? 'finalize' : 'concurrently'
    await sql.unsafe(`alter table ${table} detach partition ${name} ${how}`).simple()
  })
}

/** Undefined when the table is no partition, or not there. */
async function detachPending(sql: Sql, name: string): Promise<boolean | undefined> {
  const [row] = await sql<{ pending: boolean }[]>`
    /* retention: is it attached */
    select inhdetachpending as pending from pg_inherits where inhrelid = to_regclass(${`public.${name}`})`
  return row?.pending
}

/** Somebody has been reading for too long: nothing is lost, the next run goes on. */
export const isHeldUp = (error: unknown): boolean => (error as { code?: string }).code === lockNotAvailable
