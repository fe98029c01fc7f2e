/** What a bet was placed with. */
export type Kind = 'REAL' | 'FREE' | 'PROMO'

/** What bets of one kind come to, in minor units of one currency. */
export interface KindSums {
  /** Bets that were settled, less those that were rolled back after. */
  readonly bets: bigint
  readonly stakeMinor: bigint
  /** The part of the stakes that was bonus money. */
  readonly bonusStakeMinor: bigint
  /** What was paid, less what was taken back; without the part of jackpots. */
  readonly winMinor: bigint
  readonly jackpotMinor: bigint
}

/** Real-money bets alone make turnover and GGR; free and promo bets stand apart. */
export interface Sums extends KindSums {
  readonly free: KindSums
  readonly promo: KindSums
}
