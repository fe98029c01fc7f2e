// How an amount divides between a wallet's accounts. Pure; the parts always sum to the whole.
import type { Posting } from './draft.ts'
import type { BetState, WalletState } from './state.ts'
import type { PaidTo } from './types.ts'

/** The bonus part of a stake: cash is spent first, bonus for what the cash does not cover. */
export const bonusOfStake = (stakeMinor: bigint, { cashMinor }: Pick<WalletState, 'cashMinor'>): bigint =>
  stakeMinor > cashMinor ? stakeMinor - cashMinor : 0n

type Staked = Pick<BetState, 'kind' | 'stakeMinor' | 'bonusStakeMinor'>

/**
 * The bonus part of a win: in proportion to the bonus part of the stake, rounded down. A win without a real stake goes
 * where the provider account says.
 */
export function bonusOfWin(winMinor: bigint, bet: Staked, freeWinsTo: PaidTo = 'CASH'): bigint {
  if (bet.kind !== 'REAL') return freeWinsTo === 'BONUS' ? winMinor : 0n
  return bet.stakeMinor === 0n ? 0n : (winMinor * bet.bonusStakeMinor) / bet.stakeMinor
}

/** From the wallet to an account of the house, or back when the amounts are negative. */
export const toHouse = (
  account: 'STAKES' | 'HOUSE',
  amountMinor: bigint,
  bonusMinor: bigint,
): readonly Posting[] => [
  ['CASH', bonusMinor - amountMinor],
  ['BONUS', -bonusMinor],
  [account, amountMinor],
]

/** What the house gives for a win: jackpots apart, and what had no real stake out of the promotions. */
export const fromHouse = (
  bet: Pick<BetState, 'kind'>,
  amountMinor: bigint,
  jackpotMinor: bigint,
): readonly Posting[] => [
  [bet.kind === 'REAL' ? 'HOUSE' : 'PROMOTIONS', jackpotMinor - amountMinor],
  ['JACKPOTS', -jackpotMinor],
]
