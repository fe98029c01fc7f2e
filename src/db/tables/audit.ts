import { index, jsonb, pgTable, primaryKey, text } from '../drizzle.ts'
import { bytes, id, key, moment } from './columns.ts'

/** One operator action, allowed or refused; insert-only. The actor has no foreign key: it may be the system. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id().primaryKey(),
    at: moment('at').notNull(),
    brandId: id('brand_id'),
    actorKind: text('actor_kind', { enum: ['OPERATOR', 'TOKEN', 'PROVIDER_ACCOUNT', 'SYSTEM'] }).notNull(),
    actorId: id('actor_id'),
    /** The mutation's name, or the command line's verb. */
    action: text('action').notNull(),
    outcome: text('outcome', { enum: ['ALLOWED', 'REFUSED'] }).notNull(),
    /** The error code of a refusal. */
    code: text('code'),
    subjectType: text('subject_type'),
    subjectId: id('subject_id'),
    reason: text('reason'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
    requestId: text('request_id').notNull(),
  },
  (t) => [
    index('audit_entries_brand').on(t.brandId, t.id),
    index('audit_entries_subject').on(t.subjectId, t.id),
    index('audit_entries_actor').on(t.actorId, t.id),
  ],
)

/** Idempotency of mutations: the ids and codes of the first answer; the payload is resolved anew. */
export const mutationKeys = pgTable(
  'mutation_keys',
  {
    brandId: id('brand_id').notNull(),
    actorId: id('actor_id').notNull(),
    mutation: text('mutation').notNull(),
    key: key('key').notNull(),
    inputHash: bytes('input_hash').notNull(),
    result: jsonb('result').$type<Record<string, unknown>>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [primaryKey({ name: 'mutation_keys_pkey', columns: [t.brandId, t.actorId, t.mutation, t.key] })],
)
