import {
  type StuckRound,
  type StuckRoundFilter,
  type StuckRoundSum,
  stuckRoundsPage,
} from '../../domain/money/stuck-rounds.ts'
import { Problem } from '../../lib/problem.ts'
import { connection, counted, summed } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers, StuckRoundAction, StuckRoundFilter as Filter } from '../generated.ts'
import { toRequest } from '../requests.ts'

const types = { brand: ['Brand'], providerAccount: ['ProviderAccount'], game: ['Game'], player: ['Player'] }

type Arguments = Parameters<typeof toRequest<StuckRoundFilter, 'STARTED_AT'>>[0]

const minuteMs = 60_000
const minutesMax = 525_600

/** The oldest first: that is the queue. */
const oldestFirst = { key: 'STARTED_AT', direction: 'ASC' } as const

const toStuckRounds = (args: Arguments) =>
  toRequest<StuckRoundFilter, 'STARTED_AT'>({ ...args, sort: args.sort ?? oldestFirst }, 'STARTED_AT', types)

function checkMinutes(filter: Filter | null | undefined): void {
  const minutes = filter?.minutesOpen ?? 1
  if (minutes >= 1 && minutes <= minutesMax) return
  throw new Problem('BAD_USER_INPUT', `minutesOpen is not from 1 to ${minutesMax}`, 'filter.minutesOpen')
}

const nothing = { betCount: 0, heldMinor: 0n, heldBonusMinor: 0n, paidMinor: 0n, unpaidCount: 0 }

const openMoney = async ({ id }: StuckRound, { loaders }: GraphContext) =>
  (await loaders.openMoneyByRound.load(id)) ?? nothing

const isAskable = ({ accountDialect }: StuckRound, { engine }: GraphContext) =>
  engine.ports.inquiryOf(accountDialect) !== undefined

/** What makes a difference to this round. */
async function actionsOf(row: StuckRound, ctx: GraphContext): Promise<StuckRoundAction[]> {
  const { betCount, unpaidCount } = await openMoney(row, ctx)
  return [
    ...(betCount > 0 && isAskable(row, ctx) ? (['ASK_PROVIDER'] as const) : []),
    'CLOSE_ROUND',
    ...(unpaidCount > 0 ? (['VOID_ROUND'] as const) : []),
  ]
}

export const stuckRoundResolvers = {
  Query: {
    stuckRounds: (_, args, ctx) => {
      checkMinutes(args.filter)
      return stuckRoundsPage(ctx, toStuckRounds(args), args.notYetStuck)
    },
  },
  StuckRound: {
    round: (row) => row,
    stuckSince: ({ startedAt, stuckAfterMinutes }) =>
      new Date(new Date(startedAt).getTime() + stuckAfterMinutes * minuteMs),
    minutesOpen: ({ startedAt }, _, { clock }) =>
      Math.floor((clock.now().getTime() - new Date(startedAt).getTime()) / minuteMs),
    openBets: async (row, _, ctx) => (await openMoney(row, ctx)).betCount,
    held: async (row, _, ctx) => ({ minor: (await openMoney(row, ctx)).heldMinor, currency: row.currency }),
    heldBonus: async (row, _, ctx) => ({
      minor: (await openMoney(row, ctx)).heldBonusMinor,
      currency: row.currency,
    }),
    paid: async (row, _, ctx) => ({ minor: (await openMoney(row, ctx)).paidMinor, currency: row.currency }),
    lastProviderCall: async ({ id }, _, { loaders }) => {
      const { call } = (await loaders.lastHeardByRound.load(id)) ?? {}
      return call ? loaders.providerCallById.load(call.id) : null
    },
    lastEvent: async ({ id }, _, { loaders }) => {
      const { event } = (await loaders.lastHeardByRound.load(id)) ?? {}
      return event ? loaders.eventByPlace.load(event.place) : null
    },
    lastHeardAt: async ({ id, startedAt }, _, { loaders }) => {
      const { call, event } = (await loaders.lastHeardByRound.load(id)) ?? {}
      const times = [startedAt, call?.at, event?.at].flatMap((at) => (at ? [at.getTime()] : []))
      return new Date(Math.max(...times))
    },
    canAskProvider: (row, _, ctx) => isAskable(row, ctx),
    actions: (row, _, ctx) => actionsOf(row, ctx),
  },
  StuckRoundTotals: {
    held: ({ heldMinor: minor, currency }) => ({ minor, currency }),
    heldBonus: ({ heldBonusMinor: minor, currency }) => ({ minor, currency }),
    paid: ({ paidMinor: minor, currency }) => ({ minor, currency }),
  },
  StuckRoundConnection: { ...connection<StuckRound>(), ...counted, ...summed<StuckRoundSum>() },
} satisfies Resolvers
