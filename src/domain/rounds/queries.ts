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
import { Parameters, readRows, shapeOf } from '../../db/rows.ts'
import { rounds } from '../../db/tables/rounds.ts'
import type { ScopedContext } from '../context.ts'
import type { Round } from './types.ts'

export interface RoundFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly roundKey?: TextFilter | null
  readonly status?: ChoiceFilter | null
  readonly currency?: ChoiceFilter | null
  readonly startedAt?: TimeRange | null
  readonly completedAt?: TimeRange | null
}

export type RoundRequest = PageRequest<RoundFilter, 'STARTED_AT'>

const list: ListShape<Round, RoundFilter, 'STARTED_AT'> = {
  name: 'rounds',
  from: 'rounds t',
  shape: shapeOf(rounds, ['result']),
  brandColumn: 't.brand_id',
  sorts: { STARTED_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    session: choice('t.session_id', 'uuid'),
    game: choice('t.game_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    roundKey: text('t.round_key'),
    status: choice('t.status'),
    currency: choice('t.currency'),
    startedAt: timeOfId('t.id'),
    completedAt: time('t.completed_at'),
  },
  drivers: [
    ['id', 't.id'],
    ['session', 't.session_id'],
    ['player', 't.player_id'],
  ],
}

export const roundsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

const resultShape = shapeOf(rounds, [
  ...(['brandId', 'playerId', 'sessionId', 'gameId', 'providerAccountId', 'roundKey', 'currency'] as const),
  ...(['status', 'startedAt', 'completedAt', 'version'] as const),
])

/** What the providers reported as results: heavy, read only when asked for. */
export const roundResultsByIds = (ctx: ScopedContext, ids: readonly string[]) =>
  readByIds(ctx, { ...list, shape: resultShape }, ids)

export interface RoundKey {
  readonly providerAccountCode: string
  readonly playerId: string
  readonly roundKey: string
}

export async function roundByKey(ctx: ScopedContext, key: RoundKey): Promise<Round | undefined> {
  const parameters = new Parameters()
  const text = `/* rounds: by key */
select ${list.shape.columns} from provider_accounts a
join rounds t on t.provider_account_id = a.id and t.player_id = ${parameters.add('uuid', key.playerId)}
and t.round_key = ${parameters.add('text', key.roundKey)}
where a.code = ${parameters.add('text', key.providerAccountCode)}
and t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const [row] = await readRows(ctx.sql, list.shape, text, parameters.values)
  return row
}

export const roundsPage = (ctx: ScopedContext, request: RoundRequest) => readPage(ctx, list, request)

export const roundsByPlayers = (ctx: ScopedContext, playerIds: readonly string[], request: RoundRequest) =>
  readPages(ctx, list, request, { columns: [['t.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })

export const roundsBySessions = (ctx: ScopedContext, sessionIds: readonly string[], request: RoundRequest) =>
  readPages(ctx, list, request, { columns: [['t.session_id', 'uuid']], keys: sessionIds.map((id) => [id]) })
