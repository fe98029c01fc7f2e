import type { BetSums } from '../../domain/sessions/bet-sums.ts'
import type { Totals } from '../../lib/page.ts'

const amount =
  (sum: BetSums) =>
  ({ currency, ...sums }: Totals<BetSums>) => ({ minor: sums[sum], currency })

/** Of totals over rounds and over sessions alike. */
export const betSumFields = {
  stake: amount('stakeMinor'),
  payout: amount('payoutMinor'),
  turnover: amount('turnoverMinor'),
  ggr: amount('ggrMinor'),
}
