// Takes old months away, as the owner of the tables and never inside a money transaction: writers do not wait for it,
// and a run that is cut off is gone on with by the next.
import postgres from 'postgres'
import type { Log } from '../lib/log.ts'
import { Problem } from '../lib/problem.ts'
import { type ConnectionTarget, poolTypes, postgresOptions, type Sql } from './connection.ts'
import { laneCount } from './lane.ts'
import { lockTimeoutMs } from './partitions.ts'
import { countsKeptFrom, countTables, dropCounts } from './retention-counts.ts'
import {
  beginDrop,
  type DropOptions,
  finishDrop,
  isHeldUp,
  type OpenDrop,
  openDrops,
} from './retention-drop.ts'
import { duePartitions, type Partition, type RetentionPolicy, surveyPartitions } from './retention-survey.ts'

export interface RetentionOptions {
  readonly target: ConnectionTarget
  readonly policy: RetentionPolicy
  readonly now: Date
  readonly log: Log
  /** Whether windows are being sealed: then nothing goes before its seal, not even while there is no seal at all. */
  readonly sealing?: boolean
  /** Ends the run as soon as it can be; what is half done is gone on with by the next. */
  readonly signal?: AbortSignal
}

export interface RetentionOutcome {
  readonly name: string
  /** Why it is still there; null when it is gone. */
  readonly waitsFor: string | null
  readonly archive: string | null
}

const lockKey = '7203, 2'
const readersHold = 'a transaction that has been reading for too long'

/**
 * Drops what the policy lets go, oldest first; finishes what an earlier run began, whatever the policy says now.
 * Of several callers at once one works and the others return with nothing.
 */
export async function retain(options: RetentionOptions): Promise<RetentionOutcome[]> {
  const ended = new AbortController()
  const sql = openOnce(options.target, () => ended.abort())
  const stop = () => void sql.end({ timeout: 0 })
  options.signal?.addEventListener('abort', stop)
  const drop = {
    archiveDir: options.policy.archiveDir,
    signal: ended.signal,
    openCopy: () => openOnce(options.target),
  }
  try {
    return (await takeLock(sql)) ? await dropAll(sql, options, drop) : []
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await sql.end({ timeout: 1 })
  }
}

/** One connection, without a limit for statements: an archive or the sums of a month may take long. */
function openOnce(target: ConnectionTarget, onclose?: () => void): Sql {
  const connection = {
    application_name: 'pitboss retention',
    lock_timeout: lockTimeoutMs,
    statement_timeout: 0,
  }
  const options = { max: 1, idle_timeout: 0, max_lifetime: null, connect_timeout: 10, connection }
  return postgres({
    ...postgresOptions(target, { ...options, ...(onclose && { onclose }) }),
    ...poolTypes,
  })
}

async function takeLock(sql: Sql): Promise<boolean> {
  const [row] = await sql.unsafe<{ taken: boolean }[]>(
    `/* retention: take the lock */ select pg_try_advisory_lock(${lockKey}) as taken`,
  )
  return row?.taken === true
}

async function dropAll(sql: Sql, options: RetentionOptions, how: DropOptions): Promise<RetentionOutcome[]> {
  const { policy, now, log, sealing = false } = options
  const outcomes: RetentionOutcome[] = []
  /** A table whose oldest month stays keeps all later ones: what is kept has no holes. */
  const held = new Set<string>()
  const note = (table: string, outcome: RetentionOutcome) => {
    outcomes.push(outcome)
    if (outcome.waitsFor) held.add(table)
    log.info({ ...outcome }, outcome.waitsFor ? 'an old month stays for now' : 'an old month was dropped')
  }
  const finish = async (drop: OpenDrop) => {
    if (!held.has(drop.table)) note(drop.table, await finished(sql, drop, how))
  }
  for (const drop of await openDrops(sql)) await finish(drop)
  for (const partition of duePartitions(await surveyPartitions(sql), policy, now)) {
    const { table, name } = partition
    // A journal row is explained by its legs: these never go before it.
    if (held.has(table) || (table === 'ledger_entries' && held.has('journal'))) continue
    const waitsFor = await needed(sql, partition, sealing)
    if (waitsFor) note(table, { name, waitsFor, archive: null })
    else await finish(await beginDrop(sql, partition, now))
  }
  outcomes.push(...(await dropOldCounts(sql, options)))
  return outcomes
}

async function dropOldCounts(sql: Sql, { policy, now, log }: RetentionOptions): Promise<RetentionOutcome[]> {
  if (!policy.countsMonths) return []
  const keptFrom = countsKeptFrom(policy.countsMonths, now)
  const outcomes: RetentionOutcome[] = []
  for (const table of countTables) {
    const rows = await dropCounts(sql, table, keptFrom)
    if (rows === 0) continue
    log.info({ table, rows, before: keptFrom }, 'old counts were dropped')
    const name = `${rows} rows of ${table} before ${keptFrom.toISOString().slice(0, 10)}`
    outcomes.push({ name, waitsFor: null, archive: null })
  }
  return outcomes
}

async function finished(sql: Sql, drop: OpenDrop, how: DropOptions): Promise<RetentionOutcome> {
  try {
    const { archive } = await finishDrop(sql, drop, how)
    return { name: drop.name, waitsFor: null, archive }
  } catch (error) {
    if (isHeldUp(error)) return { name: drop.name, waitsFor: readersHold, archive: null }
    if (error instanceof Problem) return { name: drop.name, waitsFor: `you: ${error.message}`, archive: null }
    throw error
  }
}

/** Why the partition may not go yet; undefined when it may. Where windows are sealed, only what is sealed goes. */
async function needed(sql: Sql, partition: Partition, sealing: boolean): Promise<string | undefined> {
  const { table, name } = partition
  const uncounted = table === 'journal' ? await uncountedLane(sql, name) : undefined
  if (uncounted !== undefined) return `the figures of lane ${uncounted}`
  if (table === 'provider_calls' || !(sealing || (await anySeal(sql)))) return undefined
  const [row] = await sql.unsafe<{ lane: number }[]>(`/* retention: lanes of ${name} that are not sealed */
    select p.lane from generate_series(0, ${laneCount - 1}) as p(lane)
    cross join lateral (select seq from ${name} where lane = p.lane order by seq desc limit 1) e
    left join lateral (
      select last_key::bigint as seq from seals where chain = 'lane-' || lpad(p.lane::text, 2, '0')
      order by number desc limit 1) s on true
    where e.seq > coalesce(s.seq, 0) limit 1`)
  return row && `the seal of lane ${row.lane}`
}

/** A lane whose rows in the partition have not all been added to the figures. */
async function uncountedLane(sql: Sql, name: string): Promise<number | undefined> {
  const [row] = await sql.unsafe<{ lane: number }[]>(`/* retention: lanes of ${name} that are not counted */
    select p.lane from figure_state f cross join generate_series(0, ${laneCount - 1}) as p(lane)
    cross join lateral (select seq from ${name} where lane = p.lane order by seq desc limit 1) e
    where e.seq > f.places[p.lane + 1] limit 1`)
  return row?.lane
}

async function anySeal(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ present: boolean }[]>`
    /* retention: is anything sealed */ select exists (select from seals) as present`
  return row?.present === true
}
