import { build } from '../../db/build.ts'
import { auditEntries } from '../../db/tables/audit.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import type { Actor } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import type { NewAuditEntry } from './types.ts'

/** Who did it, in which request, and when. */
export interface Cause {
  readonly actor: Pick<Actor, 'kind' | 'id'>
  readonly requestId: string
  readonly at: Date
}

/** The row of an entry: for whoever writes it together with the effect it tells of. */
export const auditRow = (cause: Cause, entry: NewAuditEntry, id: string = uuidv7(cause.at)) => ({
  id,
  at: cause.at,
  brandId: entry.brandId ?? null,
  actorKind: cause.actor.kind,
  actorId: cause.actor.id,
  action: entry.action,
  outcome: entry.outcome,
  code: entry.code ?? null,
  subjectType: entry.subjectType ?? null,
  subjectId: entry.subjectId ?? null,
  reason: entry.reason ?? null,
  before: entry.before ?? null,
  after: entry.after ?? null,
  requestId: cause.requestId,
})

/** Writes an entry in the transaction of what it tells of; once, also when that transaction is run again. */
export async function recordEntry(
  tx: VerbTransaction,
  cause: Cause,
  entry: NewAuditEntry,
  id?: string,
): Promise<void> {
  await tx.query(
    build
      .insert(auditEntries)
      .values(auditRow(cause, entry, id))
      .onConflictDoNothing(),
  )
}
