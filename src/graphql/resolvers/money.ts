import {
  type TransactionFilter,
  type TransactionSum,
  transactionsPage,
} from '../../domain/money/transaction-lists.ts'
import type { Transaction } from '../../domain/money/types.ts'
import { connection, counted, idOf, summed } from '../connections.ts'
import type { Resolvers, TransactionKind, Verdict } from '../generated.ts'
import { money } from '../mappers.ts'
import { toRequest } from '../requests.ts'
import { toProviderCalls } from './providers.ts'
import { sourceOf, stagesOf } from './timeline.ts'

type Arguments = Parameters<typeof toRequest<TransactionFilter, 'RECORDED_AT'>>[0]

const types = {
  id: ['Transaction'],
  brand: ['Brand'],
  providerAccount: ['ProviderAccount'],
  provider: ['Provider'],
  player: ['Player'],
  wallet: ['Wallet'],
  session: ['Session'],
  round: ['Round'],
  bet: ['Bet'],
}

const toTransactions = (args: Arguments) =>
  toRequest<TransactionFilter, 'RECORDED_AT'>(args, 'RECORDED_AT', types)

export const moneyResolvers = {
  Query: {
    transactions: (_, args, ctx) => transactionsPage(ctx, toTransactions(args)),
  },
  Player: {
    transactions: (row, args, { loaders }) => loaders.transactionsByPlayer.load(row.id, toTransactions(args)),
  },
  Bet: {
    timeline: (row, _, ctx) => stagesOf(ctx, row),
    transactions: (row, args, { loaders }) =>
      loaders.transactionsByBet.load([row.roundId, row.id], toTransactions(args)),
  },
  TimelineStage: {
    source: ({ source }, _, ctx) => sourceOf(ctx, source),
  },
  Round: {
    transactions: (row, args, { loaders }) => loaders.transactionsByRound.load(row.id, toTransactions(args)),
  },
  ProviderCall: {
    transaction: (row, _, { loaders }) =>
      row.transactionId === null ? null : loaders.transactionById.load(row.transactionId),
  },
  LedgerEntry: {
    transaction: (row, _, { loaders }) => loaders.transactionById.load(row.transactionId),
  },
  Transaction: {
    id: idOf('Transaction'),
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    providerAccount: (row, _, { loaders }) =>
      row.providerAccountId === null ? null : loaders.providerAccountById.load(row.providerAccountId),
    verdict: (row) => row.verdict as Verdict,
    amount: (row) => money(row.amountMinor, row.currency),
    bonus: (row) => money(row.bonusMinor, row.currency),
    jackpot: (row) => money(row.jackpotMinor, row.currency),
    player: (row, _, { loaders }) => (row.playerId === null ? null : loaders.playerById.load(row.playerId)),
    wallet: (row, _, { loaders }) => (row.walletId === null ? null : loaders.walletById.load(row.walletId)),
    session: (row, _, { loaders }) =>
      row.sessionId === null ? null : loaders.sessionById.load(row.sessionId),
    round: (row, _, { loaders }) => (row.roundId === null ? null : loaders.roundById.load(row.roundId)),
    bet: (row, _, { loaders }) => (row.betId === null ? null : loaders.betById.load(row.betId)),
    reversedBy: (row, _, { loaders }) =>
      row.reversedById === null ? null : loaders.transactionById.load(row.reversedById),
    ledgerEntries: (row, _, { loaders }) => loaders.ledgerEntriesByTransaction.load(row),
    event: ({ lane, seq }, _, { loaders }) => loaders.eventByPlace.load({ lane, seq }),
    providerCalls: (row, args, { loaders }) =>
      row.roundId === null
        ? null
        : loaders.providerCallsByTransaction.load([row.roundId, row.id], toProviderCalls(args)),
  },
  TransactionConnection: { ...connection<Transaction>(), ...counted, ...summed<TransactionSum>() },
  TransactionTotals: {
    kind: ({ by }) => by as TransactionKind,
    amount: ({ amountMinor, currency }) => money(amountMinor, currency),
  },
} satisfies Resolvers
