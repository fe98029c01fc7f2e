// The queue of rounds that hang: open for longer than their provider account calls stuck, the oldest first. It goes
// along the index of open rounds, so that a long history costs it nothing.
import { type ChoiceFilter, type Condition, choice } from '../../db/conditions.ts'
import { type ListShape, type PageRequest, readPage } from '../../db/keyset.ts'
import { Parameters, readValues, shapeOf, withComputed, type Shape } from '../../db/rows.ts'
import { rounds } from '../../db/tables/rounds.ts'
import type { ScopedContext } from '../context.ts'
import type { Place } from '../journal/queries.ts'
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

export type StuckRoundSum = 'count' | 'openBets' | 'heldMinor' | 'heldBonusMinor' | 'paidMinor'
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

/** A sum over the open bets of each round, found by their index. */
const ofOpenBets = (sum: string) =>
  `sum((select ${sum} from bets b where b.round_id = t.id and b.status = 'OPEN'))`

const heldSum = (column: string) => `coalesce(sum(b.${column}) filter (where b.kind = 'REAL'), 0)`

const open: ListShape<StuckRound, StuckRoundFilter, 'STARTED_AT', StuckRoundSum> = {
  name: 'openRounds',
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
  always: `t.status = 'OPEN'`,
  totals: {
    currency: 't.currency',
    sums: {
      count: 'count(*)',
      openBets: ofOpenBets('count(*)'),
      heldMinor: ofOpenBets(heldSum('stake_minor')),
      heldBonusMinor: ofOpenBets(heldSum('bonus_stake_minor')),
      paidMinor: ofOpenBets('coalesce(sum(b.payout_minor), 0)'),
    },
  },
}

const stuck: typeof open = {
  ...open,
  name: 'stuckRounds',
  always: `t.status = 'OPEN' and t.started_at < now() - make_interval(mins => a.stuck_after_minutes)
    and t.id < ${floorBefore('(select min(stuck_after_minutes) from provider_accounts)')}`,
}

/** With those that are not stuck yet, when they are wanted. */
export const stuckRoundsPage = (ctx: ScopedContext, request: StuckRoundRequest, notYetStuck: boolean) =>
  readPage(ctx, notYetStuck ? open : stuck, request)

/** What a round's open bets hold and were paid. */
export interface OpenMoney {
  readonly betCount: number
  /** Real money staked and not settled. */
  readonly heldMinor: bigint
  /** The part of it that was bonus money. */
  readonly heldBonusMinor: bigint
  readonly paidMinor: bigint
  /** Of how many nothing was paid: a void gives back their stakes. */
  readonly unpaidCount: number
}

export async function openMoneyByRounds(
  ctx: ScopedContext,
  roundIds: readonly string[],
): Promise<ReadonlyMap<string, OpenMoney>> {
  const parameters = new Parameters()
  const text = `/* stuckRounds: money of open bets */
select b.round_id, count(*)::int, ${heldSum('stake_minor')}::bigint, ${heldSum('bonus_stake_minor')}::bigint,
  sum(b.payout_minor)::bigint, (count(*) filter (where b.payout_minor = 0))::int
from bets b where b.status = 'OPEN' and b.round_id = any(${parameters.addArray('uuid', roundIds)})
and b.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])}) group by b.round_id`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map(
    (rows as unknown as [string, number, bigint, bigint, bigint, number][]).map(
      ([id, betCount, heldMinor, heldBonusMinor, paidMinor, unpaidCount]) => [
        id,
        { betCount, heldMinor, heldBonusMinor, paidMinor, unpaidCount },
      ],
    ),
  )
}

/** What was last heard of a round, as far as it is kept. */
export interface LastHeard {
  readonly call: { readonly id: string; readonly at: Date } | null
  readonly event: { readonly place: Place; readonly at: Date } | null
}

export async function lastHeardByRounds(
  ctx: ScopedContext,
  roundIds: readonly string[],
): Promise<ReadonlyMap<string, LastHeard>> {
  const parameters = new Parameters()
  const scope = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const text = `/* stuckRounds: last call and event */
select k.id, c.id, c.received_at, j.lane, j.seq, j.recorded_at
from unnest(${parameters.addArray('uuid', roundIds)}) k(id)
left join lateral (
  select c.id, c.received_at from provider_calls c where c.round_id = k.id and c.brand_id = any(${scope})
  order by c.id desc limit 1
) c on true
left join lateral (
  select j.lane, j.seq, j.recorded_at from journal j where j.round_id = k.id and j.brand_id = any(${scope})
  order by j.recorded_at desc, j.seq desc limit 1
) j on true`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map(
    (rows as unknown as LastRow[]).map(([roundId, callId, calledAt, lane, seq, recordedAt]) => [
      roundId,
      {
        call: callId === null ? null : { id: callId, at: calledAt },
        event: lane === null ? null : { place: { lane, seq }, at: recordedAt },
      },
    ]),
  )
}

type LastRow = readonly [
  roundId: string,
  ...call: [id: string | null, at: Date],
  ...event: [lane: number | null, seq: bigint, at: Date],
]
