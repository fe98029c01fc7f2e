// The global ids of everything that belongs to a brand, by type; and all keys of a brand, to look for them elsewhere.
import type { Sql } from '../../src/db/connection.ts'
import { globalId } from '../../src/lib/global-id.ts'

/** Tables whose rows are things of one type, by the column that is their key. */
const tables: Readonly<Record<string, string>> = {
  Player: 'players',
  Limit: 'limits',
  Activity: 'activities',
  Wallet: 'wallets',
  ProviderAccount: 'provider_accounts',
  ProviderCall: 'provider_calls',
  Session: 'sessions',
  Round: 'rounds',
  Bet: 'bets',
  Transaction: 'transactions',
  Reconciliation: 'reconciliations',
  ReconciliationItem: 'reconciliation_items',
  AuditEntry: 'audit_entries',
}

interface Key {
  readonly type: string
  readonly key: string
}

/** The ids of the brand's things, newest first; of events, by the name of their type. */
export async function idsOfBrand(sql: Sql, brandId: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = new Map<string, string[]>()
  const add = (type: string, id: string) => ids.set(type, [...(ids.get(type) ?? []), id])
  for (const [type, table] of Object.entries(tables)) {
    const rows = await sql<
      { id: string }[]
    >`select id from ${sql(table)} where brand_id = ${brandId} order by id desc`
    for (const { id } of rows) add(type, globalId(type, id))
  }
  const others = await sql<Key[]>`
    select 'Brand' as type, ${brandId} as key
    union all select 'Operator', operator_id::text from operator_brands where brand_id = ${brandId}
    union all select 'Token', t.id::text from api_tokens t join operator_brands using (operator_id)
      where brand_id = ${brandId}
    union all select 'Provider', provider_id::text from provider_accounts where brand_id = ${brandId}
    union all select 'Game', g.id::text from games g join provider_accounts using (provider_id)
      where brand_id = ${brandId}
    union all select 'LedgerEntry', concat_ws('.', lane, seq, leg) from ledger_entries where brand_id = ${brandId}`
  for (const { type, key } of others) add(type, globalId(type, key))
  const events = await sql<Key[]>`
    select type, concat_ws('.', lane, seq) as key from journal where brand_id = ${brandId} order by seq desc`
  for (const { type, key } of events) add(type, globalId('Event', key))
  return ids
}

/**
 * Every UUID in the brand's rows, and the places of its events, that are in no row of anybody else; without games and
 * providers, which are everybody's.
 */
export async function keysOfBrand(sql: Sql, brandId: string): Promise<ReadonlySet<string>> {
  const columns = await sql<{ table: string; columns: string[] }[]>`
    select c.table_name as table, array_agg(c.column_name::text) as columns from information_schema.columns c
    join information_schema.columns b on b.table_name = c.table_name and b.table_schema = c.table_schema
      and b.column_name = 'brand_id'
    join pg_class r on r.relname = c.table_name and r.relkind in ('r', 'p') and not r.relispartition
    where c.table_schema = 'public' and c.data_type = 'uuid'
      and c.column_name not in ('game_id', 'provider_id') group by 1`
  const own = new Set<string>()
  const others = new Set<string>()
  for (const { table, columns: names } of columns) {
    for (const name of names) {
      const rows = await sql<{ key: string; own: boolean }[]>`
        select distinct ${sql(name)}::text as key, brand_id = ${brandId} as own from ${sql(table)}
        where ${sql(name)} is not null and brand_id is not null`
      for (const row of rows) (row.own ? own : others).add(row.key)
    }
  }
  for (const key of others) own.delete(key)
  const places = await sql<{ key: string }[]>`
    select concat_ws('.', lane, seq) as key from journal where brand_id = ${brandId}`
  for (const { key } of places) own.add(key)
  return own
}
