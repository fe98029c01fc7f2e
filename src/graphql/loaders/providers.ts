import type { ScopedContext } from '../../domain/context.ts'
import { callHealth, type HealthWindow } from '../../domain/providers/call-health.ts'
import {
  type ProviderCallRequest,
  providerCallBodiesByIds,
  providerCallsBy,
  providerCallsByIds,
} from '../../domain/providers/call-queries.ts'
import {
  providerAccountsByBrands,
  providerAccountsByIds,
  providerAccountsByProviders,
  providersByIds,
} from '../../domain/providers/queries.ts'
import { many, one, pages } from './batch.ts'

type Owner = Parameters<typeof providerCallsBy>[1]

export const providerLoaders = (ctx: ScopedContext) => {
  const callsBy = (owner: Owner) =>
    pages((keys: readonly (readonly string[])[], request: ProviderCallRequest) =>
      providerCallsBy(ctx, owner, keys, request),
    )
  return {
    providerById: one((ids) => providersByIds(ctx, ids)),
    providerAccountById: one((ids) => providerAccountsByIds(ctx, ids)),
    providerAccountsByProvider: many((ids) => providerAccountsByProviders(ctx, ids)),
    providerAccountsByBrand: many((ids) => providerAccountsByBrands(ctx, ids)),
    providerCallById: one((ids) => providerCallsByIds(ctx, ids)),
    /** Heavy: only when a body or a header is asked for. */
    providerCallBodyById: one((ids) => providerCallBodiesByIds(ctx, ids)),
    providerCallsByAccount: callsBy('PROVIDER_ACCOUNT'),
    providerCallsByPlayer: callsBy('PLAYER'),
    providerCallsByRound: callsBy('ROUND'),
    callHealthByAccount: pages((ids: readonly string[], window: HealthWindow) =>
      callHealth(ctx, ids, window),
    ),
    /** Keys are the round and the bet. */
    providerCallsByBet: callsBy('BET'),
    /** Keys are the round and the transaction. */
    providerCallsByTransaction: callsBy('TRANSACTION'),
  }
}
