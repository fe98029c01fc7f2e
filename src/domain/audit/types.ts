import type { InferSelectModel } from 'drizzle-orm'
import type { auditEntries } from '../../db/tables/audit.ts'

export type AuditEntry = InferSelectModel<typeof auditEntries>

/** What an operator's action leaves behind; actor, time and request come from the context. */
export interface NewAuditEntry {
  /** The mutation's name, or the command line's verb. */
  readonly action: string
  readonly outcome: 'ALLOWED' | 'REFUSED'
  /** The error code of a refusal. */
  readonly code?: string
  readonly brandId?: string | null
  readonly subjectType?: string
  readonly subjectId?: string
  readonly reason?: string
  readonly before?: Record<string, unknown>
  readonly after?: Record<string, unknown>
}
