// What is counted beside what it is counted from, made to be wrong by a superuser.
import { plant, type Plant } from './planting.ts'

export const plantsOfCounts: readonly Plant[] = [
  plant(
    'COUNTS',
    'the minutes of provider calls count the calls that are kept, and the hours the minutes',
    `select format('account %s, INBOUND, the minute of 2100-01-01 00:00:00+00: 5 counted, 0 calls', id)
      from provider_accounts order by id limit 1`,
    `insert into call_minutes
      select id, '2100-01-01Z', 0, 'INBOUND', 1, 5, 0, 0, 0 from provider_accounts order by id limit 1`,
  ),
  plant(
    'FIGURES',
    'the figures of reports are what the ledger says, up to where they are counted',
    `'GGR '`,
    `update figures set win_minor = win_minor + 1 where (grain, group_id, starts_at) = (
      select f.grain, f.group_id, f.starts_at from figures f join figure_groups g on g.id = f.group_id
      where f.grain = 'DAY' and g.level = 'GAME' and g.kind = 'REAL' order by 2, 3 limit 1)`,
  ),
]
