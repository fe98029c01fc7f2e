import DataLoader from 'dataloader'
import type { ScopedContext } from '../../domain/context.ts'
import { sessionFigures } from '../../domain/figures/session-figures.ts'
import { type Days, playerFigures, type PlayerFigures } from '../../domain/figures/player-figures.ts'
import { one } from './batch.ts'

interface Wish {
  readonly playerId: string
  readonly days: Days
}

export const figureLoaders = (ctx: ScopedContext) => ({
  sessionFigures: one((ids) => sessionFigures(ctx, ids)),
  /** By currency; any number of players and windows are one statement. */
  playerFigures: new DataLoader<Wish, readonly PlayerFigures[], string>(
    async (wishes) => {
      const windows = [...new Set(wishes.map(({ days }) => days))]
      const found = await playerFigures(ctx, [...new Set(wishes.map(({ playerId }) => playerId))], windows)
      return wishes.map(({ playerId, days }) => found.get(playerId)?.[windows.indexOf(days)] ?? [])
    },
    { cacheKeyFn: ({ playerId, days }) => `${playerId} ${days}` },
  ),
})
