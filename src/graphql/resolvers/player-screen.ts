import type { OpenRound } from '../../domain/bets/open-rounds.ts'
import type { PlayerFigures } from '../../domain/figures/player-figures.ts'
import { noSums } from '../../domain/figures/sums.ts'
import type { Round } from '../../domain/rounds/types.ts'
import type { GraphContext } from '../context.ts'
import { sumFields } from '../figure-values.ts'
import type { PlayerWindow, Resolvers } from '../generated.ts'
import { toRequest } from '../requests.ts'

/** So many days, today included; null is all. */
const days: Readonly<Record<PlayerWindow, number | null>> = {
  TODAY: 1,
  LAST_7_DAYS: 7,
  LAST_30_DAYS: 30,
  ALL_TIME: null,
}

const noFigures = { ...noSums, biggestWinMinor: null }

/** A currency with a wallet is told even where nothing was played. */
async function figuresOf({ loaders }: GraphContext, playerId: string, windows: readonly PlayerWindow[]) {
  const [wallets, ...found] = await Promise.all([
    loaders.walletsByPlayer.load(playerId),
    ...windows.map((window) => loaders.playerFigures.load({ playerId, days: days[window] })),
  ])
  const played = found.flat().map(({ currency }) => currency)
  const currencies = [...new Set([...wallets.map(({ currency }) => currency), ...played])].toSorted()
  return windows.flatMap((window, at) =>
    currencies.map((currency) => {
      const figures: PlayerFigures = { ...noFigures, currency }
      return { window, ...(found[at]?.find((one) => one.currency === currency) ?? figures) }
    }),
  )
}

const isRead = (row: Round | OpenRound): row is OpenRound => 'heldMinor' in row

export const playerScreenResolvers = {
  Player: {
    figures: (row, { windows }, ctx) => figuresOf(ctx, row.id, [...new Set(windows)]),
    openRounds: (row, { direction, ...page }, { loaders }) =>
      loaders.openRoundsByPlayer.load(
        row.id,
        toRequest<object, 'STARTED_AT'>({ ...page, sort: { key: 'STARTED_AT', direction } }, 'STARTED_AT'),
      ),
    held: (row, _, { loaders }) => loaders.heldByPlayer.load(row.id),
  },
  Round: {
    held: async (row, _, { loaders }) => ({
      minor: isRead(row) ? row.heldMinor : ((await loaders.heldByRound.load(row.id)) ?? 0n),
      currency: row.currency,
    }),
  },
  PlayerFigures: {
    ...sumFields,
    biggestWin: ({ biggestWinMinor: minor, currency }) => (minor === null ? null : { minor, currency }),
  },
} satisfies Resolvers
