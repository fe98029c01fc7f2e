// One step of the fold as one statement: it reads the journal past the stored places, adds what it says to the figures
// and moves the places. So each row is counted once, whatever is cut off when; and whoever holds the lock of the state
// is alone. Parameters: the most rows of a lane; the least time since the step before, by whomever.
import { laneCount } from '../../db/lane.ts'

/** The events that change figures. A bet that is rolled back before it was settled never counted. */
const counted = `('BetSettled', 'LossRecorded', 'WinRecorded', 'WinRolledBack', 'BetRolledBack')`

/** The class of a device from what the platform calls it: a word, or the browser's own description. */
const deviceClass = `case when s.device is null then '' when s.device ~* 'tablet|ipad' then 'TABLET'
  when s.device ~* 'mobile|phone|android|ios' then 'MOBILE'
  when s.device ~* 'desktop|windows|macintosh|linux|laptop' then 'DESKTOP' else 'OTHER' end`

/** A name that needs no look-up; not MD5, which some builds of PostgreSQL refuse. */
const groupId = (
  level: string,
  country: string,
  device: string,
) => `encode(substr(sha256(convert_to(concat_ws('|',
  '${level}', b.brand_id, b.provider_account_id, b.game_id, b.currency, b.kind, ${country}, ${device}), 'UTF8')),
  1, 16), 'hex')::uuid`

/**
 * The lock, and the state. Nobody is waited for. The state must still be what this statement's snapshot shows: after
 * a step by another process in between, what is read below would be too old to tell which win is the biggest.
 */
const gate = `
gate as materialized (
  select s.places, s.as_of, s.kept_from from figure_state s
  where s.id = 1 and s.steps = (select old.steps from figure_state old where old.id = 1)
    and (s.folded_at is null or s.folded_at <= clock_timestamp() - $2::text::interval)
  for no key update skip locked)`

/**
 * What is new of every lane. While the page of a lane is cut short, nothing is released that is later than its last
 * row: so all that is released is complete up to a moment, and a player's events come in their order.
 */
const released = `
page as materialized (
  select p.lane, e.* from gate
  cross join lateral (
    select (u.n - 1)::smallint as lane, u.low from unnest(gate.places) with ordinality as u(low, n)) p
  cross join lateral (
    select j.seq, j.recorded_at, j.type, j.player_id, j.bet_id, j.round_id, j.transaction_id, j.amount_minor, j.facts
    from journal j where j.lane = p.lane and j.seq > p.low order by j.seq limit $1::text::int) e),
cut as materialized (
  select min(l.last) as bound from (
    select max(recorded_at) as last from page group by lane having count(*) >= $1::text::int) l),
released as materialized (
  select p.* from page p cross join cut c where c.bound is null or p.recorded_at <= c.bound)`

/** The win that a rollback took back, and when it was recorded. */
const undone = `
undone as materialized (
  select e.seq, e.lane, t.id as transaction_id, coalesce(t.jackpot_minor, 0) as jackpot_minor, w.recorded_at
  from released e
  cross join lateral (
    select t.id, t.jackpot_minor, t.lane, t.seq from transactions t
    where t.round_id = e.round_id and t.kind = 'WIN' and t.reversed_by_id = e.transaction_id offset 0) t
  left join lateral (
    select j.recorded_at from journal j where j.lane = t.lane and j.seq = t.seq offset 0) w on true
  where e.type = 'WinRolledBack')`

/**
 * What each event adds. Stakes count when their bet is settled, wins when they are recorded: so GGR is what moves on
 * the house's account, hour by hour.
 */
const booked = `
booked as materialized (
  select b.*, e.type, e.recorded_at, date_trunc('hour', e.recorded_at, b.time_zone) as hour,
    date_trunc('day', e.recorded_at, b.time_zone) as day, u.recorded_at as undone_at,
    case when e.type in ('BetSettled', 'LossRecorded') then 1 when e.type = 'BetRolledBack' then -1 else 0 end as times,
    case e.type when 'WinRecorded' then 1 when 'WinRolledBack' then -1 else 0 end * e.amount_minor as paid_minor,
    case e.type when 'WinRecorded' then coalesce((e.facts->>'jackpotMinor')::bigint, 0)
      when 'WinRolledBack' then -coalesce(u.jackpot_minor, 0) else 0 end as jackpot_minor,
    case when e.type = 'WinRecorded' and not exists (
      select from undone o where o.transaction_id = e.transaction_id) then e.amount_minor else 0 end as biggest_minor
  from released e
  cross join lateral (
    select b.brand_id, b.player_id, b.provider_account_id, b.game_id, b.currency, b.kind, b.stake_minor,
      b.bonus_stake_minor, z.time_zone, coalesce(s.country, '') as country, ${deviceClass} as device
    from bets b join brands z on z.id = b.brand_id left join sessions s on s.id = b.session_id
    where b.id = e.bet_id offset 0) b
  left join undone u on u.lane = e.lane and u.seq = e.seq
  where e.type in ${counted} and (e.type <> 'BetRolledBack' or e.facts ? 'late')),
delta as materialized (
  select ${groupId('GAME', `''`, `''`)} as game_group, ${groupId('PLACE', 'b.country', 'b.device')} as place_group, b.*
  from (
    select b.brand_id, b.provider_account_id, b.game_id, b.currency, b.kind, b.country, b.device, b.player_id, b.hour,
      b.day, sum(b.times) as bets, sum(b.times * b.stake_minor) as stake_minor,
      sum(b.times * b.bonus_stake_minor) as bonus_stake_minor,
      sum(b.times * b.stake_minor::numeric * b.stake_minor) as stake_squares,
      sum(b.paid_minor - b.jackpot_minor) as win_minor, sum(b.jackpot_minor) as jackpot_minor,
      max(b.biggest_minor) as biggest_minor
    from booked b cross join gate g where g.kept_from is null or b.day > g.kept_from
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) b)`

