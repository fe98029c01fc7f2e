import {
  type ItemFilter,
  itemsPage,
  type ReconciliationFilter,
  reconciliationsPage,
} from '../../domain/reconciliation/queries.ts'
import type { Reconciliation, ReconciliationItem } from '../../domain/reconciliation/types.ts'
import { readUuid } from '../../lib/global-id.ts'
import { connection, counted, idOf } from '../connections.ts'
import type { ReconciliationBucket, ReportedKind, ReportedStatus, Resolvers } from '../generated.ts'
import { toRequest } from '../requests.ts'
import { actorOf } from './audit.ts'

const types = {
  id: ['Reconciliation'],
  brand: ['Brand'],
  providerAccount: ['ProviderAccount'],
}
const itemTypes = {
  ...types,
  id: ['ReconciliationItem'],
  reconciliation: ['Reconciliation'],
  owner: ['Operator'],
  player: ['Player'],
}

type Arguments = Parameters<typeof toRequest<ReconciliationFilter, 'STARTED_AT'>>[0]
type ItemArguments = Parameters<typeof toRequest<ItemFilter, 'FOUND_AT'>>[0]

const toReconciliations = (args: Arguments) =>
  toRequest<ReconciliationFilter, 'STARTED_AT'>(args, 'STARTED_AT', types)

const toItems = (args: ItemArguments) => toRequest<ItemFilter, 'FOUND_AT'>(args, 'FOUND_AT', itemTypes)

const operator = (id: string | null) => (id === null ? null : actorOf('OPERATOR', id))

/** Over the time that reading took, or takes; the first moment of it counts as a second. */
function linesPerSecond({ linesRead, startedAt, readAt }: Reconciliation): number {
  const seconds = Math.max(1, (readAt.getTime() - startedAt.getTime()) / 1000)
  return Math.round(Number(linesRead) / seconds)
}

export const reconciliationResolvers = {
  Query: {
    reconciliation: (_, { id }, { loaders }) => {
      const key = readUuid('Reconciliation', id)
      return key === undefined ? null : loaders.reconciliationById.load(key)
    },
    reconciliations: (_, args, ctx) => reconciliationsPage(ctx, toReconciliations(args)),
    reconciliationItems: (_, args, ctx) => itemsPage(ctx, toItems(args)),
  },
  Reconciliation: {
    id: idOf('Reconciliation'),
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    providerAccount: (row, _, { loaders }) => loaders.providerAccountById.load(row.providerAccountId),
    from: (row) => row.fromAt,
    to: (row) => row.toAt,
    marginSeconds: (row) => Math.round(row.marginMs / 1000),
    actor: (row) => actorOf(row.actorKind, row.actorId),
    progress: (row) => row,
    counts: ({ counts }) =>
      Object.entries(counts).map(([bucket, count]) => ({ bucket: bucket as ReconciliationBucket, count })),
    items: (row, args, { loaders }) =>
      loaders.reconciliationItemsByReconciliation.load(row.id, toItems(args)),
  },
  Transaction: {
    reconciliationItems: ({ scopeId, transactionKey }, args, { loaders }) =>
      loaders.reconciliationItemsByKey.load([scopeId, transactionKey], toItems(args)),
  },
  Bet: {
    reconciliationItems: (row, args, { loaders }) =>
      loaders.reconciliationItemsByBet.load(row.id, toItems(args)),
  },
  ReconciliationProgress: { linesPerSecond },
  ReconciliationItem: {
    id: idOf('ReconciliationItem'),
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    providerAccount: (row, _, { loaders }) => loaders.providerAccountById.load(row.providerAccountId),
    reconciliation: (row, _, { loaders }) => loaders.reconciliationById.load(row.reconciliationId),
    transaction: (row, _, { loaders }) =>
      row.transactionId === null ? null : loaders.transactionById.load(row.transactionId),
    bet: (row, _, { loaders }) => (row.betId === null ? null : loaders.betById.load(row.betId)),
    player: (row, _, { loaders }) => (row.playerId === null ? null : loaders.playerById.load(row.playerId)),
    owner: (row) => operator(row.ownerId),
    // The system's own name when the command line did it: somebody did.
    resolvedBy: (row) =>
      row.state === 'RESOLVED' ? actorOf(row.resolvedById ? 'OPERATOR' : 'SYSTEM', row.resolvedById) : null,
    previous: (row, _, { loaders }) =>
      row.previousId === null ? null : loaders.reconciliationItemById.load(row.previousId),
  },
  ReportedTransaction: {
    kind: ({ kind }) => kind as ReportedKind,
    status: ({ status }) => status as ReportedStatus,
    roundKey: ({ round }) => round,
    playerExternalId: ({ player }) => player,
    gameCode: ({ game }) => game,
  },
  ReconciliationConnection: { ...connection<Reconciliation>(), ...counted },
  ReconciliationItemConnection: { ...connection<ReconciliationItem>(), ...counted },
} satisfies Resolvers
