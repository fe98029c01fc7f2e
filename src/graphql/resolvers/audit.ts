import { type AuditEntryFilter, auditEntriesPage } from '../../domain/audit/queries.ts'
import type { AuditEntry } from '../../domain/audit/types.ts'
import { globalId } from '../../lib/global-id.ts'
import { connection, counted, idOf } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { ActorResolvers, Resolvers } from '../generated.ts'
import type { ActorRow } from '../mappers.ts'
import { findNode } from '../nodes.ts'
import { toRequest } from '../requests.ts'

const types = { id: ['AuditEntry'], brand: ['Brand'], actor: ['Operator', 'ProviderAccount'], subject: [] }

type Arguments = Parameters<typeof toRequest<AuditEntryFilter, 'AT'>>[0]

export const toAuditRequest = (args: Arguments) => toRequest<AuditEntryFilter, 'AT'>(args, 'AT', types)

const actor = {
  id: ({ kind, id }) => {
    if (id === null || kind === 'SYSTEM') return null
    return globalId(kind === 'OPERATOR' ? 'Operator' : 'ProviderAccount', id)
  },
  name: async (row, _, { loaders }) => {
    if (row.id === null) return null
    if (row.kind === 'OPERATOR') return (await loaders.operatorById.load(row.id))?.name ?? null
    return (await loaders.providerAccountById.load(row.id))?.code ?? null
  },
  operator: ({ kind, id }, _, { loaders }) =>
    kind === 'OPERATOR' && id !== null ? loaders.operatorById.load(id) : null,
  providerAccount: ({ kind, id }, _, { loaders }) =>
    kind === 'PROVIDER_ACCOUNT' && id !== null ? loaders.providerAccountById.load(id) : null,
} satisfies ActorResolvers

interface Subject {
  readonly id: string
}

/** What operators did with a thing, for the resolvers of its type. */
export const auditEntriesOf = (row: Subject, args: Arguments, { loaders }: GraphContext) =>
  loaders.auditEntriesBySubject.load(row.id, toAuditRequest(args))

/** An actor that is named as a token is its operator. */
export const actorOf = (kind: string, id: string | null): ActorRow => ({
  kind: kind === 'SYSTEM' || kind === 'PROVIDER_ACCOUNT' ? kind : 'OPERATOR',
  id,
})

const textOf = (value: unknown): string | null => {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function changesOf({ before, after }: AuditEntry) {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...fields].map((field) => ({
    field,
    before: textOf(before?.[field]),
    after: textOf(after?.[field]),
  }))
}

const subjectOf = ({ subjectType: type, subjectId: key }: AuditEntry) =>
  type !== null && key !== null ? { type, key } : undefined

export const auditResolvers = {
  Query: { auditEntries: (_, args, ctx) => auditEntriesPage(ctx, toAuditRequest(args)) },
  Operator: {
    auditEntries: (row, args, { loaders }) => loaders.auditEntriesByActor.load(row.id, toAuditRequest(args)),
  },
  AuditEntry: {
    id: idOf('AuditEntry'),
    brand: (row, _, { loaders }) => (row.brandId === null ? null : loaders.brandById.load(row.brandId)),
    actor: (row) => actorOf(row.actorKind, row.actorId),
    subjectId: (row) => {
      const subject = subjectOf(row)
      return subject ? globalId(subject.type, subject.key) : null
    },
    subject: (row, _, ctx) => findNode(ctx, subjectOf(row)),
    changes: changesOf,
  },
  AuditEntryConnection: { ...connection<AuditEntry>(), ...counted },
  Actor: actor,
} satisfies Resolvers
