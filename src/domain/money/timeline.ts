// The six stages of a bet, each known from a row that can be linked to: the provider's calls, the ledger, the
// journal. One statement for any number of bets; the rows themselves are read only when asked for.
import { Parameters, readValues } from '../../db/rows.ts'
import type { ScopedContext } from '../context.ts'
import type { Place } from '../journal/queries.ts'
import type { LegPlace } from '../wallets/ledger-queries.ts'

export interface Timeline {
  /** The first call that had the effect of placing the bet; null when it was placed from here. */
  readonly placing: { readonly callId: string; readonly receivedAt: Date; readonly decidedAt: Date } | null
  /** Of a bet that was placed from here: its event, and the first call to its game engine. */
  readonly outbound: {
    readonly placed: Place
    readonly placedAt: Date
    readonly asked: { readonly callId: string; readonly sentAt: Date } | null
  } | null
  /** The first call that brought a win or settled the bet; received with the reply when the call was ours. */
  readonly result: {
    readonly callId: string
    readonly receivedAt: Date
    readonly providerTime: Date | null
  } | null
  /** The newest entry on the player's own accounts; at is RFC 3339 with microseconds. */
  readonly balance: { readonly place: LegPlace; readonly at: string } | null
  /** The newest event of the bet. */
  readonly record: { readonly place: Place; readonly at: string } | null
}

const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export async function timelinesByBets(
  ctx: ScopedContext,
  betIds: readonly string[],
): Promise<ReadonlyMap<string, Timeline>> {
  const parameters = new Parameters()
  const ids = parameters.addArray('uuid', betIds)
  const text = `/* timeline: by bets */
select b.id, c.id, c.received_at, c.decided_at,
  a.id is not null, b.lane, b.seq, b.placed_at, o.id, o.received_at,
  s.id, case s.direction when 'OUTBOUND' then s.decided_at else s.received_at end, s.provider_time,
  l.lane, l.seq, l.leg, ${utc('l.recorded_at')}, j.lane, j.seq, ${utc('j.recorded_at')}
from bets b
left join lateral (
  select c.id, c.received_at, c.decided_at from provider_calls c
  where c.round_id = b.round_id and c.transaction_id = b.transaction_id and c.effect = 'EFFECT'
  order by c.id limit 1
) c on true
left join provider_accounts a on a.id = b.provider_account_id and a.engine_url is not null
left join lateral (
  select c.id, c.received_at from provider_calls c
  where a.id is not null and c.round_id = b.round_id and c.bet_id = b.id and c.direction = 'OUTBOUND'
  order by c.id limit 1
) o on true
left join lateral (
  select j.transaction_id from journal j
  where j.round_id = b.round_id and j.bet_id = b.id and j.type in ('WinRecorded', 'LossRecorded', 'BetSettled')
  order by j.recorded_at, j.seq limit 1
) x on true
left join lateral (
  select s.id, s.direction, s.received_at, s.decided_at, s.provider_time from provider_calls s
  where s.round_id = b.round_id and s.transaction_id = x.transaction_id and s.effect = 'EFFECT'
  order by s.id limit 1
) s on true
left join lateral (
  select l.lane, l.seq, l.leg, l.recorded_at from ledger_entries l
  where l.bet_id = b.id and l.wallet_version is not null order by l.wallet_version desc limit 1
) l on true
left join lateral (
  select j.lane, j.seq, j.recorded_at from journal j
  where j.round_id = b.round_id and j.bet_id = b.id order by j.recorded_at desc, j.seq desc limit 1
) j on true
where b.id = any(${ids}) and b.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])})`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return new Map((rows as unknown as TimelineRow[]).map((row) => [row[0], timelineOf(row)]))
}

type TimelineRow = readonly [
  betId: string,
  ...placing: [callId: string | null, receivedAt: Date, decidedAt: Date],
  ...outbound: [is: boolean, lane: number, seq: bigint, placedAt: Date, askedId: string | null, sentAt: Date],
  ...result: [callId: string | null, receivedAt: Date, providerTime: Date | null],
  ...balance: [lane: number, seq: bigint, leg: number, at: string | null],
  ...record: [lane: number, seq: bigint, at: string | null],
]

function timelineOf(row: TimelineRow): Timeline {
  const [
    ,
    placingId,
    receivedAt,
    decidedAt,
    isOutbound,
    betLane,
    betSeq,
    placedAt,
    askedId,
    sentAt,
    ...rest
  ] = row
  const [resultId, resultAt, providerTime, entryLane, entrySeq, leg, entryAt, lane, seq, at] = rest
  const asked = askedId === null ? null : { callId: askedId, sentAt }
  return {
    placing: placingId === null ? null : { callId: placingId, receivedAt, decidedAt },
    outbound: isOutbound ? { placed: { lane: betLane, seq: betSeq }, placedAt, asked } : null,
    result: resultId === null ? null : { callId: resultId, receivedAt: resultAt, providerTime },
    balance: entryAt === null ? null : { place: { lane: entryLane, seq: entrySeq, leg }, at: entryAt },
    record: at === null ? null : { place: { lane, seq }, at },
  }
}
