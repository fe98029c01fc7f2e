import { formatDecimal } from '../../lib/money.ts'
import { pageSizeMax } from '../../lib/page.ts'
import { Problem } from '../../lib/problem.ts'
import { pageInfo } from '../connections.ts'
import type { Resolvers } from '../generated.ts'
import { askedNode, type NodeRow } from '../nodes.ts'
import { scalars } from '../scalars.ts'

export const baseResolvers = {
  ...scalars,
  Query: {
    node: (_, { id }, ctx, { schema }) => askedNode(ctx, id, schema),
    nodes(_, { ids }, ctx, { schema }) {
      if (ids.length > pageSizeMax)
        throw new Problem('BAD_USER_INPUT', `ids takes at most ${pageSizeMax}`, 'ids')
      // Each on its own, as a refused one leaves the others; the generated type knows no null behind a promise.
      return ids.map((id) => askedNode(ctx, id, schema) as Promise<NodeRow>)
    },
  },
  Money: {
    amount: ({ minor, currency }) => formatDecimal(minor, currency),
    minorUnits: ({ minor }) => minor,
  },
  PageInfo: pageInfo,
} satisfies Resolvers
