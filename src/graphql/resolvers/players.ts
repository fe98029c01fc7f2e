import { type ActivityFilter, activitiesPage } from '../../domain/players/activity-queries.ts'
import {
  type PlayerFilter,
  type PlayerSortKey,
  type PlayerSum,
  playersPage,
} from '../../domain/players/queries.ts'
import type { Activity, Player, PlayerProfile } from '../../domain/players/types.ts'
import { connection, counted, idOf, summed } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { ActivityType, Resolvers } from '../generated.ts'
import { playerKey } from '../references.ts'
import { toRequest } from '../requests.ts'
import { auditEntriesOf } from './audit.ts'
import { toEvents } from './event-wish.ts'

const playerTypes = { id: ['Player'], brand: ['Brand'] }
const activityTypes = { id: ['Activity'], brand: ['Brand'], player: ['Player'], session: ['Session'] }

type PlayerArguments = Parameters<typeof toRequest<PlayerFilter, PlayerSortKey>>[0]
type ActivityArguments = Parameters<typeof toRequest<ActivityFilter, 'RECORDED_AT'>>[0]

const toPlayers = (args: PlayerArguments) =>
  toRequest<PlayerFilter, PlayerSortKey>(args, 'REGISTERED_AT', playerTypes)

const toActivities = (args: ActivityArguments) =>
  toRequest<ActivityFilter, 'RECORDED_AT'>(args, 'RECORDED_AT', activityTypes)

/** Personal data, in a row of its own that is read once for all its fields. */
const profile =
  <Key extends keyof PlayerProfile>(key: Key) =>
  async (row: Player, _: object, { loaders }: GraphContext) =>
    (await loaders.profileByPlayer.load(row.id))?.[key] ?? null

const factsOf = (facts: Record<string, unknown>) =>
  Object.entries(facts).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : value === null ? null : JSON.stringify(value),
  }))

export const playerResolvers = {
  Query: {
    player: async (_, { by }, ctx) => {
      const key = await playerKey(ctx, by)
      return key === undefined ? null : ctx.loaders.playerById.load(key)
    },
    players: (_, args, ctx) => playersPage(ctx, toPlayers(args)),
    activities: (_, args, ctx) => activitiesPage(ctx, toActivities(args)),
  },
  Brand: {
    players: (row, args, { loaders }) => loaders.playersByBrand.load(row.id, toPlayers(args)),
  },
  Player: {
    id: idOf('Player'),
    auditEntries: auditEntriesOf,
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    registeredAt: (row) => row.createdAt,
    name: profile('name'),
    email: profile('email'),
    phone: profile('phone'),
    birthDate: profile('birthDate'),
    blockedReason: profile('blockedReason'),
    blockedAt: profile('blockedAt'),
    viewerCanBlock: (row, _, { viewer }) =>
      row.status === 'ACTIVE' && viewer.permissions.has('PLAYERS_WRITE'),
    viewerCanUnblock: (row, _, { viewer }) =>
      row.status === 'BLOCKED' && viewer.permissions.has('PLAYERS_WRITE'),
    activities: (row, args, { loaders }) => loaders.activitiesByPlayer.load(row.id, toActivities(args)),
    events: async (row, args, ctx) => ctx.loaders.eventsByPlayer.load(row.id, await toEvents(ctx, args)),
  },
  PlayerConnection: { ...connection<Player>(), ...counted, ...summed<PlayerSum>() },
  PlayerTotals: {
    cash: ({ cashMinor: minor, currency }) => ({ minor, currency }),
    bonus: ({ bonusMinor: minor, currency }) => ({ minor, currency }),
    owed: ({ owedMinor: minor, currency }) => ({ minor, currency }),
  },
  Activity: {
    id: idOf('Activity'),
    type: (row) => row.type as ActivityType,
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    player: (row, _, { loaders }) => loaders.playerById.load(row.playerId),
    facts: (row) => factsOf(row.facts),
  },
  ActivityConnection: { ...connection<Activity>(), ...counted },
} satisfies Resolvers
