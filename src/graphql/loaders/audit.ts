import {
  type AuditEntryRequest,
  auditEntriesByActors,
  auditEntriesByIds,
  auditEntriesByPairs,
  auditEntriesBySubjects,
} from '../../domain/audit/queries.ts'
import type { ScopedContext } from '../../domain/context.ts'
import { one, pages } from './batch.ts'

export const auditLoaders = (ctx: ScopedContext) => ({
  auditEntryById: one((ids) => auditEntriesByIds(ctx, ids)),
  auditEntriesByActor: pages((ids: readonly string[], request: AuditEntryRequest) =>
    auditEntriesByActors(ctx, ids, request),
  ),
  auditEntriesBySubject: pages((ids: readonly string[], request: AuditEntryRequest) =>
    auditEntriesBySubjects(ctx, ids, request),
  ),
  /** Keys are two subjects. */
  auditEntriesByPair: pages((pairs: readonly (readonly [string, string])[], request: AuditEntryRequest) =>
    auditEntriesByPairs(ctx, pairs, request),
  ),
})
