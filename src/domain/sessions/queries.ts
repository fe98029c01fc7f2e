import { readByIds, readByKeys } from '../../db/by-ids.ts'
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
import { sessions } from '../../db/tables/sessions.ts'
import type { ScopedContext } from '../context.ts'
import type { Session } from './types.ts'

export interface SessionFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly status?: ChoiceFilter | null
  readonly closeReason?: ChoiceFilter | null
  readonly country?: TextFilter | null
  readonly currency?: ChoiceFilter | null
  readonly openedAt?: TimeRange | null
  readonly closedAt?: TimeRange | null
}

export type SessionRequest = PageRequest<SessionFilter, 'OPENED_AT'>

const list: ListShape<Session, SessionFilter, 'OPENED_AT'> = {
  name: 'sessions',
  from: 'sessions t',
  shape: shapeOf(sessions, ['tokenHash']),
  brandColumn: 't.brand_id',
  sorts: { OPENED_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    game: choice('t.game_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    status: choice('t.status'),
    closeReason: choice('t.close_reason'),
    country: text('t.country'),
    currency: choice('t.currency'),
    openedAt: timeOfId('t.id'),
    closedAt: time('t.closed_at'),
  },
  drivers: [
    ['id', 't.id'],
    ['player', 't.player_id'],
  ],
}

export const sessionsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

/** The session that a game token of this SHA-256 opened. */
export async function sessionByTokenHash(ctx: ScopedContext, hash: Buffer): Promise<Session | undefined> {
  const [row] = await readByKeys(
    ctx,
    list,
    't.token_hash',
    [`\\x${hash.toString('hex')}`],
    undefined,
    'bytea',
  )
  return row
}

export const sessionsPage = (ctx: ScopedContext, request: SessionRequest) => readPage(ctx, list, request)

export const sessionsByPlayers = (
  ctx: ScopedContext,
  playerIds: readonly string[],
  request: SessionRequest,
) => readPages(ctx, list, request, { columns: [['t.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })
