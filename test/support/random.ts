/** A seeded generator (mulberry32): the same seed tells the same story. */
export interface Random {
  /** From 0 on, below 1. */
  unit(): number
  /** From 0 on, below the bound. */
  int(bound: number): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
}

export function seeded(seed: number): Random {
  let state = seed >>> 0
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (bound: number) => Math.floor(unit() * bound)
  return {
    unit,
    int,
    chance: (share) => unit() < share,
    pick<T>(from: readonly T[]): T {
      const found = from[int(from.length)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
  }
}
