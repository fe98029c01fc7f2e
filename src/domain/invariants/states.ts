// Bets and rounds against their events: each of them is what its own history makes it.
import { bets } from '../../db/tables/bets.ts'
import { rounds } from '../../db/tables/rounds.ts'
import { byId, journalFloor, ledgerFloor } from './parts.ts'
import type { Invariant } from './types.ts'

const words = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ')

const states: Invariant = {
  id: 'I10',
  says: 'a bet is in one of the states there are, with a result once it is settled',
  over: 'bets',
  check: byId(
    'bets',
    `select case when b.status not in (${words(bets.status.enumValues)})
         or b.result not in (${words(bets.result.enumValues)})
         or b.kind not in (${words(bets.kind.enumValues)})
         or (b.status = 'SETTLED' and (b.result is null or b.settled_at is null))
         or (b.status = 'OPEN' and (b.result is not null or b.settled_at is not null)) then
       format('bet %s: a %s bet is %s, result %s, settled at %s', b.id, b.kind, b.status, b.result, b.settled_at)
       end as who
     from bets b where b.id > $1::uuid and b.id <= $2::uuid`,
  ),
}

/** Every bet x of the rounds of a part whose events are all kept, with the counts of its events. */
const betsWithEvents = `
  from rounds r cross join lateral (
    select b.id, b.status, b.version, b.payout_minor, e.placed, e.settled, e.back, e.voided, e.changes, e.paid,
      e.last_gain, e.first_end
    from bets b left join (
      select j.bet_id,
        count(*) filter (where j.type = 'BetPlaced') as placed,
        count(*) filter (where j.type in ('BetSettled', 'LossRecorded')) as settled,
        count(*) filter (where j.type = 'BetRolledBack') as back,
        count(*) filter (where j.type = 'BetVoided') as voided,
        count(*) filter (where j.type in ('BetPlaced', 'BetSettled', 'LossRecorded', 'BetRolledBack', 'BetVoided',
          'WinRecorded', 'WinRolledBack')) as changes,
        coalesce(sum(case j.type when 'WinRecorded' then j.amount_minor when 'WinRolledBack' then -j.amount_minor end),
          0) as paid,
        max(j.player_version) filter (where j.type in ('WinRecorded', 'BetSettled', 'LossRecorded')) as last_gain,
        min(j.player_version) filter (where j.type in ('BetRolledBack', 'BetVoided')) as first_end
      from journal j where j.round_id = r.id and j.bet_id is not null and j.seq >= ${journalFloor}
      group by j.bet_id) e on e.bet_id = b.id
    where b.round_id = r.id and b.seq >= ${journalFloor}) x
  where r.id > $1::uuid and r.id <= $2::uuid`

const transitions: Invariant = {
  id: 'I10',
  says: 'a bet was placed once, and ended once, as its state says',
  over: 'bets',
  // Settled and then rolled back is what a dialect may ask for; both are told by an event.
  check: byId(
    'rounds',
    `select case when coalesce(x.placed, 0) <> 1 or not case x.status
         when 'OPEN' then x.settled + x.back + x.voided = 0
         when 'SETTLED' then x.settled = 1 and x.back + x.voided = 0
         when 'ROLLED_BACK' then x.settled <= 1 and x.back = 1 and x.voided = 0
         else x.settled + x.back = 0 and x.voided = 1 end then
       format('bet %s of round %s is %s: placed %s, settled %s, rolled back %s, voided %s times', x.id, r.id, x.status,
         coalesce(x.placed, 0), coalesce(x.settled, 0), coalesce(x.back, 0), coalesce(x.voided, 0)) end as who
     ${betsWithEvents}`,
  ),
}

const afterTheEnd: Invariant = {
  id: 'I10',
  says: 'a bet that was rolled back or voided is neither paid nor settled after it',
  over: 'bets',
  check: byId(
    'rounds',
    `select case when x.last_gain > x.first_end then
       format('bet %s of round %s: its end is event %s of the player, and it gained by event %s', x.id, r.id,
         x.first_end, x.last_gain) end as who
     ${betsWithEvents}`,
  ),
}

