// The journal's own order: lanes without holes, players counted one by one, time that only goes on.
import { byId, byLane, inPart, journalFloor, ledgerFloor } from './parts.ts'
import type { Invariant } from './types.ts'

/** The newest dropped row of the lane, or of the part before. */
const before = `greatest($2::bigint, (select coalesce(max(f.seq), 0) from lane_floors f where f.lane = $1::smallint))`

const holes: Invariant = {
  id: 'I15',
  says: 'a lane has no hole: every row names the one before',
  over: 'journal',
  check: byLane(`
    select case when c.prev <> c.before then
      format('lane %s seq %s: the row before is %s and it names %s', c.lane, c.seq, c.before, c.prev) end as who
    from (
      select j.lane, j.seq, j.prev, lag(j.seq, 1, ${before}) over (order by j.seq) as before
      from journal j where ${inPart('j')} and j.seq >= ${journalFloor}) c`),
}

const laneStamps: Invariant = {
  id: 'I16',
  says: 'the stamps of a lane rise with its rows',
  over: 'journal',
  check: byLane(`
    select case when c.recorded_at <= c.before then
      format('lane %s seq %s is stamped %s, the row before %s', c.lane, c.seq, c.recorded_at, c.before) end as who
    from (
      select j.lane, j.seq, j.recorded_at, lag(j.recorded_at) over (order by j.seq) as before
      from journal j where j.lane = $1::smallint and j.seq >= $2::bigint and j.seq <= $3::bigint
        and j.seq >= ${journalFloor}) c
    where c.seq > $2::bigint`),
}

const playerRows: Invariant = {
  id: 'I16',
  says: "a player's events are counted one by one, later and later",
  over: 'journal',
  // Where retention has dropped events, a player's begin with a later number.
  check: byId(
    'players',
    `select case when c.player_version <> coalesce(c.before,
           case when exists (select from lane_floors) then c.player_version - 1 else 0 end) + 1
         or c.recorded_at <= c.stamp_before then
       format('player %s event %s (lane %s seq %s) stands behind event %s', p.id, c.player_version, c.lane, c.seq,
         coalesce(c.before, 0)) end as who
     from players p cross join lateral (
       select j.lane, j.seq, j.player_version, j.recorded_at, lag(j.player_version) over v as before,
         lag(j.recorded_at) over v as stamp_before
       from journal j where j.player_id = p.id and j.seq >= ${journalFloor}
       window v as (order by j.player_version)) c
     where p.id > $1::uuid and p.id <= $2::uuid`,
  ),
}

const playerVersions: Invariant = {
  id: 'I14',
  says: "a player's version is that of the newest event",
  over: 'players',
  check: byId(
    'players',
    `select case when p.version <> coalesce(j.newest, 0)
         and (j.newest is not null or not exists (select from lane_floors)) then
       format('player %s: version %s, but the newest event is %s', p.id, p.version, coalesce(j.newest, 0)) end as who
     from players p cross join lateral (
       select max(j.player_version) as newest from journal j where j.player_id = p.id and j.seq >= ${journalFloor}) j
     where p.id > $1::uuid and p.id <= $2::uuid`,
  ),
}

const legsOfEvents: Invariant = {
  id: 'I14',
  says: 'money moves with an event that tells the same: transaction, player, round, bet and time',
  over: 'ledger_entries',
  check: byLane(`
    select case when j.seq is null then format('lane %s seq %s leg %s: there is no event', l.lane, l.seq, l.leg)
      when (j.transaction_id, j.player_id, j.round_id, j.bet_id, j.recorded_at) is distinct from
        (l.transaction_id, l.player_id, l.round_id, l.bet_id, l.recorded_at) then
        format('lane %s seq %s leg %s of wallet %s is not of its event %s', l.lane, l.seq, l.leg, l.wallet_id, j.id)
      end as who
    from ledger_entries l left join journal j on j.lane = l.lane and j.seq = l.seq
    where ${inPart('l')} and l.seq >= greatest(${ledgerFloor}, ${journalFloor})`),
}

export const chains: readonly Invariant[] = [holes, laneStamps, playerRows, playerVersions, legsOfEvents]
