// From a global id to its row. The row's type says who may read its fields; a row outside the caller's brands is
// never found.
import type { GraphQLSchema } from 'graphql'
import { type GlobalKey, readGlobalId, readPlace } from '../lib/global-id.ts'
import { isUuid } from '../lib/uuid.ts'
import { typeNeeds } from './access-rules.ts'
import type { GraphContext } from './context.ts'
import { forbidden } from './errors.ts'
import type { ResolversInterfaceTypes, ResolversTypes } from './generated.ts'

export type NodeRow = ResolversInterfaceTypes<ResolversTypes>['Node']

const byUuid: Readonly<Record<string, (ctx: GraphContext, key: string) => Promise<object | null>>> = {
  Brand: (ctx, key) => ctx.loaders.brandById.load(key),
  Operator: (ctx, key) => ctx.loaders.operatorById.load(key),
  Token: (ctx, key) => ctx.loaders.tokenById.load(key),
  Player: (ctx, key) => ctx.loaders.playerById.load(key),
  Limit: (ctx, key) => ctx.loaders.limitById.load(key),
  Activity: (ctx, key) => ctx.loaders.activityById.load(key),
  Wallet: (ctx, key) => ctx.loaders.walletById.load(key),
  Provider: (ctx, key) => ctx.loaders.providerById.load(key),
  ProviderAccount: (ctx, key) => ctx.loaders.providerAccountById.load(key),
  ProviderCall: (ctx, key) => ctx.loaders.providerCallById.load(key),
  Game: (ctx, key) => ctx.loaders.gameById.load(key),
  Session: (ctx, key) => ctx.loaders.sessionById.load(key),
  Round: (ctx, key) => ctx.loaders.roundById.load(key),
  Bet: (ctx, key) => ctx.loaders.betById.load(key),
  Transaction: (ctx, key) => ctx.loaders.transactionById.load(key),
  Reconciliation: (ctx, key) => ctx.loaders.reconciliationById.load(key),
  ReconciliationItem: (ctx, key) => ctx.loaders.reconciliationItemById.load(key),
  AuditEntry: (ctx, key) => ctx.loaders.auditEntryById.load(key),
}

/** As findNode, for an id that the caller made up: what it may not read answers the same, there or not. */
export async function askedNode(
  ctx: GraphContext,
  id: string,
  schema: GraphQLSchema,
): Promise<NodeRow | null> {
  const global = readGlobalId(id)
  const type = global && schema.getType(global.type)
  for (const one of type ? typeNeeds(schema, type) : []) {
    if (!ctx.viewer.permissions.has(one)) throw forbidden(one)
  }
  return findNode(ctx, global)
}

/** Whether the caller may read anything of a type at all. */
export function mayReadType({ viewer }: GraphContext, schema: GraphQLSchema, name: string): boolean {
  const type = schema.getType(name)
  return type !== undefined && typeNeeds(schema, type).every((one) => viewer.permissions.has(one))
}

export async function findNode(ctx: GraphContext, global: GlobalKey | undefined): Promise<NodeRow | null> {
  if (!global) return null
  const { type, key } = global
  if (type === 'Event') return findEvent(ctx, key)
  const row = type === 'LedgerEntry' ? await findLedgerEntry(ctx, key) : await findByUuid(ctx, type, key)
  return row && ({ ...row, __typename: type } as NodeRow)
}

const findByUuid = (ctx: GraphContext, type: string, key: string) =>
  Object.hasOwn(byUuid, type) && isUuid(key) ? (byUuid[type]?.(ctx, key) ?? null) : null

async function findEvent(ctx: GraphContext, key: string): Promise<NodeRow | null> {
  const place = readPlace(key)
  const row = place && place.leg === undefined ? await ctx.loaders.eventByPlace.load(place) : null
  return row && ({ ...row, __typename: row.type } as NodeRow)
}

function findLedgerEntry(ctx: GraphContext, key: string) {
  const { lane, seq, leg } = readPlace(key) ?? {}
  if (lane === undefined || seq === undefined || leg === undefined) return null
  return ctx.loaders.ledgerEntryByPlace.load({ lane, seq, leg })
}
