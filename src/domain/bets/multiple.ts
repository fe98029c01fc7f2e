// The multiple of a bet, payout / stake, in whole parts of 10^-36: exact enough that no two bets with different
// multiples have the same one, and that it lies on the right side of every bound with up to 18 decimal places, as long
// as a stake is at most 10^15 minor units. A bet with stake 0 has none, and stands below all others.
import type { Bet } from './types.ts'

/** How many parts there are to one, in SQL. */
export const multipleToOne = '1e36'

const quotient = `div(t.payout_minor * ${multipleToOne}, t.stake_minor)`

/** Under the alias t. The index says the same. */
export const multipleSql = `(case when t.stake_minor > 0 then ${quotient} else -1 end)`

type Amounts = Pick<Bet, 'stakeMinor' | 'payoutMinor'>

/** The same as the database makes it. */
export const multipleParts = ({ stakeMinor, payoutMinor }: Amounts): bigint =>
  stakeMinor > 0n ? (payoutMinor * 10n ** 36n) / stakeMinor : -1n

const places = 6

/** As a decimal number, cut and never rounded up, so that a filter for at least so much finds the bet. */
export function multipleText(bet: Amounts): string | null {
  const parts = multipleParts(bet)
  if (parts < 0n) return null
  const cut = (parts / 10n ** BigInt(36 - places)).toString().padStart(places + 1, '0')
  const text = `${cut.slice(0, -places)}.${cut.slice(-places)}`
  return text.replace(/\.?0+$/, '')
}
