import { type Column, column } from '../../db/statement.ts'
import type { auditRow } from './record-entry.ts'

type Row = ReturnType<typeof auditRow>

const json = (value: Record<string, unknown> | null) => (value === null ? null : JSON.stringify(value))

/** How audit entries travel to the database with a batch of commands. */
export const auditColumns: readonly Column<Row>[] = [
  column('id', 'uuid', (row) => row.id),
  column('at', 'timestamptz', (row) => row.at),
  column('brand_id', 'uuid', (row) => row.brandId),
  column('actor_kind', 'text', (row) => row.actorKind),
  column('actor_id', 'uuid', (row) => row.actorId),
  column('action', 'text', (row) => row.action),
  column('outcome', 'text', (row) => row.outcome),
  column('code', 'text', (row) => row.code),
  column('subject_type', 'text', (row) => row.subjectType),
  column('subject_id', 'uuid', (row) => row.subjectId),
  column('reason', 'text', (row) => row.reason),
  column('before', 'jsonb', (row) => json(row.before)),
  column('after', 'jsonb', (row) => json(row.after)),
  column('request_id', 'text', (row) => row.requestId),
]
