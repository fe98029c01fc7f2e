import type { GroupKey, PerformanceFilter } from '../../domain/figures/grouping.ts'
import { performance } from '../../domain/figures/performance.ts'
import type { SessionSums } from '../../domain/figures/session-figures.ts'
import type { KindSums } from '../../domain/figures/types.ts'
import type { Window } from '../../domain/figures/windows.ts'
import type { Session } from '../../domain/sessions/types.ts'
import { ratioText } from '../../lib/ratio.ts'
import { forbidden } from '../errors.ts'
import { ggrMinor, kindFields, known, ofTurnover, sumFields, unknown } from '../figure-values.ts'
import type { DeviceClass, FiguresWindow, GameCategory, Resolvers } from '../generated.ts'
import { toFilter } from '../requests.ts'

const types = { brand: ['Brand'], provider: ['Provider'], game: ['Game'], player: ['Player'] }

function toWindow({ lastDays, days, between }: FiguresWindow): Window {
  if (between) return between
  if (days) return { firstDay: days.first, lastDay: days.last }
  return { lastDays: lastDays ?? 0 }
}

const nothing: KindSums = { bets: 0n, stakeMinor: 0n, bonusStakeMinor: 0n, winMinor: 0n, jackpotMinor: 0n }
const noBets: SessionSums = { ...nothing, free: nothing, promo: nothing, openBets: 0n, heldMinor: 0n }

function durationMs({ openedAt, closedAt, expiresAt }: Session, now: Date): number {
  const ended = closedAt ?? (expiresAt < now ? expiresAt : now)
  return ended.getTime() - openedAt.getTime()
}

const key = (row: { readonly keys: ReadonlyMap<GroupKey, string> }, name: GroupKey): string | null =>
  row.keys.get(name) || null

export const figureResolvers = {
  Query: {
    performance(_, { window, groupBy, filter, first, sort }, ctx) {
      if (groupBy.includes('PLAYER') && !ctx.viewer.permissions.has('PLAYERS_READ')) {
        throw forbidden('PLAYERS_READ', 'groupBy')
      }
      return performance(ctx, {
        window: toWindow(window),
        groupBy: groupBy.filter((one) => one !== 'CURRENCY'),
        filter: toFilter<PerformanceFilter>(filter, types) ?? {},
        first,
        sort: sort ? { key: sort.key, direction: sort.direction ?? 'DESC' } : undefined,
      })
    },
  },
  Performance: {
    totals: async (report) => [...(await report.totals())],
    rows: (report) => [...report.rows],
  },
  PerformanceRow: {
    ...sumFields,
    brand: (row, _, { loaders }) => linked(row.keys.get('BRAND'), loaders.brandById),
    provider: (row, _, { loaders }) => linked(row.keys.get('PROVIDER'), loaders.providerById),
    game: (row, _, { loaders }) => linked(row.keys.get('GAME'), loaders.gameById),
    category: (row) => key(row, 'CATEGORY') as GameCategory | null,
    country: (row) => key(row, 'COUNTRY'),
    device: (row) => key(row, 'DEVICE') as DeviceClass | null,
    player: (row, _, { loaders }) => linked(row.keys.get('PLAYER'), loaders.playerById),
    hour: (row) => {
      const seconds = key(row, 'HOUR')
      return seconds === null ? null : new Date(Number(seconds) * 1000)
    },
    day: (row) => key(row, 'DAY'),
    hold: (row) => ofTurnover(ggrMinor(row), row),
    rtpDeclared: (row) => {
      if (row.stakeMinor <= 0n) return unknown('NO_TURNOVER')
      return row.declaredMicro === null
        ? unknown('NOT_DECLARED')
        : known(ratioText(row.declaredMicro, row.stakeMinor * 1_000_000n, 6))
    },
    activePlayers: (row) => row.activePlayers(),
  },
  KindFigures: kindFields,
  Session: {
    figures: async (row, _, { loaders, clock }) => ({
      ...((await loaders.sessionFigures.load(row.id)) ?? noBets),
      currency: row.currency,
      durationSeconds: Math.floor(durationMs(row, clock.now()) / 1000),
    }),
  },
  SessionFigures: {
    ...sumFields,
    held: ({ heldMinor: minor, currency }) => ({ minor, currency }),
  },
} satisfies Resolvers

const linked = <Row>(id: string | undefined, loader: { load(id: string): Promise<Row | null> }) =>
  id === undefined ? null : loader.load(id)
