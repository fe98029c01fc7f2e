import { forEver, isExcluded } from '../../domain/players/exclusion.ts'
import { levelOf } from '../../domain/players/limit-rules.ts'
import { countersOf, countersOn, noCounters } from '../../domain/wallets/counters.ts'
import { dayOf } from '../../lib/calendar.ts'
import { idOf } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { LimitKind, LimitLevel, LimitPeriod, Resolvers } from '../generated.ts'
import { type LimitRow, money } from '../mappers.ts'
import { amountOf, eventFields, gameLink, minorNoted, noted } from './event-fields.ts'

/** What counts towards a limit of a player now; below zero when ahead. Null where nothing is counted. */
async function usedMinor(row: LimitRow, { loaders, clock }: GraphContext): Promise<bigint | null> {
  const playerId = row.forPlayerId ?? row.playerId
  if (playerId === null || row.period === null) return null
  const [wallets, brand] = await Promise.all([
    loaders.walletsByPlayer.load(playerId),
    loaders.brandById.load(row.brandId),
  ])
  if (!brand) return null
  const wallet = wallets.find(({ currency }) => currency === row.currency)
  const counters = wallet ? countersOf(wallet) : noCounters
  const { stakedMinor, returnedMinor } = countersOn(counters, dayOf(clock.now(), brand.timeZone))[row.period]
  return row.kind === 'LOSS' ? stakedMinor - returnedMinor : stakedMinor
}

const notBelowZero = (minor: bigint) => (minor < 0n ? 0n : minor)

const momentNoted = (text: string | null) => (text === null ? null : new Date(text))

export const limitResolvers = {
  Player: {
    limits: async (row, _, { loaders }) => {
      const [own, brands] = await Promise.all([
        loaders.limitsByPlayer.load(row.id),
        loaders.limitsByBrand.load(row.brandId),
      ])
      return [...own, ...brands].map((limit) => ({ ...limit, forPlayerId: row.id }))
    },
    exclusion: (row, _, { clock }) => (isExcluded(row, clock.now()) ? row : null),
  },
  Exclusion: {
    since: async (row, _, { loaders }) => (await loaders.profileByPlayer.load(row.id))?.excludedAt ?? null,
    until: ({ excludedUntil }) => (excludedUntil?.getTime() === forEver.getTime() ? null : excludedUntil),
    reason: async (row, _, { loaders }) =>
      (await loaders.profileByPlayer.load(row.id))?.excludedReason ?? null,
  },
  Brand: {
    limits: (row, _, { loaders }) => loaders.limitsByBrand.load(row.id),
  },
  Game: {
    limits: (row, _, { loaders }) => loaders.limitsByGame.load(row.id),
  },
  Limit: {
    id: idOf('Limit'),
    level: levelOf,
    amount: ({ amountMinor: minor, currency }) => ({ minor, currency }),
    pending: ({ pendingFrom, pendingMinor, currency }) =>
      pendingFrom && { effectiveFrom: pendingFrom, amount: money(pendingMinor, currency) },
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    player: (row, _, { loaders }) => (row.playerId === null ? null : loaders.playerById.load(row.playerId)),
    game: (row, _, { loaders }) => (row.gameId === null ? null : loaders.gameById.load(row.gameId)),
    used: async (row, _, ctx) => {
      const used = await usedMinor(row, ctx)
      return used === null ? null : money(notBelowZero(used), row.currency)
    },
    left: async (row, _, ctx) => {
      const used = await usedMinor(row, ctx)
      return used === null ? null : money(notBelowZero(row.amountMinor - used), row.currency)
    },
  },
  LimitChanged: {
    ...eventFields,
    game: gameLink,
    level: (row) => noted(row, 'level') as LimitLevel | null,
    kind: (row) => noted(row, 'kind') as LimitKind | null,
    period: (row) => noted(row, 'period') as LimitPeriod | null,
    before: (row) => money(minorNoted(row, 'beforeMinor'), row.currency),
    amount: amountOf,
    pending: (row) => {
      const effectiveFrom = momentNoted(noted(row, 'pendingFrom'))
      return effectiveFrom && { effectiveFrom, amount: money(minorNoted(row, 'pendingMinor'), row.currency) }
    },
  },
  PlayerExcluded: {
    ...eventFields,
    until: (row) => {
      const until = noted(row, 'until')
      return until === 'FOR_EVER' ? null : momentNoted(until)
    },
  },
  TransactionDeclined: {
    limit: (row) => {
      const level = noted(row, 'limitLevel') as LimitLevel | null
      const kind = noted(row, 'limitKind') as LimitKind | null
      if (!level || !kind) return null
      return {
        level,
        kind,
        period: noted(row, 'limitPeriod') as LimitPeriod | null,
        amount: money(minorNoted(row, 'limitMinor'), row.currency),
        used: money(minorNoted(row, 'usedMinor'), row.currency),
      }
    },
  },
} satisfies Resolvers
