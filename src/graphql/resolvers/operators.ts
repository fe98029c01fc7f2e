import { allBrands } from '../../domain/brands/queries.ts'
import { allOperators } from '../../domain/operators/queries.ts'
import type { Permission } from '../../domain/operators/permissions.ts'
import { globalId } from '../../lib/global-id.ts'
import { idOf } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers, Role } from '../generated.ts'
import type { Viewer } from '../mappers.ts'

const can = (permission: Permission) => (viewer: Viewer) => viewer.permissions.has(permission)

const brandsOf = async ({ loaders }: GraphContext, ids: readonly string[]) => {
  const brands = await Promise.all(ids.map((id) => loaders.brandById.load(id)))
  return brands.filter((brand) => brand !== null)
}

export const operatorResolvers = {
  Query: {
    viewer: (_, _args, { viewer }) => viewer,
    operators: (_, _args, ctx) => allOperators(ctx),
  },
  Brand: {
    operators: async (row, _, { loaders }) => {
      const ids = await loaders.operatorIdsByBrand.load(row.id)
      const operators = await Promise.all(ids.map((id) => loaders.operatorById.load(id)))
      return operators.filter((operator) => operator !== null)
    },
  },
  Operator: {
    id: idOf('Operator'),
    role: (row) => row.role as Role,
    brands: async (row, _, ctx) => brandsOf(ctx, await ctx.loaders.brandIdsByOperator.load(row.id)),
    tokens: (row, _, { loaders }) => loaders.tokensByOperator.load(row.id),
  },
  Token: {
    id: idOf('Token'),
    permissions: (row) => row.permissions as Permission[] | null,
    brands: (row, _, ctx) => (row.brandIds === null ? null : brandsOf(ctx, row.brandIds)),
    operator: (row, _, { loaders }) => loaders.operatorById.load(row.operatorId),
  },
  Viewer: {
    operator: (viewer, _, { loaders }) => loaders.operatorById.load(viewer.operatorId),
    operatorId: (viewer) => globalId('Operator', viewer.operatorId),
    permissions: (viewer) => [...viewer.permissions],
    brands: (_, _args, ctx) => allBrands(ctx),
    tokenExpiresAt: (viewer) => viewer.expiresAt,
    viewerCanSeePersonalData: can('PLAYERS_PII'),
    viewerCanRegisterPlayers: can('PLAYERS_WRITE'),
    viewerCanBlockPlayers: can('PLAYERS_WRITE'),
    viewerCanRecordCash: can('CASH_WRITE'),
    viewerCanManageSessions: can('SESSIONS_WRITE'),
    viewerCanSeeProviderCalls: can('CALLS_READ'),
    viewerCanSeeAudit: can('AUDIT_READ'),
  },
} satisfies Resolvers
