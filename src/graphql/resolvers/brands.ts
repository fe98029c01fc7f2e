import { allBrands } from '../../domain/brands/queries.ts'
import { idOf } from '../connections.ts'
import type { Resolvers } from '../generated.ts'

export const brandResolvers = {
  Query: { brands: (_, _args, ctx) => allBrands(ctx) },
  Brand: { id: idOf('Brand') },
} satisfies Resolvers
