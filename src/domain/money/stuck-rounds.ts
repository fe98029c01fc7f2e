// The queue of rounds that hang: open for longer than their provider account calls stuck, the oldest first. It goes
// along the index of open rounds, so that a long history costs it nothing.
import { type ChoiceFilter, type Condition, choice } from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage } from '../../db/keyset.ts'
import { Parameters, readValues, shapeOf, withComputed, type Shape } from '../../db/rows.ts'
import { rounds } from '../../db/tables/rounds.ts'
import type { ScopedContext } from '../context.ts'
import type { Round } from '../rounds/types.ts'

export interface StuckRound extends Round {
  readonly accountDialect: string
  readonly stuckAfterMinutes: number
}

export interface StuckRoundFilter {
  readonly brand?: ChoiceFilter | null
  readonly providerAccount?: ChoiceFilter | null
  readonly game?: ChoiceFilter | null
  readonly player?: ChoiceFilter | null
  /** Open for at least so long. */
  readonly minutesOpen?: number | null
}

export type StuckRoundRequest = PageRequest<StuckRoundFilter, 'STARTED_AT'>

/** Not a parameter: a cursor must stay valid while the time goes on. */
const openFor =
  (column: string): Condition<number> =>
  (minutes, parameters) => [`${column} <= now() - make_interval(mins => ${parameters.add('int4', minutes)})`]

/** The smallest id of a round that started so many minutes ago, as uuidFloor makes it. */
const floorBefore = (minutes: string) => `(lpad(to_hex((extract(epoch from
  now() - make_interval(mins => ${minutes})) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`

const ofRound = shapeOf(rounds, ['result'])
const withDialect = withComputed<Round, 'accountDialect', string>(ofRound, 'accountDialect', 'a.dialect')
const shape = withComputed<
  typeof withDialect extends Shape<infer Row> ? Row : never,
  'stuckAfterMinutes',
  number
>(withDialect, 'stuckAfterMinutes', 'a.stuck_after_minutes')

const list: ListShape<StuckRound, StuckRoundFilter, 'STARTED_AT'> = {
  name: 'stuckRounds',
  from: 'rounds t join provider_accounts a on a.id = t.provider_account_id',
  shape,
  brandColumn: 't.brand_id',
  sorts: { STARTED_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {
    brand: choice('t.brand_id', 'uuid'),
    providerAccount: choice('t.provider_account_id', 'uuid'),
    game: choice('t.game_id', 'uuid'),
    player: choice('t.player_id', 'uuid'),
    minutesOpen: openFor('t.started_at'),
  },
  always: `t.status = 'OPEN' and t.started_at < now() - make_interval(mins => a.stuck_after_minutes)
    and t.id < ${floorBefore('(select min(stuck_after_minutes) from provider_accounts)')}`,
}

export const stuckRoundsPage = (ctx: ScopedContext, request: StuckRoundRequest) =>
  readPage(ctx, list, request)

/** What a round's open bets hold and were paid. */
export interface OpenMoney {
  readonly betCount: number
  /** Real money staked and not settled. */
  readonly heldMinor: bigint
  readonly paidMinor: bigint
}

export async function openMoneyByRounds(
  ctx: ScopedContext,
  roundIds: readonly string[],
): Promise<ReadonlyMap<string, OpenMoney>> {
  const parameters = new Parameters()
  const text = `/* stuckRounds: money of open bets */
select b.round_id, count(*)::int, coalesce(sum(b.stake_minor) filter (where b.kind = 'REAL'), 0)::bigint,
  sum(b.payout_minor)::bigint
from bets b where b.status = 'OPEN' and b.round_id = any(${parameters.addArray('uuid', roundIds)})
and b.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])}) group by b.round_id`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map(
    (rows as unknown as [string, number, bigint, bigint][]).map(([id, betCount, heldMinor, paidMinor]) => [
      id,
      { betCount, heldMinor, paidMinor },
    ]),
  )
}

/** The newest provider call about each round. */
export async function lastCallIdByRounds(
  ctx: ScopedContext,
  roundIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const parameters = new Parameters()
  const text = `/* stuckRounds: last provider call */
select k.id, c.id from unnest(${parameters.addArray('uuid', roundIds)}) k(id) cross join lateral (
  select c.id from provider_calls c where c.round_id = k.id
  and c.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])}) order by c.id desc limit 1
) c`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map(rows.map(([roundId, id]) => [String(roundId), String(id)]))
}
