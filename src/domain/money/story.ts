// Everything that happened to a bet, in order of time: what its provider called, what was recorded, what operators
// did. Each entry names the row that it is known from; the rows themselves are read only when asked for. What the
// actor may not read is no part of it.
import { type ListShape, readPages } from '../../db/keyset.ts'
import { computedShape } from '../../db/rows.ts'
import type { ListPage, PageArguments } from '../../lib/page.ts'
import type { ScopedContext } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'

export interface StoryRow {
  /** In this order when at the same moment: causes before what they bring about. */
  readonly source: 'ACTION' | 'CALL' | 'EVENT'
  /** An id; of an event `lane.seq`. */
  readonly key: string
  /** RFC 3339 with microseconds. */
  readonly at: string
  readonly kind: string
  readonly what: string
  readonly code: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly betId: string
}

// Within these texts p.v0 is the round and p.v1 the bet.

/** The transactions of the bet, those that name it, and those that settled it along with others. */
const own = `
  select x.id from bets b join transactions x on x.round_id = b.round_id
  where b.id = p.v1 and (x.bet_id = b.id or x.reference_key = b.transaction_key)
  union
  select j.transaction_id from journal j
  where j.round_id = p.v0 and j.bet_id = p.v1 and j.transaction_id is not null`

/** Shorter keys of a provider stand in a reason by chance. */
const namingKeyMin = 6

/** What operators did to the player's balance after the bet, for a reason that names it: by any of its ids. */
const named = `
  select a.id from bets b join audit_entries a on a.subject_id = b.player_id and a.id > b.id
  where b.id = p.v1 and a.action = 'adjustBalance' and (strpos(a.reason, b.id::text) > 0
  or strpos(a.reason, translate(encode(convert_to('Bet:' || b.id, 'UTF8'), 'base64'), '+/=', '-_')) > 0
  or (length(b.transaction_key) >= ${namingKeyMin} and strpos(a.reason, b.transaction_key) > 0))`

const callsArm = `
  select 'CALL' as source, c.id::text as key, c.received_at as at, case c.effect
    when 'EFFECT' then 'CALL' when 'DUPLICATE' then 'CALL_REPEATED' when 'DECLINED' then 'CALL_DECLINED'
    when 'READ' then 'CALL_ASKED' else 'CALL_REJECTED' end as kind,
    c.operation as what, c.verdict as code, null::int8 as amount_minor, null as currency, c.brand_id
  from provider_calls c
  where c.round_id = p.v0 and (c.bet_id = p.v1 or c.transaction_id in (select own.id from own))`

const eventKind = `case j.type when 'RoundStarted' then 'ROUND_STARTED' when 'BetPlaced' then 'PLACED'
    when 'WinRecorded' then case when j.facts ->> 'late' = 'true' then 'LATE_WIN' else 'WIN' end
    when 'WinRolledBack' then 'WIN_TAKEN_BACK' when 'ResultRecorded' then 'RESULT' when 'LossRecorded' then 'LOST'
    when 'BetSettled' then 'SETTLED' when 'BetRolledBack' then 'ROLLED_BACK' when 'BetVoided' then 'VOIDED'
    when 'RollbackRecorded' then 'ROLLBACK_RECORDED' when 'DebtRecorded' then 'DEBT'
    when 'TransactionDeclined' then 'DECLINED' when 'RoundCompleted' then 'ROUND_COMPLETED'
    when 'AdjustmentRecorded' then 'CORRECTION' end`

const eventColumns = `'EVENT', j.lane || '.' || j.seq, j.recorded_at, ${eventKind}, j.type,
    j.facts ->> 'verdict', j.amount_minor, j.currency, j.brand_id`

const eventsArm = `
  select ${eventColumns} from journal j
  where j.round_id = p.v0 and (j.bet_id = p.v1 or (j.bet_id is null
    and (j.type in ('RoundStarted', 'RoundCompleted') or j.transaction_id in (select own.id from own))))`

/** An adjustment may open its wallet before: the event stands within so many of its transaction's first. */
const adjustmentEvents = 3

const correctionsArm = `
  select ${eventColumns} from named join transactions x on x.id = named.id
  join journal j on j.lane = x.lane and j.seq >= x.seq and j.seq < x.seq + ${adjustmentEvents}
    and j.transaction_id = x.id and j.type = 'AdjustmentRecorded'`

const actionsArm = `
  select 'ACTION', a.id::text, a.at, case a.outcome when 'ALLOWED' then 'ACTION' else 'ACTION_REFUSED' end,
    a.action, a.code, null, null, a.brand_id
  from audit_entries a
  where a.id in (
    select s.id from audit_entries s where s.subject_id in (p.v0, p.v1) union select named.id from named)`

const arms: readonly (readonly [Permission, string])[] = [
  ['CALLS_READ', callsArm],
  ['EVENTS_READ', eventsArm],
  ['EVENTS_READ', correctionsArm],
  ['AUDIT_READ', actionsArm],
]

const nothing = `
  select '' as source, '' as key, null::timestamptz as at, '' as kind, '' as what, null as code,
    null::int8 as amount_minor, null as currency, null::uuid as brand_id where false`

const list = (may: ReadonlySet<string>): ListShape<StoryRow, object, 'AT'> => ({
  name: 'story',
  from: `lateral (
  with own as materialized (${own}), named as materialized (${named})
  ${[nothing, ...arms.filter(([needs]) => may.has(needs)).map(([, arm]) => arm)].join('\n  union all')}) t`,
  shape: computedShape<StoryRow>({
    source: 't.source',
    key: 't.key',
    at: `to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    kind: 't.kind',
    what: 't.what',
    code: 't.code',
    amountMinor: 't.amount_minor',
    currency: 't.currency',
    betId: 'p.v1',
  }),
  brandColumn: 't.brand_id',
  sorts: {
    AT: [
      { sql: 't.at', type: 'timestamptz', of: (row) => row.at },
      { sql: 't.source collate "C"', type: 'text', of: (row) => row.source },
      { sql: 't.key collate "C"', type: 'text', of: (row) => row.key },
    ],
  },
  conditions: {},
})

/** Keys are the round and the bet. */
export const storiesByBets = (
  ctx: ScopedContext,
  keys: readonly (readonly [roundId: string, betId: string])[],
  page: PageArguments,
): Promise<(ListPage<StoryRow> | Error)[]> =>
  readPages(
    ctx,
    list(ctx.actor.permissions),
    { page, sort: { key: 'AT', direction: 'ASC' } },
    {
      columns: [
        ['p.v0', 'uuid'],
        ['p.v1', 'uuid'],
      ],
      keys,
    },
  )
