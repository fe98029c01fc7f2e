// What a comparison knows while it runs, in temporary tables of its own connection: which keys the report names, and
// the mismatches found so far. PostgreSQL itself cleans them up, however the process ends.
import { arrayLiteral } from '../../db/arrays.ts'
import type { Sql } from '../../db/connection.ts'
import { Parameters } from '../../db/rows.ts'
import { type Column, column } from '../../db/statement.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import type { Bucket, Told } from './types.ts'

/** A mismatch before it is an item. */
export interface Found {
  readonly bucket: Bucket
  readonly line: number | null
  readonly reason: string | null
  readonly transactionKey: string | null
  readonly theirs: Told | null
  readonly ours: Told | null
  readonly transactionId: string | null
  readonly betId: string | null
  readonly playerId: string | null
  readonly roundId: string | null
}

const json = (value: object | null) => (value === null ? null : JSON.stringify(value))

const foundColumns: readonly Column<Found & { readonly id: string }>[] = [
  column('id', 'uuid', (row) => row.id),
  column('bucket', 'text', (row) => row.bucket),
  column('line', 'bigint', (row) => row.line),
  column('reason', 'text', (row) => row.reason),
  column('transaction_key', 'text', (row) => row.transactionKey),
  column('theirs', 'jsonb', (row) => json(row.theirs)),
  column('ours', 'jsonb', (row) => json(row.ours)),
  column('transaction_id', 'uuid', (row) => row.transactionId),
  column('bet_id', 'uuid', (row) => row.betId),
  column('player_id', 'uuid', (row) => row.playerId),
  column('round_id', 'uuid', (row) => row.roundId),
]

/** The class of the advisory lock that a running comparison holds; its id's hash is the second key. */
const runningLockClass = 9

/** Lays down the tables and takes the lock that says that the comparison is under way. */
export async function openStaging(sql: Sql, reconciliationId: string): Promise<void> {
  await sql.unsafe(
    `/* reconciliation: open the staging */
    select pg_advisory_lock(${runningLockClass}, hashtext('${reconciliationId}'));
    create temp table named (transaction_key text collate "C" primary key, line bigint not null);
    create temp table misread (transaction_key text collate "C" primary key);
    create temp table found (${foundColumns.map(({ name, type }) => `${name} ${type}`).join(', ')});`,
  )
}

/** In SQL, for a row of reconciliations: whether nobody works on it, whatever its status says. */
export const isAbandoned = `pg_try_advisory_xact_lock(${runningLockClass}, hashtext(id::text))`

/** Notes the keys that these lines name; returns the lines that are the first of their key. */
export async function nameKeys(
  sql: Sql,
  named: readonly { readonly line: number; readonly transactionKey: string }[],
): Promise<ReadonlySet<number>> {
  if (named.length === 0) return new Set()
  const keys = arrayLiteral(named.map((one) => one.transactionKey))
  const lines = arrayLiteral(named.map((one) => one.line))
  const text = `/* reconciliation: name keys */
insert into pg_temp.named (transaction_key, line)
select key, line from unnest($1::text::text[], $2::text::bigint[]) as u(key, line)
on conflict do nothing returning line`
  const rows = await sql.unsafe(text, [keys, lines], { prepare: true }).values()
  return new Set(rows.map(([line]) => Number(line)))
}

/** Notes keys of lines that could not be read: what they stand for is not missing there. */
export async function nameMisread(sql: Sql, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    /* reconciliation: name keys of unreadable lines */
    insert into pg_temp.misread select unnest(${arrayLiteral(keys)}::text::text[]) on conflict do nothing`
}

/** Keeps mismatches; their items will stand in this order. */
export async function stageFound(sql: Sql, found: readonly Found[], at: Date): Promise<void> {
  if (found.length === 0) return
  const ids = found.map(() => uuidv7(at)).sort()
  const rows = found.map((one, index) => ({ ...one, id: ids[index] ?? '' }))
  const parameters = new Parameters()
  const names = foundColumns.map(({ name }) => name).join(', ')
  const arrays = foundColumns.map(({ type, of }) => parameters.addArray(type, rows.map(of)))
  const text = `/* reconciliation: stage mismatches */
insert into pg_temp.found (${names}) select ${names} from unnest(${arrays.join(', ')}) as u(${names})`
  await sql.unsafe(text, parameters.values, { prepare: true })
}

/**
 * Makes items of all that was found and the comparison DONE, in one statement: nobody ever sees a part of it. False
 * when the comparison was given up meanwhile.
 */
export async function publish(sql: Sql, reconciliationId: string, at: Date): Promise<boolean> {
  const rows = await sql`
    /* reconciliation: publish */
    with done as (
      update reconciliations set status = 'DONE', finished_at = ${at}
      where id = ${reconciliationId} and status = 'COMPARING' returning id, brand_id, provider_account_id
    ), items as (
      insert into reconciliation_items (id, reconciliation_id, brand_id, provider_account_id, bucket, line, reason,
        transaction_key, theirs, ours, transaction_id, bet_id, player_id, state, previous_id)
      select f.id, d.id, d.brand_id, d.provider_account_id, f.bucket, f.line, f.reason, f.transaction_key, f.theirs,
        f.ours || jsonb_build_object('round', r.round_key, 'player', p.external_id, 'game', g.code),
        f.transaction_id, f.bet_id, f.player_id, 'OPEN', (
          select i.id from reconciliation_items i
          where i.provider_account_id = d.provider_account_id and i.transaction_key = f.transaction_key
            and i.bucket = f.bucket and i.state = 'RESOLVED'
          order by i.id desc limit 1
        )
      from done d cross join pg_temp.found f
      left join rounds r on r.id = f.round_id
      left join players p on p.id = f.player_id
      left join games g on g.id = r.game_id
    )
    select id from done`
  return rows.length === 1
}
