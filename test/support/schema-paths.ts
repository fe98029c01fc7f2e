// The walk over this project's schema: what its required arguments are given, and the kinds of path to each field.
import type { GraphQLSchema } from 'graphql'
import { type PathKind, SchemaWalk, stepsOf, type Walk } from './schema-walk.ts'

/** What stands for a variable: the newest thing of a type, or a word that the walker knows. */
export const variables = {
  ids: '[ID!]!',
  after: 'EventCursor',
  bet: 'ID!',
  player: 'ID!',
  round: 'ID!',
  session: 'ID!',
  call: 'ID!',
  reconciliation: 'ID!',
  wallet: 'ID!',
  game: 'ID!',
  before: 'DateTime!',
  now: 'DateTime!',
  text: 'String!',
} as const

const samples = {
  BetRef: '{ byId: $bet }',
  PlayerRef: '{ byId: $player }',
  RoundRef: '{ byId: $round }',
  SessionRef: '{ byId: $session }',
  DateTime: '$now',
  DateTimeRange: '{ gte: $before, lt: $now }',
  FiguresWindow: '{ lastDays: 30 }',
  'Wallet.statement(from)': '$before',
  'Query.performance(groupBy)': '[BRAND, PROVIDER, GAME, PLAYER]',
  'Query.providerCall(id)': '$call',
  'Query.reconciliation(id)': '$reconciliation',
  'Query.search(text)': '$text',
  'Query.sharedNetworks(by)': 'IP_AND_DEVICE',
  'Subscription.betEvents(after)': '$after',
}

export const schemaWalk = (schema: GraphQLSchema): SchemaWalk =>
  new SchemaWalk(schema, { pageSize: { root: 100, below: 60 }, samples, variables })

/** The kinds of path that lead to each field, by `Type.field`. */
export function pathsOf(walks: readonly Walk[]): ReadonlyMap<string, ReadonlySet<PathKind>> {
  const paths = new Map<string, Set<PathKind>>()
  for (const { root } of walks) {
    for (const { type, field, kind } of stepsOf(root)) {
      const place = `${type.name}.${field.name}`
      paths.set(place, (paths.get(place) ?? new Set()).add(kind))
    }
  }
  return paths
}
