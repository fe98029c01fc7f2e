import { readByIds, readByKeys } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  related,
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
import { type BetSums, betSums } from './bet-sums.ts'
import type { Session } from './types.ts'

export interface SessionFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly provider?: ChoiceFilter | null
  readonly category?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly status?: ChoiceFilter | null
  readonly closeReason?: ChoiceFilter | null
  readonly country?: TextFilter | null
  readonly currency?: ChoiceFilter | null
  readonly openedAt?: TimeRange | null
  readonly closedAt?: TimeRange | null
  readonly expiresAt?: TimeRange | null
  readonly ip?: TextFilter | null
  readonly device?: TextFilter | null
}

export type SessionSortKey = 'OPENED_AT' | 'CLOSED_AT'
export type SessionRequest = PageRequest<SessionFilter, SessionSortKey>

const byId = { sql: 't.id', type: 'uuid', of: (row: Session) => row.id } as const

/** As the index has it: open sessions stand below all others. */
const byClosed = {
  sql: `coalesce(t.closed_at, '-infinity'::timestamptz)`,
  type: 'timestamptz',
  of: ({ closedAt }: Session) => closedAt?.toISOString() ?? '-infinity',
} as const

const list: ListShape<Session, SessionFilter, SessionSortKey, BetSums> = {
  name: 'sessions',
  from: 'sessions t',
  shape: shapeOf(sessions, ['tokenHash']),
  brandColumn: 't.brand_id',
  sorts: { OPENED_AT: [byId], CLOSED_AT: [byClosed, byId] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    game: choice('t.game_id', 'uuid'),
    provider: related('t.game_id', 'select x.id from games x', choice('x.provider_id', 'uuid')),
    category: related('t.game_id', 'select x.id from games x', choice('x.category')),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    status: choice('t.status'),
    closeReason: choice('t.close_reason'),
    country: text('t.country'),
    currency: choice('t.currency'),
    openedAt: timeOfId('t.id'),
    closedAt: time('t.closed_at'),
    expiresAt: time('t.expires_at'),
    ip: text('t.ip'),
    device: text('t.device'),
  },
  drivers: [
    ['id', 't.id'],
    ['player', 't.player_id'],
  ],
  totals: betSums('session_id'),
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
