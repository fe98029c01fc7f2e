import type { BetSums } from '../../domain/sessions/bet-sums.ts'
import { type RoundFilter, type RoundSortKey, roundByKey, roundsPage } from '../../domain/rounds/queries.ts'
import type { Round } from '../../domain/rounds/types.ts'
import { readUuid } from '../../lib/global-id.ts'
import { connection, counted, idOf, summed } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers, RoundRef } from '../generated.ts'
import { isKey, playerKey } from '../references.ts'
import { toRequest } from '../requests.ts'
import { auditEntriesOf } from './audit.ts'
import { toEvents } from './event-wish.ts'
import { betSumFields } from './bet-sums.ts'
import { toProviderCalls } from './providers.ts'

const types = {
  id: ['Round'],
  brand: ['Brand'],
  player: ['Player'],
  session: ['Session'],
  game: ['Game'],
  provider: ['Provider'],
  providerAccount: ['ProviderAccount'],
}

type Arguments = Parameters<typeof toRequest<RoundFilter, RoundSortKey>>[0]

const toRounds = (args: Arguments) => toRequest<RoundFilter, RoundSortKey>(args, 'STARTED_AT', types)

async function findRound(ctx: GraphContext, by: RoundRef): Promise<Round | null> {
  if (by.byId) {
    const key = readUuid('Round', by.byId)
    return key === undefined ? null : ctx.loaders.roundById.load(key)
  }
  if (!by.byRoundKey) return null
  const { providerAccountCode, player, roundKey } = by.byRoundKey
  const playerId = await playerKey(ctx, player)
  if (playerId === undefined || !isKey(roundKey) || !isKey(providerAccountCode)) return null
  return (await roundByKey(ctx, { providerAccountCode, playerId, roundKey })) ?? null
}

export const roundResolvers = {
  Query: {
    round: (_, { by }, ctx) => findRound(ctx, by),
    rounds: (_, args, ctx) => roundsPage(ctx, toRounds(args)),
  },
  Player: {
    rounds: (row, args, { loaders }) => loaders.roundsByPlayer.load(row.id, toRounds(args)),
  },
  Session: {
    rounds: (row, args, { loaders }) => loaders.roundsBySession.load(row.id, toRounds(args)),
  },
  ProviderCall: {
    round: (row, _, { loaders }) => (row.roundId === null ? null : loaders.roundById.load(row.roundId)),
  },
  Round: {
    id: idOf('Round'),
    auditEntries: auditEntriesOf,
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    player: (row, _, { loaders }) => loaders.playerById.load(row.playerId),
    session: (row, _, { loaders }) => loaders.sessionById.load(row.sessionId),
    game: (row, _, { loaders }) => loaders.gameById.load(row.gameId),
    providerAccount: (row, _, { loaders }) => loaders.providerAccountById.load(row.providerAccountId),
    result: async (row, _, { loaders }) => (await loaders.roundResultById.load(row.id))?.result ?? null,
    events: async (row, args, ctx) => ctx.loaders.eventsByRound.load(row.id, await toEvents(ctx, args)),
    providerCalls: (row, args, { loaders }) =>
      loaders.providerCallsByRound.load([row.id], toProviderCalls(args)),
  },
  RoundConnection: { ...connection<Round>(), ...counted, ...summed<BetSums>() },
  RoundListTotals: betSumFields,
} satisfies Resolvers
