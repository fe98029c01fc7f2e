import type { Sql } from '../../src/db/connection.ts'

/** Sessions get an address, two of them one. */
export const shareNetworks = (sql: Sql) => sql`
  update sessions s set ip = '203.0.113.' || r.pair
  from (select id, row_number() over (order by id) / 2 as pair from sessions) r where r.id = s.id`
