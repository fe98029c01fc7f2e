import DataLoader from 'dataloader'
import type { ScopedContext } from '../../domain/context.ts'
import { betIdByTransaction, ledgerEntriesByTransactions } from '../../domain/money/queries.ts'
import { lastHeardByRounds, openMoneyByRounds } from '../../domain/money/stuck-rounds.ts'
import { storiesByBets } from '../../domain/money/story.ts'
import { timelinesByBets } from '../../domain/money/timeline.ts'
import {
  type TransactionRequest,
  transactionsByBets,
  transactionsByIds,
  transactionsByPlayers,
  transactionsByRounds,
} from '../../domain/money/transaction-lists.ts'
import type { Transaction } from '../../domain/money/types.ts'
import type { LedgerEntry } from '../../domain/wallets/types.ts'
import type { PageArguments } from '../../lib/page.ts'
import { one, pages } from './batch.ts'

export const moneyLoaders = (ctx: ScopedContext) => ({
  transactionById: one((ids) => transactionsByIds(ctx, ids)),
  transactionsByRound: pages((ids: readonly string[], request: TransactionRequest) =>
    transactionsByRounds(ctx, ids, request),
  ),
  transactionsByPlayer: pages((ids: readonly string[], request: TransactionRequest) =>
    transactionsByPlayers(ctx, ids, request),
  ),
  /** Keys are the round and the bet. */
  transactionsByBet: pages((keys: readonly (readonly [string, string])[], request: TransactionRequest) =>
    transactionsByBets(ctx, keys, request),
  ),
  ledgerEntriesByTransaction: new DataLoader<Transaction, LedgerEntry[], string>(
    (rows) => ledgerEntriesByTransactions(ctx, rows),
    { cacheKeyFn: (row) => row.id },
  ),
  openMoneyByRound: one((ids) => openMoneyByRounds(ctx, ids)),
  lastHeardByRound: one((ids) => lastHeardByRounds(ctx, ids)),
  /** Keys are the round and the bet. */
  storyByBet: pages((keys: readonly (readonly [string, string])[], page: PageArguments) =>
    storiesByBets(ctx, keys, page),
  ),
  timelineByBet: one((ids) => timelinesByBets(ctx, ids)),
  betIdByTransaction: new DataLoader<readonly [code: string, key: string], string | null, string>(
    (keys) =>
      Promise.all(keys.map(async ([code, key]) => (await betIdByTransaction(ctx, code, key)) ?? null)),
    { cacheKeyFn: (key) => JSON.stringify(key) },
  ),
})
