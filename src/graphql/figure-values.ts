// What sums come to as figures of the schema.
import type { KindSums } from '../domain/figures/types.ts'
import { currencyExponent } from '../lib/money.ts'
import { ratioText } from '../lib/ratio.ts'
import type { FigureGap } from './generated.ts'
import type { MoneyValue } from './mappers.ts'

export interface FigureValue {
  readonly value: string | null
  readonly reason: FigureGap | null
}

export interface KindFiguresRow extends KindSums {
  readonly currency: string
}

type Row = KindFiguresRow

const fractionPlaces = 6

export const known = (value: string): FigureValue => ({ value, reason: null })

export const unknown = (reason: FigureGap): FigureValue => ({ value: null, reason })

export const ggrMinor = ({ stakeMinor, winMinor }: KindSums): bigint => stakeMinor - winMinor

/** A fraction of turnover; unknown where more was taken back than turned over. */
export const ofTurnover = (minor: bigint, { stakeMinor }: KindSums): FigureValue =>
  stakeMinor > 0n ? known(ratioText(minor, stakeMinor, fractionPlaces)) : unknown('NO_TURNOVER')

export function averageStake({ bets, stakeMinor, currency }: Row): FigureValue {
  if (bets <= 0n) return unknown('NO_BETS')
  const exponent = currencyExponent(currency)
  return known(ratioText(stakeMinor, bets * 10n ** BigInt(exponent), exponent + 2))
}

const money =
  (minor: (row: Row) => bigint) =>
  (row: Row): MoneyValue => ({ minor: minor(row), currency: row.currency })

/** Fields that reports and sessions have alike. */
export const sumFields = {
  turnover: money((row) => row.stakeMinor),
  bonusStake: money((row) => row.bonusStakeMinor),
  wins: money((row) => row.winMinor),
  ggr: money(ggrMinor),
  jackpots: money((row) => row.jackpotMinor),
  rtpActual: (row: Row) => ofTurnover(row.winMinor, row),
  averageStake,
  free: (row: Row & { readonly free: KindSums }): Row => ({ ...row.free, currency: row.currency }),
  promo: (row: Row & { readonly promo: KindSums }): Row => ({ ...row.promo, currency: row.currency }),
}

export const kindFields = {
  stake: money((row) => row.stakeMinor),
  wins: money((row) => row.winMinor),
  jackpots: money((row) => row.jackpotMinor),
}
