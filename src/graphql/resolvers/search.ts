import type { GraphQLSchema } from 'graphql'
import { checkSearchText, search } from '../../domain/search/search.ts'
import { readGlobalId } from '../../lib/global-id.ts'
import { pageSizeMax } from '../../lib/page.ts'
import { Problem } from '../../lib/problem.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers } from '../generated.ts'
import type { SearchHitRow } from '../mappers.ts'
import { findNode, mayReadType } from '../nodes.ts'

/** The thing itself when the text is a global id, of whatever type. */
async function findByGlobalId(
  ctx: GraphContext,
  text: string,
  schema: GraphQLSchema,
): Promise<SearchHitRow[]> {
  const global = readGlobalId(text)
  if (!global || !mayReadType(ctx, schema, global.type) || !(await findNode(ctx, global))) return []
  return [{ ...global, matched: 'ID', value: text, exact: true }]
}

export const searchResolvers = {
  Query: {
    async search(_, { text: given, first }, ctx, { schema }) {
      const text = checkSearchText(given)
      if (first < 1 || first > pageSizeMax) {
        throw new Problem('BAD_USER_INPUT', `first must be 1 to ${pageSizeMax}, not ${first}`, 'first')
      }
      const [own, { found, searched }] = await Promise.all([
        findByGlobalId(ctx, text, schema),
        search(ctx, text, first),
      ])
      const hits = [...own, ...found.map(({ id: key, ...rest }) => ({ key, ...rest }))]
      return { hits: hits.slice(0, first), complete: hits.length <= first, searched: [...searched] }
    },
  },
  SearchHit: {
    node: ({ type, key }, _, ctx) => findNode(ctx, { type, key }),
  },
} satisfies Resolvers
