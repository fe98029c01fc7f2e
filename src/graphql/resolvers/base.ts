import { readGlobalId } from '../../lib/global-id.ts'
import { formatDecimal } from '../../lib/money.ts'
import { pageSizeMax } from '../../lib/page.ts'
import { Problem } from '../../lib/problem.ts'
import { pageInfo } from '../connections.ts'
import type { Resolvers } from '../generated.ts'
import { findNode } from '../nodes.ts'
import { scalars } from '../scalars.ts'

export const baseResolvers = {
  ...scalars,
  Query: {
    node: (_, { id }, ctx) => findNode(ctx, readGlobalId(id)),
    async nodes(_, { ids }, ctx) {
      if (ids.length > pageSizeMax)
        throw new Problem('BAD_USER_INPUT', `ids takes at most ${pageSizeMax}`, 'ids')
      return Promise.all(ids.map((id) => findNode(ctx, readGlobalId(id))))
    },
  },
  Money: {
    amount: ({ minor, currency }) => formatDecimal(minor, currency),
    minorUnits: ({ minor }) => minor,
  },
  PageInfo: pageInfo,
} satisfies Resolvers
