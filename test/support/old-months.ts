// Rows of months long ago, laid down by plain inserts, in partitions that reach from then to now.
import { randomUUID } from 'node:crypto'
import type { ISql } from 'postgres'
import type { Sql } from '../../src/db/connection.ts'
import { ensurePartitions, monthOf, monthStart, seqFloorOf } from '../../src/db/partitions.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'

/** The middle of the month that lies so many months after the present one (before it when negative). */
export const inMonths = (count: number): Date => {
  const start = monthStart(monthOf(new Date()) + count)
  return new Date(start.getTime() + 14 * 86_400_000)
}

/** The name of a table's partition of that month. */
export const partitionOf = (table: string, months: number): string =>
  `${table}_${inMonths(months).toISOString().slice(0, 7).replace('-', '_')}`

/** Takes the first partitions, which are empty, away and attaches some from that month on. */
export async function beginPartitionsAt(sql: Sql, months: number): Promise<void> {
  const found = await sql<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits i join pg_class c on c.oid = i.inhparent
    where c.relname in ('journal', 'ledger_entries', 'provider_calls') and c.relkind = 'p'`
  for (const { name } of found) await sql.unsafe(`drop table ${name}`)
  await ensurePartitions(sql, { now: inMonths(months + 1), monthsAhead: 3 - months - 1 })
}

export interface OldRow {
  readonly lane: number
  readonly months: number
  /** The how-manieth row of its lane in that month, from 0. */
  readonly n?: number
  readonly prev?: bigint
}

export const oldSeq = ({ months, n = 0 }: OldRow): bigint => seqFloorOf(inMonths(months)) + BigInt(n)

/** One journal row; returns its id. */
export async function addOldEvent(sql: ISql<{ bigint: bigint }>, row: OldRow): Promise<string> {
  const at = inMonths(row.months)
  const id = uuidv7(at)
  await sql`insert into journal ${sql({
    lane: row.lane,
    seq: oldSeq(row),
    prev: row.prev ?? 0n,
    id,
    type: 'ActivityRecorded',
    version: 1,
    occurred_at: at,
    recorded_at: at,
    actor_kind: 'SYSTEM',
    trace: 'test',
    facts: sql.json({}),
  })}`
  // As if its figures were counted.
  const place = `places[${row.lane + 1}]`
  await sql.unsafe(`update figure_state set ${place} = greatest(${place}, ${oldSeq(row)})`)
  return id
}

export interface OldLeg extends OldRow {
  readonly walletId: string
  readonly account: 'CASH' | 'HOUSE' | 'STAKES'
  readonly amountMinor: bigint
  readonly balanceAfter?: bigint
  readonly walletVersion?: bigint
}

/** One leg of a wallet that need not be there. */
export async function addOldLeg(sql: Sql, leg: OldLeg): Promise<void> {
  await sql`insert into ledger_entries ${sql({
    lane: leg.lane,
    seq: oldSeq(leg),
    leg: leg.account === 'CASH' ? 0 : 1,
    brand_id: leg.walletId,
    player_id: leg.walletId,
    wallet_id: leg.walletId,
    transaction_id: randomUUID(),
    account: leg.account,
    amount_minor: leg.amountMinor,
    currency: 'EUR',
    balance_after: leg.balanceAfter ?? null,
    wallet_version: leg.walletVersion ?? null,
    recorded_at: inMonths(leg.months),
  })}`
}

/** One provider call with bytes of every kind in its bodies; returns its id. */
export async function addOldCall(sql: Sql, months: number): Promise<string> {
  const at = inMonths(months)
  const id = uuidv7(at)
  const body = Buffer.from([0, 9, 10, 13, 34, 92, 255])
  await sql`insert into provider_calls ${sql({
    id,
    brand_id: id,
    provider_account_id: id,
    direction: 'INBOUND',
    operation: 'BET\n"\\t',
    path: '/',
    signature: 'VALID',
    verdict: 'OK',
    effect: 'READ',
    http_status: 200,
    received_at: at,
    decided_at: at,
    latency_us: 1,
    request_id: 'test',
    request_bytes: body.length,
    request_digest: body,
    request_body: body,
    request_truncated: false,
    request_headers: sql.json({ tab: '\t' }),
    reply_body: body,
  })}`
  return id
}

/** Moves everything that has been recorded of this month so many months back, where partitions must be. */
export async function makeOld(sql: Sql, months: number): Promise<void> {
  const delta = oldSeq({ lane: 0, months: 0 }) - oldSeq({ lane: 0, months: -months })
  await sql`update journal set seq = seq - ${delta}, prev = case prev when 0 then 0 else prev - ${delta} end`
  await sql`update ledger_entries set seq = seq - ${delta}`
  await sql`update transactions set seq = seq - ${delta}`
  await sql`update bets set seq = seq - ${delta}`
  await sql`update figure_state set steps = steps + 1,
    places = (select array_agg(greatest(p - ${delta}, 0) order by n) from unnest(places) with ordinality as u(p, n))`
  await sql`delete from call_minutes`
  await sql`delete from call_hours`
  for (const { id } of await sql<{ id: string }[]>`select id from provider_calls`) {
    await sql`update provider_calls set id = ${uuidv7(inMonths(-months))} where id = ${id}`
  }
}
