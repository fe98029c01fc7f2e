import DataLoader from 'dataloader'
import type { ScopedContext } from '../../domain/context.ts'
import { type BalanceKey, type BalancesAt, balancesAt } from '../../domain/wallets/balances.ts'
import { ledgerEntriesByPlayers } from '../../domain/wallets/ledger-lists.ts'
import {
  type LedgerEntryRequest,
  type LegPlace,
  ledgerEntriesByBets,
  ledgerEntriesByPlaces,
  ledgerEntriesByWallets,
  legKey,
} from '../../domain/wallets/ledger-queries.ts'
import { walletsByIds, walletsByPlayers } from '../../domain/wallets/queries.ts'
import { type StatementKey, type StatementSum, statementSums } from '../../domain/wallets/statement-sums.ts'
import type { LedgerEntry } from '../../domain/wallets/types.ts'
import { many, one, pages } from './batch.ts'

export const walletLoaders = (ctx: ScopedContext) => ({
  walletById: one((ids) => walletsByIds(ctx, ids)),
  walletsByPlayer: many((ids) => walletsByPlayers(ctx, ids)),
  ledgerEntryByPlace: new DataLoader<LegPlace, LedgerEntry | null, string>(
    async (places) => {
      const rows = await ledgerEntriesByPlaces(ctx, places)
      return places.map((place) => rows.get(legKey(place)) ?? null)
    },
    { cacheKeyFn: legKey },
  ),
  /** Null for a wallet that is not there. */
  balancesByMoment: new DataLoader<BalanceKey, BalancesAt | null, string>(
    async (keys) => (await balancesAt(ctx, keys)).map((one) => one ?? null),
    { cacheKeyFn: ({ walletId, at }) => `${walletId} ${at}` },
  ),
  sumsByStatement: new DataLoader<StatementKey, StatementSum[], string>((keys) => statementSums(ctx, keys), {
    cacheKeyFn: ({ walletId, from, to }) => `${walletId} ${from} ${to}`,
  }),
  ledgerEntriesByWallet: pages((ids: readonly string[], request: LedgerEntryRequest) =>
    ledgerEntriesByWallets(ctx, ids, request),
  ),
  ledgerEntriesByPlayer: pages((ids: readonly string[], request: LedgerEntryRequest) =>
    ledgerEntriesByPlayers(ctx, ids, request),
  ),
  ledgerEntriesByBet: pages((ids: readonly string[], request: LedgerEntryRequest) =>
    ledgerEntriesByBets(ctx, ids, request),
  ),
})
