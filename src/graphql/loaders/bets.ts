import {
  heldByPlayers,
  heldByRounds,
  type OpenRoundRequest,
  openRoundsByPlayers,
} from '../../domain/bets/open-rounds.ts'
import {
  type BetRequest,
  betsBy,
  betsByIds,
  otherBetsByBets,
  roundTotalsByRounds,
} from '../../domain/bets/queries.ts'
import type { ScopedContext } from '../../domain/context.ts'
import { many, one, pages } from './batch.ts'

export const betLoaders = (ctx: ScopedContext) => {
  const by = (owner: Parameters<typeof betsBy>[1]) =>
    pages((ids: readonly string[], request: BetRequest) => betsBy(ctx, owner, ids, request))
  return {
    betById: one((ids) => betsByIds(ctx, ids)),
    betsByPlayer: by('PLAYER'),
    betsBySession: by('SESSION'),
    betsByRound: by('ROUND'),
    otherBetsByBet: pages((ids: readonly string[], request: BetRequest) =>
      otherBetsByBets(ctx, ids, request),
    ),
    betsByGame: by('GAME'),
    openRoundsByPlayer: pages((ids: readonly string[], request: OpenRoundRequest) =>
      openRoundsByPlayers(ctx, ids, request),
    ),
    heldByPlayer: many((ids) => heldByPlayers(ctx, ids)),
    heldByRound: one((ids) => heldByRounds(ctx, ids)),
    totalsByRound: one((ids) => roundTotalsByRounds(ctx, ids)),
  }
}
