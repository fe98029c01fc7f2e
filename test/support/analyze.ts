import type { Sql } from '../../src/db/connection.ts'

/** Statistics of our own tables, for the planner: a plain ANALYZE goes over the catalogs as well, for much longer. */
export async function analyze(sql: Pick<Sql, 'unsafe'>): Promise<void> {
  const tables = await sql.unsafe<{ name: string }[]>(`
    select oid::regclass::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`)
  await sql.unsafe(`analyze ${tables.map(({ name }) => name).join(', ')}`)
}
