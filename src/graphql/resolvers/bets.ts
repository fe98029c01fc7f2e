import { multipleText } from '../../domain/bets/multiple.ts'
import { type BetFilter, type BetSortKey, type BetSum, betsPage } from '../../domain/bets/queries.ts'
import type { Bet } from '../../domain/bets/types.ts'
import { readUuid } from '../../lib/global-id.ts'
import { connection, counted, idOf, summed } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { BetRef, Resolvers } from '../generated.ts'
import { isKey } from '../references.ts'
import { toRequest } from '../requests.ts'
import { toProviderCalls } from './providers.ts'
import { toLedgerEntries } from './wallets.ts'

const types = {
  id: ['Bet'],
  brand: ['Brand'],
  player: ['Player'],
  session: ['Session'],
  round: ['Round'],
  game: ['Game'],
  provider: ['Provider'],
  providerAccount: ['ProviderAccount'],
}

type Arguments = Parameters<typeof toRequest<BetFilter, BetSortKey>>[0]

export const toBets = (args: Arguments) => toRequest<BetFilter, BetSortKey>(args, 'PLACED_AT', types)

async function findBet({ loaders }: GraphContext, by: BetRef): Promise<Bet | null> {
  if (by.byId) {
    const key = readUuid('Bet', by.byId)
    return key === undefined ? null : loaders.betById.load(key)
  }
  if (!by.byTransaction) return null
  const { providerAccountCode, transactionKey } = by.byTransaction
  if (!isKey(providerAccountCode) || !isKey(transactionKey)) return null
  const key = await loaders.betIdByTransaction.load([providerAccountCode, transactionKey])
  return key === null ? null : loaders.betById.load(key)
}

const noTotals = { betCount: 0, stakeMinor: 0n, payoutMinor: 0n }

export const betResolvers = {
  Query: {
    bet: (_, { by }, ctx) => findBet(ctx, by),
    bets: (_, args, ctx) => betsPage(ctx, toBets(args)),
  },
  Player: { bets: (row, args, { loaders }) => loaders.betsByPlayer.load(row.id, toBets(args)) },
  Session: { bets: (row, args, { loaders }) => loaders.betsBySession.load(row.id, toBets(args)) },
  Game: { bets: (row, args, { loaders }) => loaders.betsByGame.load(row.id, toBets(args)) },
  Round: {
    bets: (row, args, { loaders }) => loaders.betsByRound.load(row.id, toBets(args)),
    totals: async ({ id, currency }, _, { loaders }) => ({
      ...((await loaders.totalsByRound.load(id)) ?? noTotals),
      currency,
    }),
  },
  RoundTotals: {
    stake: ({ stakeMinor: minor, currency }) => ({ minor, currency }),
    payout: ({ payoutMinor: minor, currency }) => ({ minor, currency }),
  },
  ProviderCall: {
    bet: (row, _, { loaders }) => (row.betId === null ? null : loaders.betById.load(row.betId)),
  },
  LedgerEntry: {
    bet: (row, _, { loaders }) => (row.betId === null ? null : loaders.betById.load(row.betId)),
    round: (row, _, { loaders }) => (row.roundId === null ? null : loaders.roundById.load(row.roundId)),
  },
  Bet: {
    id: idOf('Bet'),
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    player: (row, _, { loaders }) => loaders.playerById.load(row.playerId),
    wallet: (row, _, { loaders }) => loaders.walletById.load(row.walletId),
    session: (row, _, { loaders }) => loaders.sessionById.load(row.sessionId),
    round: (row, _, { loaders }) => loaders.roundById.load(row.roundId),
    game: (row, _, { loaders }) => loaders.gameById.load(row.gameId),
    providerAccount: (row, _, { loaders }) => loaders.providerAccountById.load(row.providerAccountId),
    stake: ({ stakeMinor: minor, currency }) => ({ minor, currency }),
    bonusStake: ({ bonusStakeMinor: minor, currency }) => ({ minor, currency }),
    payout: ({ payoutMinor: minor, currency }) => ({ minor, currency }),
    multiple: multipleText,
    jackpot: ({ jackpotMinor: minor, currency }) => ({ minor, currency }),
    providerCalls: (row, args, { loaders }) =>
      loaders.providerCallsByBet.load([row.roundId, row.id], toProviderCalls(args)),
    ledgerEntries: (row, args, { loaders }) => loaders.ledgerEntriesByBet.load(row.id, toLedgerEntries(args)),
  },
  BetConnection: { ...connection<Bet>(), ...counted, ...summed<BetSum>() },
  BetTotals: {
    stake: ({ stakeMinor: minor, currency }) => ({ minor, currency }),
    payout: ({ payoutMinor: minor, currency }) => ({ minor, currency }),
    jackpot: ({ jackpotMinor: minor, currency }) => ({ minor, currency }),
    turnover: ({ turnoverMinor: minor, currency }) => ({ minor, currency }),
    ggr: ({ ggrMinor: minor, currency }) => ({ minor, currency }),
  },
} satisfies Resolvers
