// What the role that the server works as may do. Journal, ledger, audit and seals are written once: the role cannot
// change them, whatever the code does.
import type { Sql } from './connection.ts'

export const appRole = 'pitboss_app'

const privileges: Readonly<Record<string, string>> = {
  journal: 'select, insert',
  ledger_entries: 'select, insert',
  audit_entries: 'select, insert',
  seals: 'select, insert',
  pitboss_migrations: 'select',
  lane_floors: 'select',
  ledger_openings: 'select',
  retention_drops: 'select',
}

/** Two sessions that grant at once fail with "tuple concurrently updated"; this makes them take turns. */
export const isolateGrants = 'select pg_advisory_xact_lock(7203, 1);'

/** The statements for one table; a partition gets what its parent has. */
export function grantsOn(table: string, parent = table): string {
  const granted = privileges[parent] ?? 'select, insert, update, delete'
  return `revoke all on table "${table}" from ${appRole}; grant ${granted} on table "${table}" to ${appRole};`
}

/** Brings the grants on all tables up to date, in one transaction. Runs as the owner of the tables. */
export async function applyGrants(sql: Sql): Promise<void> {
  const tables = await sql<{ table: string; parent: string }[]>`
    /* grants: all tables, and the parents of partitions */
    select c.relname as table, coalesce(parent.relname, c.relname) as parent
    from pg_class c left join pg_class parent on parent.oid = pg_partition_root(c.oid)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname`
  const grants = tables.map(({ table, parent }) => grantsOn(table, parent))
  await sql.unsafe(`/* grants: all tables */ ${isolateGrants} ${grants.join('\n')}`).simple()
}
