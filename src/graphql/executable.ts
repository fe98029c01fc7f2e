import { makeExecutableSchema } from '@graphql-tools/schema'
import { assertValidSchema, type GraphQLSchema } from 'graphql'
import { protect } from './protect.ts'

export interface SchemaParts {
  readonly typeDefs: Parameters<typeof makeExecutableSchema>[0]['typeDefs']
  readonly resolvers: NonNullable<Parameters<typeof makeExecutableSchema>[0]['resolvers']>
}

/** The schema as it is served: every field behind its rule. Throws when a rule is missing. */
export function executableSchema({ typeDefs, resolvers }: SchemaParts): GraphQLSchema {
  const schema = makeExecutableSchema({ typeDefs, resolvers })
  assertValidSchema(schema)
  return protect(schema)
}
