import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  type TextFilter,
  type TimeRange,
  text,
  time,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { shapeOf } from '../../db/rows.ts'
import { activities } from '../../db/tables/players.ts'
import type { ScopedContext } from '../context.ts'
import type { Activity } from './types.ts'

export interface ActivityFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly type?: ChoiceFilter | null
  readonly recordedAt?: TimeRange | null
  readonly occurredAt?: TimeRange | null
  readonly ip?: TextFilter | null
  readonly device?: TextFilter | null
  readonly country?: TextFilter | null
}

export type ActivityRequest = PageRequest<ActivityFilter, 'RECORDED_AT'>

const list: ListShape<Activity, ActivityFilter, 'RECORDED_AT'> = {
  name: 'activities',
  from: 'activities t',
  shape: shapeOf(activities),
  brandColumn: 't.brand_id',
  sorts: { RECORDED_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    session: choice('t.session_id', 'uuid'),
    type: choice('t.type'),
    recordedAt: timeOfId('t.id'),
    occurredAt: time('t.occurred_at'),
    ip: text('t.ip'),
    device: text('t.device'),
    country: text('t.country'),
  },
  drivers: [
    ['id', 't.id'],
    ['player', 't.player_id'],
  ],
}

export const activitiesByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

export const activitiesPage = (ctx: ScopedContext, request: ActivityRequest) => readPage(ctx, list, request)

export const activitiesByPlayers = (
  ctx: ScopedContext,
  playerIds: readonly string[],
  request: ActivityRequest,
) => readPages(ctx, list, request, { columns: [['t.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })
