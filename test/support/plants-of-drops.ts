// Notes of retention that are not true.
import { plant, type Plant, stray } from './planting.ts'

const seqOf = (day: string) => `(date '${day}' - date '1970-01-01')::bigint << 40`

/** Partition, table, below_seq, dropped_at. */
const falseNotes = [
  ['journal_2020_01', 'journal', `(${seqOf('2020-02-01')}) + 1`, 'now()'],
  ['journal_2020_13', 'journal', '1', 'now()'],
  ['bets_2020_01', 'bets', 'null', 'now()'],
  ['provider_calls_2099_01', 'provider_calls', 'null', 'now()'],
  ['journal_2020_01', 'journal', seqOf('2020-02-01'), 'null'],
] as const

export const plantsOfDrops: readonly Plant[] = [
  ...falseNotes.map(([name, table, below, dropped]) =>
    plant(
      'I18',
      'a month that was dropped is gone, and no more than that month',
      `'${name}'`,
      `insert into retention_drops (partition_name, table_name, below_seq, started_at, dropped_at)
        values ('${name}', '${table}', ${below}, now(), ${dropped})`,
    ),
  ),
  plant(
    'I18',
    'a lane goes on from the newest row that was dropped of it',
    `'lane 63'`,
    `insert into lane_floors values (63, 5, ${stray}, now())`,
  ),
]
