import type { StoryRow } from '../../domain/money/story.ts'
import { placeKey } from '../../domain/journal/event-queries.ts'
import { readPlace } from '../../lib/global-id.ts'
import { connection, counted } from '../connections.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers, ResolversTypes, ResolversUnionTypes, StoryKind } from '../generated.ts'
import { money, type StageSource } from '../mappers.ts'
import { toAuditRequest } from './audit.ts'
import { toBets } from './bets.ts'
import { sourceOf, stagesOf } from './timeline.ts'

type Source = ResolversUnionTypes<ResolversTypes>['StorySource']

export const storyResolvers = {
  Bet: {
    story: (row, { first, after, last, before }, { loaders }) =>
      loaders.storyByBet.load([row.roundId, row.id], { first, after, last, before }),
    otherBets: (row, args, { loaders }) => loaders.otherBetsByBet.load(row.id, toBets(args)),
    auditEntries: (row, args, { loaders }) =>
      loaders.auditEntriesByPair.load([row.id, row.roundId], toAuditRequest(args)),
  },
  StoryEntry: {
    kind: ({ kind }) => kind as StoryKind,
    amount: ({ amountMinor, currency }) => money(amountMinor, currency),
    stages: stagesKnownFrom,
    source: findSource,
  },
  StoryEntryConnection: { ...connection<StoryRow>(), ...counted },
} satisfies Resolvers

/** The stages whose time comes from this entry. The balance's is of an entry of the ledger, and so of its event. */
async function stagesKnownFrom({ source, key, betId }: StoryRow, _: object, ctx: GraphContext) {
  const stages = await stagesOf(ctx, { id: betId })
  return stages.filter((one) => keyOf(one.source) === `${source} ${key}`).map(({ stage }) => stage)
}

function keyOf(source: StageSource | null): string | undefined {
  if (!source) return undefined
  return source.kind === 'CALL' ? `CALL ${source.id}` : `EVENT ${placeKey(source.place)}`
}

async function findSource({ source, key }: StoryRow, _: object, ctx: GraphContext): Promise<Source | null> {
  if (source === 'CALL') return sourceOf(ctx, { kind: 'CALL', id: key }) as Promise<Source | null>
  if (source === 'EVENT') {
    const place = readPlace(key)
    return place ? (sourceOf(ctx, { kind: 'EVENT', place }) as Promise<Source | null>) : null
  }
  const row = await ctx.loaders.auditEntryById.load(key)
  return row && { ...row, __typename: 'AuditEntry' }
}
