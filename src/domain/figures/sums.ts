// How sums are asked for and read, real-money bets first. Figures go by the alias f, their groups by g.
import type { KindSums, Sums } from './types.ts'

const columns = ['bets', 'stake_minor', 'bonus_stake_minor', 'win_minor', 'jackpot_minor']

const ofKind = (kind: string) =>
  columns.map((name) => `coalesce(sum(f.${name}) filter (where g.kind = '${kind}'), 0)::text`).join(', ')

/** Sums under their own names, for adding up further: by kind first leaves few rows to filter by kind. */
export const addedUp = columns.map((name) => `sum(f.${name}) as ${name}`).join(', ')

/** The columns of a statement. */
export const sumColumns = ['REAL', 'FREE', 'PROMO'].map(ofKind).join(', ')

/** Of the columns that begin at a place. */
export function readSums(values: readonly unknown[], from: number): Sums {
  const kind = (index: number): KindSums => {
    const at = from + index * columns.length
    const [bets = 0n, stakeMinor = 0n, bonusStakeMinor = 0n, winMinor = 0n, jackpotMinor = 0n] = values
      .slice(at, at + columns.length)
      .map((value) => BigInt(String(value)))
    return { bets, stakeMinor, bonusStakeMinor, winMinor, jackpotMinor }
  }
  return { ...kind(0), free: kind(1), promo: kind(2) }
}
