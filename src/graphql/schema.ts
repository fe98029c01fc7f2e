// The whole schema in two parts: what schema/*.graphql declares, and the resolvers of every noun. The server makes
// it executable and puts the access rules in front; nothing here checks a permission.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lacking } from './completeness.ts'
import { auditResolvers } from './resolvers/audit.ts'
import { baseResolvers } from './resolvers/base.ts'
import { betResolvers } from './resolvers/bets.ts'
import { brandResolvers } from './resolvers/brands.ts'
import { eventResolvers } from './resolvers/events.ts'
import { figureResolvers } from './resolvers/figures.ts'
import { gameResolvers } from './resolvers/games.ts'
import { limitResolvers } from './resolvers/limits.ts'
import { moneyResolvers } from './resolvers/money.ts'
import { engineMutations } from './resolvers/mutations/engine.ts'
import { gameMutations } from './resolvers/mutations/games.ts'
import { limitMutations } from './resolvers/mutations/limits.ts'
import { moneyMutations } from './resolvers/mutations/money.ts'
import { operatorMutations } from './resolvers/mutations/operators.ts'
import { playerMutations } from './resolvers/mutations/players.ts'
import { providerMutations } from './resolvers/mutations/providers.ts'
import { reconciliationMutations } from './resolvers/mutations/reconciliation.ts'
import { sessionMutations } from './resolvers/mutations/sessions.ts'
import { stuckRoundMutations } from './resolvers/mutations/stuck-rounds.ts'
import { walletMutations } from './resolvers/mutations/wallets.ts'
import { operatorResolvers } from './resolvers/operators.ts'
import { playerScreenResolvers } from './resolvers/player-screen.ts'
import { playerResolvers } from './resolvers/players.ts'
import { previewResolvers } from './resolvers/preview.ts'
import { providerHealthResolvers } from './resolvers/provider-health.ts'
import { providerResolvers } from './resolvers/providers.ts'
import { reconciliationResolvers } from './resolvers/reconciliation.ts'
import { roundResolvers } from './resolvers/rounds.ts'
import { searchResolvers } from './resolvers/search.ts'
import { sessionResolvers } from './resolvers/sessions.ts'
import { sharedNetworkResolvers } from './resolvers/shared-networks.ts'
import { statementResolvers } from './resolvers/statements.ts'
import { storyResolvers } from './resolvers/story.ts'
import { stuckRoundResolvers } from './resolvers/stuck-rounds.ts'
import { subscriptionResolvers } from './resolvers/subscription.ts'
import { walletResolvers } from './resolvers/wallets.ts'

const folder = join(import.meta.dirname, '../../schema')

/** The SDL, one file a noun, in a fixed order. */
export const typeDefs: string[] = globSync('*.graphql', { cwd: folder })
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'))

type Parts = Readonly<Record<string, object>>
type Together<Union> = (Union extends unknown ? (part: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never

/** Several nouns add fields to one type (Player.bets stands with the bets). */
function together<const Nouns extends readonly Parts[]>(...nouns: Nouns): Together<Nouns[number]> {
  const all: Record<string, object> = {}
  for (const [type, fields] of nouns.flatMap((noun) => Object.entries(noun))) {
    const plain = Object.getPrototypeOf(fields) === Object.prototype
    all[type] = plain ? { ...all[type], ...fields } : fields
  }
  return all as Together<Nouns[number]>
}

export const resolvers = together(
  baseResolvers,
  eventResolvers,
  auditResolvers,
  brandResolvers,
  operatorResolvers,
  playerResolvers,
  limitResolvers,
  walletResolvers,
  statementResolvers,
  providerResolvers,
  providerHealthResolvers,
  gameResolvers,
  sessionResolvers,
  sharedNetworkResolvers,
  roundResolvers,
  betResolvers,
  playerScreenResolvers,
  moneyResolvers,
  previewResolvers,
  figureResolvers,
  storyResolvers,
  stuckRoundResolvers,
  reconciliationResolvers,
  searchResolvers,
  operatorMutations,
  playerMutations,
  limitMutations,
  providerMutations,
  gameMutations,
  moneyMutations,
  engineMutations,
  stuckRoundMutations,
  sessionMutations,
  walletMutations,
  reconciliationMutations,
  subscriptionResolvers,
)

type Nothing<Field extends never> = Field

/** Does not compile, and names the fields, while a resolver is missing. */
export type LackingHere = Nothing<Lacking<typeof resolvers>>
