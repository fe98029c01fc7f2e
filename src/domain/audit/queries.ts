import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  choice,
  type TextFilter,
  type TimeRange,
  text,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { shapeOf } from '../../db/rows.ts'
import { auditEntries } from '../../db/tables/audit.ts'
import type { ScopedContext } from '../context.ts'
import type { AuditEntry } from './types.ts'

export interface AuditEntryFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly actor?: ChoiceFilter | null
  readonly subject?: ChoiceFilter | null
  readonly action?: TextFilter | null
  readonly outcome?: ChoiceFilter | null
  readonly at?: TimeRange | null
}

export type AuditEntryRequest = PageRequest<AuditEntryFilter, 'AT'>

const list: ListShape<AuditEntry, AuditEntryFilter, 'AT'> = {
  name: 'auditEntries',
  from: 'audit_entries t',
  shape: shapeOf(auditEntries),
  brandColumn: 't.brand_id',
  sorts: { AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    actor: choice('t.actor_id', 'uuid'),
    subject: choice('t.subject_id', 'uuid'),
    action: text('t.action'),
    outcome: choice('t.outcome'),
    at: timeOfId('t.id'),
  },
  drivers: [
    ['id', 't.id'],
    ['subject', 't.subject_id'],
    ['actor', 't.actor_id'],
  ],
}

export const auditEntriesByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

export const auditEntriesPage = (ctx: ScopedContext, request: AuditEntryRequest) =>
  readPage(ctx, list, request)

export const auditEntriesByActors = (
  ctx: ScopedContext,
  actorIds: readonly string[],
  request: AuditEntryRequest,
) => readPages(ctx, list, request, { columns: [['t.actor_id', 'uuid']], keys: actorIds.map((id) => [id]) })

export const auditEntriesBySubjects = (
  ctx: ScopedContext,
  subjectIds: readonly string[],
  request: AuditEntryRequest,
) =>
  readPages(ctx, list, request, { columns: [['t.subject_id', 'uuid']], keys: subjectIds.map((id) => [id]) })

/** Keys are two subjects each: what was done with either. */
export const auditEntriesByPairs = (
  ctx: ScopedContext,
  pairs: readonly (readonly [subjectId: string, otherId: string])[],
  request: AuditEntryRequest,
) =>
  readPages(ctx, { ...list, always: 't.subject_id in (p.v0, p.v1)' }, request, {
    columns: [
      ['p.v0', 'uuid'],
      ['p.v1', 'uuid'],
    ],
    keys: pairs,
  })
