// How sums are asked for and read, real-money bets first. Figures go by the alias f, their groups by g.
import type { Kind, KindSums, Sums } from './types.ts'

const columns = ['bets', 'stake_minor', 'bonus_stake_minor', 'win_minor', 'jackpot_minor']

const ofKind = (kind: string) =>
  columns.map((name) => `coalesce(sum(f.${name}) filter (where g.kind = '${kind}'), 0)::text`).join(', ')

/** Sums under their own names, for adding up further: by kind first leaves few rows to filter by kind. */
export const addedUp = columns.map((name) => `sum(f.${name}) as ${name}`).join(', ')

/** The columns of a statement. */
export const sumColumns = ['REAL', 'FREE', 'PROMO'].map(ofKind).join(', ')

/** Of the columns that begin at a place. */
export function readSums(values: readonly unknown[], from: number): Sums {
  const kind = (index: number) => readKindSums(values, from + index * columns.length)
  return { ...kind(0), free: kind(1), promo: kind(2) }
}

/** The sums of one kind under their own names. */
export function readKindSums(values: readonly unknown[], from: number): KindSums {
  const [bets = 0n, stakeMinor = 0n, bonusStakeMinor = 0n, winMinor = 0n, jackpotMinor = 0n] = values
    .slice(from, from + columns.length)
    .map((value) => BigInt(String(value)))
  return { bets, stakeMinor, bonusStakeMinor, winMinor, jackpotMinor }
}

const nothing: KindSums = { bets: 0n, stakeMinor: 0n, bonusStakeMinor: 0n, winMinor: 0n, jackpotMinor: 0n }
export const noSums: Sums = { ...nothing, free: nothing, promo: nothing }

export function addTo(sums: Sums, kind: Kind, part: KindSums): Sums {
  if (kind === 'FREE') return { ...sums, free: added(sums.free, part) }
  if (kind === 'PROMO') return { ...sums, promo: added(sums.promo, part) }
  return { ...sums, ...added(sums, part) }
}

const added = (a: KindSums, b: KindSums): KindSums => ({
  bets: a.bets + b.bets,
  stakeMinor: a.stakeMinor + b.stakeMinor,
  bonusStakeMinor: a.bonusStakeMinor + b.bonusStakeMinor,
  winMinor: a.winMinor + b.winMinor,
  jackpotMinor: a.jackpotMinor + b.jackpotMinor,
})
