import { arrayLiteral } from '../../db/arrays.ts'
import { conditionsOf } from '../../db/filter.ts'
import { Parameters } from '../../db/rows.ts'
import type { ReadContext } from '../context.ts'
import type { EventFilter, EventTree } from './filter.ts'
import { everyLane, type Place } from './queries.ts'
import { type EventRow, eventColumns, toEvent } from './rows.ts'
import type { JournalEvent } from './types.ts'
import { lateText, wishConditions } from './wish-conditions.ts'

export interface LanePagesQuery {
  readonly filter: EventFilter
  /** What must hold besides. */
  readonly tree?: EventTree
  /** Only what comes after these places; from the start of every lane when absent. */
  readonly after?: readonly Place[]
  /** Only what is at or before these places, and nothing of other lanes; up to every lane's end when absent. */
  readonly upTo?: readonly Place[]
  /** FORWARD: the oldest of every lane; BACKWARD: the newest. */
  readonly direction: 'FORWARD' | 'BACKWARD'
  readonly laneRows: number
}

const seqMax = 2n ** 63n - 1n

/** At most `laneRows` matching events of every lane, in one snapshot and in no order. */
export async function lanePages(
  ctx: Pick<ReadContext, 'sql'>,
  query: LanePagesQuery,
): Promise<JournalEvent[]> {
  const order = query.direction === 'FORWARD' ? 'asc' : 'desc'
  const { conditions, values, prepare } = spoken(query, query.laneRows)
  const text = keyed(query.filter) ? textByKey(order, conditions) : textByLane(order, conditions)
  const rows = await ctx.sql.unsafe<EventRow[]>(text, values, { prepare })
  return rows.map(toEvent)
}

/** How many events match, counted up to `most`. */
export async function countLanes(
  ctx: Pick<ReadContext, 'sql'>,
  query: Omit<LanePagesQuery, 'laneRows' | 'direction'>,
  most: number,
): Promise<number> {
  const { conditions, values, prepare } = spoken(query, most)
  const text = `/* journal: count */
  select count(*)::int4 from (select 1 from ${lanes} cross join lateral (
    select 1 from journal j where j.lane = p.lane and j.seq > p.low and j.seq <= p.high and ${conditions} limit $4) e
    limit $4) c`
  const [row] = await ctx.sql.unsafe<{ count: number }[]>(text, values, { prepare })
  return row?.count ?? 0
}

type Asked = Pick<LanePagesQuery, 'after' | 'upTo' | 'filter' | 'tree'>
type Value = string | number | null

/** A tree makes a text of its own, which is not kept prepared. */
function spoken(query: Asked, most: number): { conditions: string; values: Value[]; prepare: boolean } {
  const values = parametersOf(query, most)
  if (!query.tree) return { conditions: flat, values, prepare: true }
  const parameters = new Parameters(values.length)
  const said = conditionsOf(ofWish, query.tree, parameters)
  return {
    conditions: [flat, ...said].join(' and '),
    values: [...values, ...parameters.values],
    prepare: false,
  }
}

const ofWish = wishConditions('j')

function parametersOf(query: Asked, most: number): Value[] {
  const low = everyLane(query.after ?? [])
  const high = query.upTo ? everyLane(query.upTo) : low.map(({ lane }) => ({ lane, seq: seqMax }))
  return [
    arrayLiteral(low.map((place) => place.lane)),
    arrayLiteral(low.map((place) => place.seq)),
    arrayLiteral(high.map((place) => place.seq)),
    most,
    ...filterParameters(query.filter),
  ]
}

/** Players and rounds have an index: few rows, whatever the lanes hold besides. */
const keyed = (filter: EventFilter) => filter.playerIds !== undefined || filter.roundIds !== undefined

const lanes = `unnest($1::text::smallint[], $2::text::bigint[], $3::text::bigint[]) as p(lane, low, high)`

const textByLane = (order: string, conditions: string) => `
  /* journal: page of every lane, ${order} */
  select e.* from ${lanes} cross join lateral (
    select ${eventColumns} from journal j
    where j.lane = p.lane and j.seq > p.low and j.seq <= p.high and ${conditions}
    order by j.seq ${order} limit $4) e`

const textByKey = (order: string, conditions: string) => `
  /* journal: page of every lane by player or round, ${order} */
  select e.* from (
    select ${eventColumns}, row_number() over (partition by j.lane order by j.seq ${order}) as number
    from journal j join ${lanes} on p.lane = j.lane
    where j.seq > p.low and j.seq <= p.high and ${conditions}) e
  where e.number <= $4`

const flat = `j.brand_id = any($5::text::uuid[])
  and ($6::text is null or j.type = any($6::text::text[]))
  and ($7::text is null or j.player_id = any($7::text::uuid[]))
  and ($8::text is null or j.round_id = any($8::text::uuid[]))
  and ($9::text is null or j.session_id = any($9::text::uuid[]))
  and ($10::text is null or j.game_id = any($10::text::uuid[]))
  and ($11::text is null or j.provider_account_id = any($11::text::uuid[]))
  and ($12::text is null or j.bet_id = any($12::text::uuid[]))
  and ($13::text is null or j.currency = $13::text and j.amount_minor is not null)
  and ($14::text is null or j.amount_minor >= $14::text::bigint)
  and ($15::text is null or j.amount_minor <= $15::text::bigint)
  and ($16::text is null or j.transaction_id = any($16::text::uuid[]))
  and ($17::text is null or ${lateText('j')} = $17::text::bool)`

const set = (values: ReadonlySet<string> | undefined) => (values ? arrayLiteral([...values]) : null)

function filterParameters(filter: EventFilter): (string | null)[] {
  return [
    arrayLiteral([...filter.brandIds]),
    set(filter.types),
    set(filter.playerIds),
    set(filter.roundIds),
    set(filter.sessionIds),
    set(filter.gameIds),
    set(filter.providerAccountIds),
    set(filter.betIds),
    filter.amount?.currency ?? null,
    filter.amount?.gteMinor?.toString() ?? null,
    filter.amount?.lteMinor?.toString() ?? null,
    set(filter.transactionIds),
    filter.late?.toString() ?? null,
  ]
}
