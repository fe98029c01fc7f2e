import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  type IntFilter,
  int,
  related,
  type TextFilter,
  type TimeRange,
  text,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { checkNarrow } from '../../db/narrow.ts'
import { shapeOf } from '../../db/rows.ts'
import { providerCalls } from '../../db/tables/providers.ts'
import type { ScopedContext } from '../context.ts'
import type { ProviderCall, ProviderCallBody } from './types.ts'

export interface ProviderCallFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly round?: ChoiceFilter | null
  readonly bet?: ChoiceFilter | null
  readonly direction?: ChoiceFilter | null
  readonly operation?: TextFilter | null
  readonly transactionKey?: TextFilter | null
  readonly signature?: ChoiceFilter | null
  readonly verdict?: ChoiceFilter | null
  readonly effect?: ChoiceFilter | null
  readonly receivedAt?: TimeRange | null
  readonly provider?: ChoiceFilter | null
  readonly transaction?: ChoiceFilter | null
  readonly path?: TextFilter | null
  readonly httpStatus?: IntFilter | null
  readonly latencyUs?: IntFilter | null
  readonly attemptKey?: TextFilter | null
  readonly requestId?: TextFilter | null
}

export type ProviderCallSortKey = 'RECEIVED_AT' | 'LATENCY'
export type ProviderCallRequest = PageRequest<ProviderCallFilter, ProviderCallSortKey>

const byId = { sql: 't.id', type: 'uuid', of: (row: ProviderCall) => row.id } as const
const accounts = 'select x.id from provider_accounts x'

const list: ListShape<ProviderCall, ProviderCallFilter, ProviderCallSortKey> = {
  name: 'providerCalls',
  from: 'provider_calls t',
  shape: shapeOf(providerCalls, ['requestDigest', 'requestBody', 'requestHeaders', 'replyBody']),
  brandColumn: 't.brand_id',
  sorts: {
    RECEIVED_AT: [byId],
    LATENCY: [{ sql: 't.latency_us', type: 'int4', of: (row) => String(row.latencyUs) }, byId],
  },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    session: choice('t.session_id', 'uuid'),
    round: choice('t.round_id', 'uuid'),
    bet: choice('t.bet_id', 'uuid'),
    direction: choice('t.direction'),
    operation: text('t.operation'),
    transactionKey: text('t.transaction_key'),
    signature: choice('t.signature'),
    verdict: choice('t.verdict'),
    effect: choice('t.effect'),
    receivedAt: timeOfId('t.id'),
    provider: related('t.provider_account_id', accounts, choice('x.provider_id', 'uuid')),
    transaction: choice('t.transaction_id', 'uuid'),
    path: text('t.path'),
    httpStatus: int('t.http_status'),
    latencyUs: int('t.latency_us'),
    attemptKey: text('t.attempt_key'),
    requestId: text('t.request_id'),
  },
  start: {
    column: 't.provider_account_id',
    keys: (brandIds) => `array(select a.id from provider_accounts a where a.brand_id = any(${brandIds}))`,
  },
  drivers: [
    ['id', 't.id'],
    ['round', 't.round_id'],
    ['player', 't.player_id'],
    ['providerAccount', 't.provider_account_id'],
  ],
  kinds: ['t.operation', 't.verdict'],
}

const bodyShape = shapeOf(providerCalls, without())

/** All but the heavy columns and the id. */
function without() {
  const light = [
    ...(['brandId', 'providerAccountId', 'direction', 'operation', 'path', 'signature', 'verdict'] as const),
    ...([
      'effect',
      'httpStatus',
      'attemptKey',
      'transactionKey',
      'playerId',
      'sessionId',
      'roundId',
    ] as const),
    ...(['betId', 'transactionId', 'providerTime', 'receivedAt', 'decidedAt', 'latencyUs'] as const),
    ...(['requestId', 'requestBytes', 'requestTruncated'] as const),
  ]
  return light
}

export const providerCallsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

export const providerCallBodiesByIds = (
  ctx: ScopedContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ProviderCallBody>> =>
  readByIds(ctx, { ...list, name: 'providerCallBodies', shape: bodyShape }, ids)

const narrowing = { sort: 'LATENCY', time: 'receivedAt', choices: ['player', 'round', 'id'] } as const

export async function providerCallsPage(ctx: ScopedContext, request: ProviderCallRequest) {
  checkNarrow(ctx, request, narrowing)
  return readPage(ctx, list, request)
}

/** Whose calls: the columns that lead to them by an index. A bet's and a transaction's lead through their round. */
const columns = {
  PROVIDER_ACCOUNT: ['t.provider_account_id'],
  PLAYER: ['t.player_id'],
  ROUND: ['t.round_id'],
  BET: ['t.round_id', 't.bet_id'],
  TRANSACTION: ['t.round_id', 't.transaction_id'],
} as const

export const providerCallsBy = (
  ctx: ScopedContext,
  owner: keyof typeof columns,
  keys: readonly (readonly string[])[],
  request: ProviderCallRequest,
) => {
  if (owner === 'PROVIDER_ACCOUNT') checkNarrow(ctx, request, narrowing)
  return readPages(ctx, list, request, { columns: columns[owner].map((sql) => [sql, 'uuid'] as const), keys })
}
