// What figures must come to, by other ways than the fold's: over the bets as they are now, over the legs of the house's
// accounts, over the wins that were not taken back.
import type { TestDatabase } from './database.ts'

type Sql = TestDatabase['sql']

export interface Line {
  readonly key: string
  readonly bets: string
  readonly stake: string
  readonly bonus: string
  readonly squares: string
  readonly win: string
  readonly jackpot: string
}

const line = (at: string) => `sum(${at}.bets)::text as bets, sum(${at}.stake_minor)::text as stake,
  sum(${at}.bonus_stake_minor)::text as bonus, sum(${at}.stake_squares)::text as squares,
  sum(${at}.win_minor)::text as win, sum(${at}.jackpot_minor)::text as jackpot`

const something = (lines: readonly Line[]): Line[] =>
  lines
    .filter((one) => Object.entries(one).some(([name, sum]) => name !== 'key' && sum !== '0'))
    .map((one) => ({ ...one }))

const place = `concat_ws(' ', g.brand_id, g.provider_account_id, g.game_id, g.currency, g.kind, g.country, g.device)`

/** All that was ever folded, by group of level PLACE: out of the days, and out of the players' hours. */
export async function foldedTotals(sql: Sql, from: 'DAYS' | 'PLAYERS'): Promise<Line[]> {
  const source = from === 'DAYS' ? `figures f` : `player_figures f`
  const rows = await sql.unsafe<Line[]>(`select ${place} as key, ${line('f')}
    from ${source} join figure_groups g on g.id = f.group_id where g.level = 'PLACE' group by 1 order by 1`)
  return something(rows)
}

/** The same as the bets have it now. */
export async function betTotals(sql: Sql): Promise<Line[]> {
  const settled = (value: string) => `coalesce(sum(${value}) filter (where b.status = 'SETTLED'), 0)::text`
  const rows = await sql.unsafe<Line[]>(`
    select concat_ws(' ', b.brand_id, b.provider_account_id, b.game_id, b.currency, b.kind, coalesce(s.country, ''),
        case when s.device is null then '' else upper(s.device) end) as key,
      ${settled('1')} as bets, ${settled('b.stake_minor')} as stake, ${settled('b.bonus_stake_minor')} as bonus,
      ${settled('b.stake_minor::numeric ^ 2')}::numeric::bigint::text as squares,
      sum(b.payout_minor - b.jackpot_minor)::text as win, sum(b.jackpot_minor)::text as jackpot
    from bets b join sessions s on s.id = b.session_id group by 1 order by 1`)
  return something(rows)
}

export interface HourLine {
  readonly key: string
  readonly ggr: string
  readonly turnover: string
}

/** GGR and turnover of real-money bets by hour, game and currency. */
export async function foldedHours(sql: Sql): Promise<HourLine[]> {
  const rows = await sql<HourLine[]>`
    select concat_ws(' ', f.starts_at, g.game_id, g.currency) as key, sum(f.stake_minor - f.win_minor)::text as ggr,
      sum(f.stake_minor)::text as turnover
    from figures f join figure_groups g on g.id = f.group_id
    where f.grain = 'HOUR' and g.kind = 'REAL' group by 1 order by 1`
  return moved(rows)
}

/** The same out of the ledger: the house's account moves by turnover and wins alone, when they are recorded. */
export async function ledgerHours(sql: Sql): Promise<HourLine[]> {
  const rows = await sql<HourLine[]>`
    select concat_ws(' ', date_trunc('hour', l.recorded_at, z.time_zone), b.game_id, l.currency) as key,
      sum(l.amount_minor)::text as ggr,
      coalesce(sum(l.amount_minor) filter (where j.type not like 'Win%'), 0)::text as turnover
    from ledger_entries l join journal j on j.lane = l.lane and j.seq = l.seq
    join bets b on b.id = l.bet_id join brands z on z.id = l.brand_id
    where l.account = 'HOUSE' group by 1 order by 1`
  return moved(rows)
}

const moved = (lines: readonly HourLine[]) =>
  lines.filter(({ ggr, turnover }) => ggr !== '0' || turnover !== '0').map((one) => ({ ...one }))

interface Biggest {
  readonly player: string
  readonly minor: string
}

export const foldedBiggest = (sql: Sql): Promise<Biggest[]> =>
  sql<Biggest[]>`
    select f.player_id as player, max(f.biggest_win_minor)::text as minor from player_figures f group by 1
    having max(f.biggest_win_minor) > 0 order by 1`.then((rows) => [...rows])

export const standingBiggest = (sql: Sql): Promise<Biggest[]> =>
  sql<Biggest[]>`
    select player_id as player, max(amount_minor)::text as minor from transactions
    where kind = 'WIN' and verdict = 'OK' and reversed_by_id is null and amount_minor > 0
    group by 1 order by 1`.then((rows) => [...rows])
