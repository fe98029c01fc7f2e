import {
  type ProviderCallFilter,
  type ProviderCallSortKey,
  providerCallsPage,
} from '../../domain/providers/call-queries.ts'
import { allProviders } from '../../domain/providers/queries.ts'
import type { ProviderCall } from '../../domain/providers/types.ts'
import { readUuid } from '../../lib/global-id.ts'
import { byKind, connection, counted, idOf } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers, Verdict } from '../generated.ts'
import { toRequest } from '../requests.ts'
import { auditEntriesOf } from './audit.ts'

const types = {
  id: ['ProviderCall'],
  brand: ['Brand'],
  providerAccount: ['ProviderAccount'],
  player: ['Player'],
  session: ['Session'],
  round: ['Round'],
  bet: ['Bet'],
  provider: ['Provider'],
  transaction: ['Transaction'],
}

type Arguments = Parameters<typeof toRequest<ProviderCallFilter, ProviderCallSortKey>>[0]

export const toProviderCalls = (args: Arguments) =>
  toRequest<ProviderCallFilter, ProviderCallSortKey>(args, 'RECEIVED_AT', types)

const body = (row: ProviderCall, { loaders }: GraphContext) => loaders.providerCallBodyById.load(row.id)

export const providerResolvers = {
  Query: {
    providers: (_, _args, ctx) => allProviders(ctx),
    providerCall: (_, { id }, { loaders }) => {
      const key = readUuid('ProviderCall', id)
      return key === undefined ? null : loaders.providerCallById.load(key)
    },
    providerCalls: (_, args, ctx) => providerCallsPage(ctx, toProviderCalls(args)),
  },
  Brand: {
    providerAccounts: (row, _, { loaders }) => loaders.providerAccountsByBrand.load(row.id),
  },
  Player: {
    providerCalls: (row, args, { loaders }) =>
      loaders.providerCallsByPlayer.load([row.id], toProviderCalls(args)),
  },
  Provider: {
    id: idOf('Provider'),
    accounts: (row, _, { loaders }) => loaders.providerAccountsByProvider.load(row.id),
  },
  ProviderAccount: {
    id: idOf('ProviderAccount'),
    auditEntries: auditEntriesOf,
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    provider: (row, _, { loaders }) => loaders.providerById.load(row.providerId),
    providerCalls: (row, args, { loaders }) =>
      loaders.providerCallsByAccount.load([row.id], toProviderCalls(args)),
  },
  ProviderCall: {
    id: idOf('ProviderCall'),
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    providerAccount: (row, _, { loaders }) => loaders.providerAccountById.load(row.providerAccountId),
    verdict: (row) => row.verdict as Verdict,
    requestBody: async (row, _, ctx) => (await body(row, ctx))?.requestBody.toString('utf8') ?? null,
    requestHeaders: async (row, _, ctx) => (await body(row, ctx))?.requestHeaders ?? null,
    requestDigest: async (row, _, ctx) => (await body(row, ctx))?.requestDigest.toString('hex') ?? null,
    replyBody: async (row, _, ctx) => (await body(row, ctx))?.replyBody.toString('utf8') ?? null,
    player: (row, _, { loaders }) => (row.playerId === null ? null : loaders.playerById.load(row.playerId)),
  },
  ProviderCallConnection: { ...connection<ProviderCall>(), ...counted, ...byKind },
  ProviderCallTotals: {
    operation: ({ of: [operation = ''] }) => operation,
    verdict: ({ of: [, verdict] }) => verdict as Verdict,
  },
} satisfies Resolvers
