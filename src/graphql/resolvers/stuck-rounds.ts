import { type StuckRound, type StuckRoundFilter, stuckRoundsPage } from '../../domain/money/stuck-rounds.ts'
import { Problem } from '../../lib/problem.ts'
import { connection, counted } from '../connections.ts'
import type { Resolvers, StuckRoundFilter as Filter } from '../generated.ts'
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

const nothing = { betCount: 0, heldMinor: 0n, paidMinor: 0n }

export const stuckRoundResolvers = {
  Query: {
    stuckRounds: (_, args, ctx) => {
      checkMinutes(args.filter)
      return stuckRoundsPage(ctx, toStuckRounds(args))
    },
  },
  StuckRound: {
    round: (row) => row,
    stuckSince: ({ startedAt, stuckAfterMinutes }) =>
      new Date(new Date(startedAt).getTime() + stuckAfterMinutes * minuteMs),
    minutesOpen: ({ startedAt }, _, { clock }) =>
      Math.floor((clock.now().getTime() - new Date(startedAt).getTime()) / minuteMs),
    openBets: async ({ id }, _, { loaders }) => (await loaders.openMoneyByRound.load(id))?.betCount ?? 0,
    held: async ({ id, currency }, _, { loaders }) => {
      const { heldMinor: minor } = (await loaders.openMoneyByRound.load(id)) ?? nothing
      return { minor, currency }
    },
    paid: async ({ id, currency }, _, { loaders }) => {
      const { paidMinor: minor } = (await loaders.openMoneyByRound.load(id)) ?? nothing
      return { minor, currency }
    },
    lastProviderCall: async ({ id }, _, { loaders }) => {
      const callId = await loaders.lastCallIdByRound.load(id)
      return callId === null ? null : loaders.providerCallById.load(callId)
    },
    canAskProvider: ({ accountDialect }, _, { engine }) =>
      engine.ports.inquiryOf(accountDialect) !== undefined,
  },
  StuckRoundConnection: { ...connection<StuckRound>(), ...counted },
} satisfies Resolvers