const toldByEvents: Invariant = {
  id: 'I14',
  says: "a bet's version counts its events, and its payout is their sum",
  over: 'bets',
  check: byId(
    'rounds',
    `select case when x.version <> coalesce(x.changes, 0) or x.payout_minor <> coalesce(x.paid, 0) then
       format('bet %s of round %s: version %s and payout %s, but %s events paid %s', x.id, r.id, x.version,
         x.payout_minor, coalesce(x.changes, 0), coalesce(x.paid, 0)) end as who
     ${betsWithEvents}`,
  ),
}

const payouts: Invariant = {
  id: 'I11',
  says: 'a payout is the sum of the wins that stand',
  over: 'bets',
  check: byId(
    'rounds',
    `select case when b.payout_minor <> b.minor then
       format('bet %s of round %s: payout %s, but its wins sum to %s', b.id, r.id, b.payout_minor, b.minor) end as who
     from rounds r cross join lateral (
       select b.id, b.payout_minor, coalesce(w.minor, 0) as minor from bets b left join (
         select t.bet_id, sum(t.amount_minor) as minor from transactions t
         where t.round_id = r.id and t.kind = 'WIN' and t.verdict = 'OK' and t.reversed_by_id is null
         group by t.bet_id) w on w.bet_id = b.id
       where b.round_id = r.id) b
     where r.id > $1::uuid and r.id <= $2::uuid`,
  ),
}

const stakes: Invariant = {
  id: 'I13',
  says: 'the stakes in play are those of open bets, and a completed round has none',
  over: 'bets',
  check: byId(
    'rounds',
    `select case when r.status = 'COMPLETED' and b.status = 'OPEN' then
         format('round %s is completed, and its bet %s is open', r.id, b.id)
       when case when b.status <> 'OPEN' then b.held <> 0 when b.kind = 'REAL' then b.held <> b.stake_minor end then
         format('bet %s of round %s is %s with a stake of %s and has %s in play', b.id, r.id, b.status, b.stake_minor,
           b.held) end as who
     from rounds r cross join lateral (
       select b.id, b.status, b.kind, b.stake_minor, (
         select coalesce(sum(l.amount_minor), 0) from ledger_entries l
         where l.bet_id = b.id and l.account = 'STAKES' and l.seq >= ${ledgerFloor}) as held
       from bets b where b.round_id = r.id and b.seq >= ${ledgerFloor}) b
     where r.id > $1::uuid and r.id <= $2::uuid`,
  ),
}

const roundStates: Invariant = {
  id: 'I14',
  says: "a round's state is that of its last event, and its version counts them",
  over: 'rounds',
  check: byId(
    'rounds',
    `select case when r.status not in (${words(rounds.status.enumValues)})
         or (e.whole or not exists (select from lane_floors)) and (r.version <> e.changes or not e.whole
           or (r.status = 'COMPLETED') is distinct from (e.last = 'RoundCompleted')
           or (r.status = 'COMPLETED') <> (r.completed_at is not null)) then
       format('round %s of player %s: %s at version %s, but its %s events end with %s', r.id, r.player_id, r.status,
         r.version, e.changes, coalesce(e.last, 'none')) end as who
     from rounds r cross join lateral (
       select count(*) as changes, (array_agg(j.type order by j.player_version desc))[1] as last,
         count(*) filter (where j.type = 'RoundStarted' and not (j.facts ? 'again')) = 1 as whole
       from journal j where j.round_id = r.id and j.type in ('RoundStarted', 'RoundCompleted')
         and j.seq >= ${journalFloor}) e
     where r.id > $1::uuid and r.id <= $2::uuid`,
  ),
}

export const betStates: readonly Invariant[] = [
  states,
  transitions,
  afterTheEnd,
  payouts,
  stakes,
  toldByEvents,
  roundStates,
]
