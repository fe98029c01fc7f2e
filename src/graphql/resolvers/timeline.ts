import type { Bet } from '../../domain/bets/types.ts'
import type { Timeline } from '../../domain/money/timeline.ts'
import type { GraphContext } from '../context.ts'
import type { ResolversTypes, ResolversUnionTypes } from '../generated.ts'
import type { Stage, StageSource } from '../mappers.ts'

type Source = ResolversUnionTypes<ResolversTypes>['TimelineSource']

/** All six stages, in order; those that are not reached have neither a time nor a source. */
export async function stagesOf({ loaders }: GraphContext, bet: Pick<Bet, 'id'>): Promise<Stage[]> {
  const found = await loaders.timelineByBet.load(bet.id)
  const { outbound = null, result = null, balance = null, record = null } = found ?? {}
  const resulted = result && ({ kind: 'CALL', id: result.callId } as const)
  return [
    ...(outbound ? placedHere(outbound) : placedThere(found?.placing ?? null)),
    { stage: 'PLAYED', at: result?.providerTime ?? result?.receivedAt ?? null, source: resulted },
    { stage: 'RESULT_RECEIVED', at: result?.receivedAt ?? null, source: resulted },
    {
      stage: 'BALANCE_UPDATED',
      at: balance?.at ?? null,
      source: balance && { kind: 'ENTRY', place: balance.place },
    },
    { stage: 'RECORDED', at: record?.at ?? null, source: record && { kind: 'EVENT', place: record.place } },
  ]
}

function placedThere(placing: Timeline['placing']): Stage[] {
  const source = placing && ({ kind: 'CALL', id: placing.callId } as const)
  return [
    { stage: 'CREATED', at: placing?.receivedAt ?? null, source },
    { stage: 'REQUESTED', at: placing?.decidedAt ?? null, source },
  ]
}

function placedHere({ placed, placedAt, asked }: NonNullable<Timeline['outbound']>): Stage[] {
  return [
    { stage: 'CREATED', at: placedAt, source: { kind: 'EVENT', place: placed } },
    { stage: 'REQUESTED', at: asked?.sentAt ?? null, source: asked && { kind: 'CALL', id: asked.callId } },
  ]
}

/** The row that a stage is known from. */
export async function sourceOf(
  { loaders }: GraphContext,
  source: StageSource | null,
): Promise<Source | null> {
  switch (source?.kind) {
    case 'CALL': {
      const row = await loaders.providerCallById.load(source.id)
      return row && { ...row, __typename: 'ProviderCall' }
    }
    case 'ENTRY': {
      const row = await loaders.ledgerEntryByPlace.load(source.place)
      return row && { ...row, __typename: 'LedgerEntry' }
    }
    case 'EVENT': {
      const row = await loaders.eventByPlace.load(source.place)
      return row && ({ ...row, __typename: row.type } as Source)
    }
    default:
      return null
  }
}
