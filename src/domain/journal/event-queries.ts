import { type ListShape, type PageRequest, readPages } from '../../db/keyset.ts'
import { Parameters, readRows, shapeOf, withComputed } from '../../db/rows.ts'
import { journal } from '../../db/tables/journal.ts'
import type { ListPage } from '../../lib/page.ts'
import { stampText } from '../../lib/stamp.ts'
import type { ScopedContext } from '../context.ts'
import type { EventWish } from './filter.ts'
import type { Place } from './queries.ts'
import type { JournalEvent } from './types.ts'
import { wishConditions } from './wish-conditions.ts'

/** What is read of an event, of the journal under the alias t. */
export const eventShape = withComputed<Omit<JournalEvent, 'recordedUs'>, 'recordedUs', bigint>(
  shapeOf(journal, ['recordedAt']) as never,
  'recordedUs',
  '(extract(epoch from t.recorded_at) * 1000000)::int8',
)

export const placeKey = ({ lane, seq }: Place): string => `${lane}.${seq}`

export async function eventsByPlaces(
  ctx: ScopedContext,
  places: readonly Place[],
): Promise<ReadonlyMap<string, JournalEvent>> {
  const parameters = new Parameters()
  const lanes = parameters.addArray(
    'int2',
    places.map(({ lane }) => lane),
  )
  const seqs = parameters.addArray(
    'int8',
    places.map(({ seq }) => seq),
  )
  const text = `/* journal: by places */
select ${eventShape.columns} from unnest(${lanes}, ${seqs}) as p(lane, seq)
join journal t on t.lane = p.lane and t.seq = p.seq
where t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const rows = await readRows(ctx.sql, eventShape, text, parameters.values)
  return new Map(rows.map((row) => [placeKey(row), row]))
}

export type EventSortKey = 'PLAYER_VERSION' | 'RECORDED_AT'
export type EventRequest = PageRequest<EventWish, EventSortKey>
export type EventsOf = Pick<EventRequest, 'page' | 'filter'>

const list: ListShape<JournalEvent, EventWish, EventSortKey> = {
  name: 'events',
  from: 'journal t',
  shape: eventShape,
  brandColumn: 't.brand_id',
  sorts: {
    PLAYER_VERSION: [{ sql: 't.player_version', type: 'int8', of: (row) => String(row.playerVersion) }],
    RECORDED_AT: [
      { sql: 't.recorded_at', type: 'timestamptz', of: (row) => stampText(row.recordedUs) },
      { sql: 't.lane', type: 'int4', of: (row) => String(row.lane) },
      { sql: 't.seq', type: 'int8', of: (row) => String(row.seq) },
    ],
  },
  conditions: wishConditions('t'),
}

/** Each player's events, in the player's own order. */
export const eventsByPlayers = (
  ctx: ScopedContext,
  playerIds: readonly string[],
  request: EventsOf,
): Promise<(ListPage<JournalEvent> | Error)[]> =>
  readPages(
    ctx,
    list,
    { ...request, sort: { key: 'PLAYER_VERSION', direction: 'ASC' } },
    {
      columns: [['t.player_id', 'uuid']],
      keys: playerIds.map((id) => [id]),
    },
  )

/** Each round's events; all of them are one player's, whose stamps rise strictly. */
export const eventsByRounds = (
  ctx: ScopedContext,
  roundIds: readonly string[],
  request: EventsOf,
): Promise<(ListPage<JournalEvent> | Error)[]> =>
  readPages(
    ctx,
    list,
    { ...request, sort: { key: 'RECORDED_AT', direction: 'ASC' } },
    {
      columns: [['t.round_id', 'uuid']],
      keys: roundIds.map((id) => [id]),
    },
  )
