import { readByIds } from '../../db/by-ids.ts'
import {
  type ChoiceFilter,
  type Condition,
  choice,
  choicesOf,
  related,
  type TextFilter,
  type TimeRange,
  text,
  time,
  timeOfId,
} from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage, readPages } from '../../db/keyset.ts'
import { checkNarrow } from '../../db/narrow.ts'
import { Parameters, readRows, shapeOf } from '../../db/rows.ts'
import { rounds } from '../../db/tables/rounds.ts'
import { Problem } from '../../lib/problem.ts'
import type { ScopedContext } from '../context.ts'
import { type BetSums, betSums } from '../sessions/bet-sums.ts'
import type { Round } from './types.ts'

export interface RoundFilter {
  readonly id?: ChoiceFilter | null
  readonly brand?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  readonly session?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly provider?: ChoiceFilter | null
  readonly category?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly roundKey?: TextFilter | null
  readonly status?: ChoiceFilter | null
  readonly currency?: ChoiceFilter | null
  readonly startedAt?: TimeRange | null
  readonly completedAt?: TimeRange | null
  /** Open for at least so long. */
  readonly minutesOpen?: number | null
}

export type RoundSortKey = 'STARTED_AT' | 'COMPLETED_AT'
export type RoundRequest = PageRequest<RoundFilter, RoundSortKey>

const byId = { sql: 't.id', type: 'uuid', of: (row: Round) => row.id } as const

/** Open rounds stand below all others. */
const byCompleted = {
  sql: `coalesce(t.completed_at, '-infinity')`,
  type: 'timestamptz',
  of: ({ completedAt }: Round) => completedAt?.toISOString() ?? '-infinity',
} as const

const isOpen = `t.status = 'OPEN'`
const ofStatus = choice('t.status')

/** Open rounds have an index of their own, which is found by these very words. */
const status: Condition<ChoiceFilter> = (filter, parameters) => {
  const [only, ...others] = choicesOf(filter) ?? []
  return only === 'OPEN' && others.length === 0 ? [isOpen] : ofStatus(filter, parameters)
}

const minutesMax = 525_600

/** Not a moment as a parameter: a cursor must stay valid while the time goes on. */
const openFor: Condition<number> = (minutes, parameters) => {
  if (minutes < 1 || minutes > minutesMax) {
    throw new Problem('BAD_USER_INPUT', `minutesOpen is not from 1 to ${minutesMax}`, 'filter')
  }
  return [isOpen, `t.started_at <= now() - make_interval(mins => ${parameters.add('int4', minutes)})`]
}

const list: ListShape<Round, RoundFilter, RoundSortKey, BetSums> = {
  name: 'rounds',
  from: 'rounds t',
  shape: shapeOf(rounds, ['result']),
  brandColumn: 't.brand_id',
  sorts: { STARTED_AT: [byId], COMPLETED_AT: [byCompleted, byId] },
  conditions: {
    id: choice('t.id', 'uuid'),
    brand: choice('t.brand_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    session: choice('t.session_id', 'uuid'),
    game: choice('t.game_id', 'uuid'),
    provider: related('t.game_id', 'select x.id from games x', choice('x.provider_id', 'uuid')),
    category: related('t.game_id', 'select x.id from games x', choice('x.category')),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    roundKey: text('t.round_key'),
    status,
    currency: choice('t.currency'),
    startedAt: timeOfId('t.id'),
    completedAt: time('t.completed_at'),
    minutesOpen: openFor,
  },
  drivers: [
    ['id', 't.id'],
    ['session', 't.session_id'],
    ['player', 't.player_id'],
  ],
  totals: betSums('round_id'),
}

export const roundsByIds = (ctx: ScopedContext, ids: readonly string[]) => readByIds(ctx, list, ids)

const resultShape = shapeOf(rounds, [
  ...(['brandId', 'playerId', 'sessionId', 'gameId', 'providerAccountId', 'roundKey', 'currency'] as const),
  ...(['status', 'startedAt', 'completedAt', 'version'] as const),
])

/** What the providers reported as results: heavy, read only when asked for. */
export const roundResultsByIds = (ctx: ScopedContext, ids: readonly string[]) =>
  readByIds(ctx, { ...list, name: 'roundResults', shape: resultShape }, ids)

export interface RoundKey {
  readonly providerAccountCode: string
  readonly playerId: string
  readonly roundKey: string
}

export async function roundByKey(ctx: ScopedContext, key: RoundKey): Promise<Round | undefined> {
  const parameters = new Parameters()
  const text = `/* rounds: by key */
select ${list.shape.columns} from provider_accounts a
join rounds t on t.provider_account_id = a.id and t.player_id = ${parameters.add('uuid', key.playerId)}
and t.round_key = ${parameters.add('text', key.roundKey)}
where a.code = ${parameters.add('text', key.providerAccountCode)}
and t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const [row] = await readRows(ctx.sql, list.shape, text, parameters.values)
  return row
}

/** An index along the time completed would be written twice for every round. */
const narrowing = {
  sort: 'COMPLETED_AT',
  time: 'startedAt',
  choices: ['player', 'session', 'id'],
} as const

export async function roundsPage(ctx: ScopedContext, request: RoundRequest) {
  checkNarrow(ctx, request, narrowing)
  return readPage(ctx, list, request)
}

export const roundsByPlayers = (ctx: ScopedContext, playerIds: readonly string[], request: RoundRequest) =>
  readPages(ctx, list, request, { columns: [['t.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })

export const roundsBySessions = (ctx: ScopedContext, sessionIds: readonly string[], request: RoundRequest) =>
  readPages(ctx, list, request, { columns: [['t.session_id', 'uuid']], keys: sessionIds.map((id) => [id]) })