/** Hours of a player whose wins are to be looked at again, since one of them was taken back. */
const sunk = `
sunk as materialized (
  select h.player_id, h.hour, h.place_group, coalesce((
    select max(j.amount_minor) from journal j
    cross join lateral (
      select b.*, coalesce(s.country, '') as place, ${deviceClass} as class
      from bets b left join sessions s on s.id = b.session_id where b.id = j.bet_id offset 0) b
    where j.player_id = h.player_id and j.type = 'WinRecorded'
      and j.seq >= (extract(epoch from h.hour)::bigint / 86400 - 2) << 40
      and j.seq < (extract(epoch from h.hour)::bigint / 86400 + 3) << 40
      and date_trunc('hour', j.recorded_at, h.time_zone) = h.hour
      and ${groupId('PLACE', 'b.place', 'b.class')} = h.place_group
      and not exists (select from transactions t where t.id = j.transaction_id and t.reversed_by_id is not null)
    ), 0) as biggest_minor
  from (
    select distinct b.player_id, b.time_zone, date_trunc('hour', b.undone_at, b.time_zone) as hour,
      ${groupId('PLACE', 'b.country', 'b.device')} as place_group
    from booked b where b.undone_at is not null) h)`

const sumColumns = ['bets', 'stake_minor', 'bonus_stake_minor', 'stake_squares', 'win_minor', 'jackpot_minor']
const sumsOf = sumColumns.map((name) => `sum(d.${name})`).join(', ')
const added = (table: string) =>
  sumColumns.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')

/** Nothing new is noted as seldom as this: every note is a write to the disk. */
const idleSeconds = 10

const written = `
insert_groups as (
  insert into figure_groups (id, level, brand_id, provider_account_id, game_id, currency, kind, country, device)
  select distinct v.id, v.level, d.brand_id, d.provider_account_id, d.game_id, d.currency, d.kind, v.country, v.device
  from delta d cross join lateral (values
    (d.game_group, 'GAME', '', ''), (d.place_group, 'PLACE', d.country, d.device)) v(id, level, country, device)
  on conflict (id) do nothing),
add_figures as (
  insert into figures as f (group_id, grain, starts_at, ${sumColumns.join(', ')})
  select v.group_id, v.grain, v.starts_at, ${sumsOf}
  from delta d cross join lateral (values
    (d.game_group, 'HOUR', d.hour), (d.game_group, 'DAY', d.day), (d.place_group, 'DAY', d.day)
  ) v(group_id, grain, starts_at)
  group by 1, 2, 3
  on conflict (grain, group_id, starts_at) do update set ${added('f')}),
add_player_figures as (
  insert into player_figures as f (player_id, starts_at, group_id, ${sumColumns.join(', ')}, biggest_win_minor)
  select d.player_id, d.hour, d.place_group, ${sumsOf}, max(d.biggest_minor)
  from delta d group by 1, 2, 3
  on conflict (player_id, starts_at, group_id) do update set ${added('f')},
    biggest_win_minor = greatest(excluded.biggest_win_minor, coalesce((
      select k.biggest_minor from sunk k
      where k.player_id = f.player_id and k.hour = f.starts_at and k.place_group = f.group_id), f.biggest_win_minor))),
sink as (
  update player_figures f set biggest_win_minor = k.biggest_minor from sunk k
  where f.player_id = k.player_id and f.starts_at = k.hour and f.group_id = k.place_group
    and not exists (select from delta d
      where d.player_id = k.player_id and d.hour = k.hour and d.place_group = k.place_group)),
moved as (
  update figure_state s set places = m.places, steps = s.steps + 1, folded_at = clock_timestamp(),
    as_of = greatest(s.as_of, least(m.bound, statement_timestamp()))
  from (
    select (select bound from cut) as bound, array_agg(greatest(u.low, r.seq) order by u.n) as places
    from gate cross join lateral unnest(gate.places) with ordinality as u(low, n)
    left join (select lane, max(seq) as seq from released group by lane) r on r.lane = u.n - 1
    having count(*) = ${laneCount}) m
  where s.id = 1 and (exists (select from released) or s.as_of is null
    or s.as_of < statement_timestamp() - interval '${idleSeconds} seconds')
  returning 1)`

export const foldStatement = `/* figures: fold */
with ${[gate, released, undone, booked, sunk, written].map((part) => part.trim()).join(',\n')}
select (select count(*) from gate)::int4, (select count(*) from released)::int4, (select count(*) from booked)::int4,
  (select bound is not null from cut), (select count(*) from moved)::int4`
