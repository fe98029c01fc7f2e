import DataLoader from 'dataloader'
import type { ScopedContext } from '../../domain/context.ts'
import {
  type LedgerEntryRequest,
  type LegPlace,
  ledgerEntriesByBets,
  ledgerEntriesByPlaces,
  ledgerEntriesByWallets,
  legKey,
} from '../../domain/wallets/ledger-queries.ts'
import { walletsByIds, walletsByPlayers } from '../../domain/wallets/queries.ts'
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
  ledgerEntriesByWallet: pages((ids: readonly string[], request: LedgerEntryRequest) =>
    ledgerEntriesByWallets(ctx, ids, request),
  ),
  ledgerEntriesByBet: pages((ids: readonly string[], request: LedgerEntryRequest) =>
    ledgerEntriesByBets(ctx, ids, request),
  ),
})
