import type { BetSums } from '../../domain/sessions/bet-sums.ts'
import { gameTokenHash } from '../../domain/sessions/game-token.ts'
import {
  type SessionFilter,
  type SessionSortKey,
  sessionByTokenHash,
  sessionsPage,
} from '../../domain/sessions/queries.ts'
import type { Session } from '../../domain/sessions/types.ts'
import { readUuid } from '../../lib/global-id.ts'
import { connection, counted, idOf, summed } from '../connections.ts'
import type { Resolvers } from '../generated.ts'
import { toRequest } from '../requests.ts'
import { auditEntriesOf } from './audit.ts'
import { betSumFields } from './bet-sums.ts'

const types = {
  id: ['Session'],
  brand: ['Brand'],
  player: ['Player'],
  game: ['Game'],
  provider: ['Provider'],
  providerAccount: ['ProviderAccount'],
}

type Arguments = Parameters<typeof toRequest<SessionFilter, SessionSortKey>>[0]

const toSessions = (args: Arguments) => toRequest<SessionFilter, SessionSortKey>(args, 'OPENED_AT', types)

export const sessionResolvers = {
  Query: {
    session: async (_, { by }, ctx) => {
      if (by.byGameToken) return (await sessionByTokenHash(ctx, gameTokenHash(by.byGameToken))) ?? null
      const key = by.byId ? readUuid('Session', by.byId) : undefined
      return key === undefined ? null : ctx.loaders.sessionById.load(key)
    },
    sessions: (_, args, ctx) => sessionsPage(ctx, toSessions(args)),
  },
  Player: {
    sessions: (row, args, { loaders }) => loaders.sessionsByPlayer.load(row.id, toSessions(args)),
  },
  Activity: {
    session: (row, _, { loaders }) =>
      row.sessionId === null ? null : loaders.sessionById.load(row.sessionId),
  },
  ProviderCall: {
    session: (row, _, { loaders }) =>
      row.sessionId === null ? null : loaders.sessionById.load(row.sessionId),
  },
  Session: {
    id: idOf('Session'),
    auditEntries: auditEntriesOf,
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    player: (row, _, { loaders }) => loaders.playerById.load(row.playerId),
    wallet: (row, _, { loaders }) => loaders.walletById.load(row.walletId),
    providerAccount: (row, _, { loaders }) => loaders.providerAccountById.load(row.providerAccountId),
    game: (row, _, { loaders }) => loaders.gameById.load(row.gameId),
    viewerCanClose: (row, _, { viewer }) => row.status === 'OPEN' && viewer.permissions.has('SESSIONS_WRITE'),
  },
  SessionConnection: { ...connection<Session>(), ...counted, ...summed<BetSums>() },
  SessionTotals: betSumFields,
} satisfies Resolvers
