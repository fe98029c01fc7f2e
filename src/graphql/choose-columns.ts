// Selected columns follow the selected fields, for the rows that are read most: bets, players, rounds and sessions.
// What a field with a resolver of its own looks at is written down here; where it is not, the whole row is read, so
// that to forget one costs time and nothing else.
import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { GraphContext } from './context.ts'
import type { OperationPlan } from './execution/plan.ts'
import { resolvers } from './schema.ts'

type Looks = Readonly<Record<string, readonly string[]>>

const links = {
  id: ['id'],
  brand: ['brandId'],
  player: ['playerId'],
  wallet: ['walletId'],
  session: ['sessionId'],
  round: ['roundId'],
  game: ['gameId'],
  providerAccount: ['providerAccountId'],
}
const lists = {
  bets: ['id'],
  rounds: ['id'],
  sessions: ['id'],
  events: ['id'],
  ledgerEntries: ['id'],
  activities: ['id'],
  providerCalls: ['id'],
  transactions: ['id'],
}
const profile = Object.fromEntries(
  ['name', 'email', 'phone', 'birthDate', 'blockedReason', 'blockedAt'].map((name) => [name, ['id']]),
)

/** By type: the name of its list, and the columns that its fields look at. */
const tables: Readonly<Record<string, { readonly list: string; readonly looks: Looks }>> = {
  Bet: {
    list: 'bets',
    looks: {
      ...links,
      ledgerEntries: ['id'],
      stake: ['stakeMinor', 'currency'],
      bonusStake: ['bonusStakeMinor', 'currency'],
      payout: ['payoutMinor', 'currency'],
      jackpot: ['jackpotMinor', 'currency'],
      providerCalls: ['roundId', 'id'],
      transactions: ['roundId', 'id'],
      reconciliationItems: ['id'],
    },
  },
  Player: {
    list: 'players',
    looks: {
      id: ['id'],
      brand: ['brandId'],
      registeredAt: ['createdAt'],
      viewerCanBlock: ['status'],
      viewerCanUnblock: ['status'],
      wallets: ['id'],
      ...profile,
      ...lists,
    },
  },
  Round: { list: 'rounds', looks: { ...links, ...lists, result: ['id'], totals: ['id', 'currency'] } },
  Session: { list: 'sessions', looks: { ...links, ...lists, viewerCanClose: ['status'] } },
}

const ownResolvers = resolvers as unknown as Readonly<Record<string, object>>
const known = new WeakMap<OperationPlan, ReadonlyMap<string, ReadonlySet<string>>>()

/** Tells the context of a run which columns its fields look at. */
export function chooseColumns(plan: OperationPlan, context: unknown): void {
  const columns = known.get(plan) ?? columnsOf(plan)
  known.set(plan, columns)
  const { wanted } = context as Partial<Pick<GraphContext, 'wanted'>>
  if (wanted) wanted.columns = columns
}

function columnsOf(plan: OperationPlan): ReadonlyMap<string, ReadonlySet<string>> {
  const fields = selectedFields(plan)
  const columns = new Map<string, ReadonlySet<string>>()
  for (const [type, { list, looks }] of Object.entries(tables)) {
    const own = ownResolvers[type] ?? {}
    const found = [...(fields.get(type) ?? [])].map((name) =>
      // Without a resolver, a field is the column of its name.
      Object.hasOwn(own, name) ? looks[name] : [name],
    )
    if (found.every((one) => one !== undefined)) columns.set(list, new Set(['id', ...found.flat()]))
  }
  return columns
}

/** By object type, every field that the operation selects of it anywhere, whatever its directives say. */
function selectedFields({ schema, operation, fragments }: OperationPlan): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>()
  const spread = new Set<string>()

  function note(type: GraphQLObjectType, name: string): void {
    const names = fields.get(type.name) ?? new Set()
    fields.set(type.name, names.add(name))
  }
  function walk(type: GraphQLNamedType | undefined, set: SelectionSetNode): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        if (name === '__typename') continue
        for (const one of isAbstractType(type) ? schema.getPossibleTypes(type) : [type]) {
          if (isObjectType(one)) note(one, name)
        }
        const field = type && 'getFields' in type ? type.getFields()[name] : undefined
        if (field && selection.selectionSet) walk(getNamedType(field.type), selection.selectionSet)
        continue
      }
      const named = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined
      if (named !== undefined && spread.has(named)) continue
      if (named !== undefined) spread.add(named)
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[named ?? '']
      const condition = fragment?.typeCondition?.name.value
      if (fragment) walk(condition === undefined ? type : schema.getType(condition), fragment.selectionSet)
    }
  }

  walk(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet)
  return fields
}
