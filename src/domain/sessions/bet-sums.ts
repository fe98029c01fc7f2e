// What the bets of sessions and rounds come to, as totals of their lists: summed up per row along the bets' index.
import type { ListTotals } from '../../db/keyset-list.ts'

export type BetSums =
  | 'count'
  | 'openCount'
  | 'betCount'
  | 'stakeMinor'
  | 'payoutMinor'
  | 'turnoverMinor'
  | 'ggrMinor'

/** Settled and real: what turnover and GGR are made of. */
const counts = `b.status = 'SETTLED' and b.kind = 'REAL'`

/** Over the bets whose column is the row's id. */
export const betSums = (column: 'session_id' | 'round_id'): ListTotals<BetSums> => ({
  currency: 't.currency',
  join: `cross join lateral (select count(*) as bets, sum(b.stake_minor) as stake, sum(b.payout_minor) as payout,
    sum(b.stake_minor) filter (where ${counts}) as turnover,
    sum(b.stake_minor - b.payout_minor + b.jackpot_minor) filter (where ${counts}) as ggr
    from bets b where b.${column} = t.id) s`,
  sums: {
    count: 'count(*)',
    openCount: `count(*) filter (where t.status = 'OPEN')`,
    betCount: 'sum(s.bets)',
    stakeMinor: 'sum(s.stake)',
    payoutMinor: 'sum(s.payout)',
    turnoverMinor: 'sum(s.turnover)',
    ggrMinor: 'sum(s.ggr)',
  },
})
