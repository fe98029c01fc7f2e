import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  type Condition,
  flag,
  type TextFilter,
  type TimeRange,
  text,
  time,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { shapeOf } from '../../db/rows.ts'
import { reconciliationItems, reconciliations } from '../../db/tables/reconciliation.ts'
import type { ScopedContext } from '../context.ts'
import type { Reconciliation, ReconciliationItem } from './types.ts'

export interface ReconciliationFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly status?: ChoiceFilter | null
  readonly from?: TimeRange | null
  readonly startedAt?: TimeRange | null
}

export type ReconciliationRequest = PageRequest<ReconciliationFilter, 'STARTED_AT'>

const runs: ListShape<Reconciliation, ReconciliationFilter, 'STARTED_AT'> = {
  name: 'reconciliations',
  from: 'reconciliations t',
  shape: shapeOf(reconciliations),
  brandColumn: 't.brand_id',
  sorts: { STARTED_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    status: choice('t.status'),
    from: time('t.from_at'),
    startedAt: timeOfId('t.id'),
  },
  drivers: [
    ['id', 't.id'],
    ['providerAccount', 't.provider_account_id'],
  ],
}

export const reconciliationsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, runs, ids)

export const reconciliationsPage = (ctx: ScopedContext, request: ReconciliationRequest) =>
  readPage(ctx, runs, request)

export interface ItemFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly reconciliation?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly bucket?: ChoiceFilter | null
  readonly state?: ChoiceFilter | null
  readonly owner?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly transactionKey?: TextFilter | null
  /** Whether the same was found and resolved before. */
  readonly known?: boolean | null
}

export type ItemRequest = PageRequest<ItemFilter, 'FOUND_AT'>

const known: Condition<boolean> = flag('(t.previous_id is not null)')

const items: ListShape<ReconciliationItem, ItemFilter, 'FOUND_AT'> = {
  name: 'reconciliationItems',
  from: 'reconciliation_items t',
  shape: shapeOf(reconciliationItems),
  brandColumn: 't.brand_id',
  sorts: { FOUND_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    reconciliation: choice('t.reconciliation_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    bucket: choice('t.bucket'),
    state: choice('t.state'),
    owner: choice('t.owner_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    transactionKey: text('t.transaction_key'),
    known,
  },
  drivers: [
    ['id', 't.id'],
    ['reconciliation', 't.reconciliation_id'],
    ['owner', 't.owner_id'],
  ],
}

export const itemsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, items, ids)

export const itemsPage = (ctx: ScopedContext, request: ItemRequest) => readPage(ctx, items, request)

/** Keys are the provider account and the transaction key of a transaction. */
export const itemsByKeys = (
  ctx: ScopedContext,
  keys: readonly (readonly [accountId: string, transactionKey: string])[],
  request: ItemRequest,
) =>
  readPages(ctx, items, request, {
    columns: [
      ['t.provider_account_id', 'uuid'],
      ['t.transaction_key', 'text'],
    ],
    keys,
  })

export const itemsByBets = (ctx: ScopedContext, betIds: readonly string[], request: ItemRequest) =>
  readPages(ctx, items, request, { columns: [['t.bet_id', 'uuid']], keys: betIds.map((id) => [id]) })

export const itemsByReconciliations = (
  ctx: ScopedContext,
  reconciliationIds: readonly string[],
  request: ItemRequest,
) => {
  const keys = reconciliationIds.map((id) => [id])
  return readPages(ctx, items, request, { columns: [['t.reconciliation_id', 'uuid']], keys })
}
