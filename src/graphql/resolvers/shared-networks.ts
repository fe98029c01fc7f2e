import { type SharedNetworkFilter, sharedNetworks } from '../../domain/sessions/shared-networks.ts'
import { Problem } from '../../lib/problem.ts'
import type { Resolvers } from '../generated.ts'
import { toFilter } from '../requests.ts'

const types = { brand: ['Brand'], player: ['Player'] }
const usualMs = 7 * 86_400_000

export const sharedNetworkResolvers = {
  Query: {
    sharedNetworks(_, { by, window, filter, playersMin, first }, ctx) {
      const { gte, lt } = window ?? {}
      if (window && !(gte && lt))
        throw new Problem('BAD_USER_INPUT', 'window needs both gte and lt', 'window')
      const to = lt ?? ctx.clock.now()
      const from = gte ?? new Date(to.getTime() - usualMs)
      const of = toFilter<SharedNetworkFilter>(filter, types) ?? {}
      return sharedNetworks(ctx, { by, from, to, filter: of, playersMin, first })
    },
  },
  SharedNetworks: { networks: ({ networks }) => [...networks] },
  SharedNetwork: {
    players: async ({ playerIds }, _, { loaders }) => {
      const found = await Promise.all(playerIds.map((id) => loaders.playerById.load(id)))
      return found.filter((player) => player !== null)
    },
  },
} satisfies Resolvers
