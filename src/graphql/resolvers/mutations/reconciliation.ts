import { assignReconciliationItem } from '../../../domain/reconciliation/assign-item.ts'
import { resolveReconciliationItem } from '../../../domain/reconciliation/resolve-item.ts'
import { readUuid } from '../../../lib/global-id.ts'
import type { GraphContext } from '../../context.ts'
import type { Resolvers } from '../../generated.ts'
import type { Answered } from '../../mappers.ts'
import { done, payload } from './payload.ts'

/** A global id that is none of an item is an id that does not exist. */
const itemKey = (id: string) => readUuid('ReconciliationItem', id) ?? ''

export const reconciliationMutations = {
  Mutation: {
    assignReconciliationItem: (_, { input }, ctx) => {
      const { operatorId = null } = input
      const operator = operatorId === null ? null : (readUuid('Operator', operatorId) ?? '')
      const assigned = { ...input, itemId: itemKey(input.itemId), operatorId: operator }
      return done(ctx, assignReconciliationItem(ctx, assigned))
    },
    resolveReconciliationItem: (_, { input }, ctx) =>
      done(ctx, resolveReconciliationItem(ctx, { ...input, itemId: itemKey(input.itemId) })),
  },
  AssignReconciliationItemPayload: { ...payload, item },
  ResolveReconciliationItemPayload: { ...payload, item },
} satisfies Resolvers

function item({ ids }: Answered, _: unknown, ctx: GraphContext) {
  return ids?.['itemId'] === undefined ? null : ctx.loaders.reconciliationItemById.load(ids['itemId'])
}
