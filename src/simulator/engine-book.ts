import type { Random } from './random.ts'

/** What a game engine knows of a bet: played, or refused for good. */
export type BookEntry =
  | {
      readonly status: 'PLAYED'
      readonly currency: string
      readonly stakeMinor: string
      readonly payoutMinor: string
      readonly playedAt: string
      readonly result: { readonly symbols: readonly string[]; readonly multiplier: number }
    }
  | { readonly status: 'REJECTED' }

export interface BetOrder {
  readonly betId: string
  readonly currency: string
  readonly stakeMinor: string
}

const symbols = ['crown', 'koi', 'wolf', 'seven', 'bell', 'plum'] as const
const multipliers = [
  [62, 0],
  [20, 1],
  [12, 2],
  [5, 5],
  [1, 25],
] as const
const rejectedShare = 0.05

/** The engine's own book: each bet is played once, and has one entry for ever. */
export class EngineBook {
  readonly entries = new Map<string, BookEntry>()
  /** Bets that were ordered a second time with other terms: there must be none. */
  readonly conflicts: string[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  play(order: BetOrder): BookEntry {
    const known = this.entries.get(order.betId)
    if (known?.status === 'PLAYED' && !sameTerms(known, order)) this.conflicts.push(order.betId)
    if (known) return known
    return this.#enter(
      order.betId,
      this.#random.chance(rejectedShare) ? { status: 'REJECTED' } : this.#spin(order),
    )
  }

  /** What was played stays played; what was not never will be. */
  cancel(betId: string): BookEntry {
    return this.entries.get(betId) ?? this.#enter(betId, { status: 'REJECTED' })
  }

  #enter(betId: string, entry: BookEntry): BookEntry {
    this.entries.set(betId, entry)
    return entry
  }

  #spin({ currency, stakeMinor }: BetOrder): BookEntry {
    const multiplier = this.#random.weighted(multipliers)
    return {
      status: 'PLAYED',
      currency,
      stakeMinor,
      payoutMinor: String(BigInt(stakeMinor) * BigInt(multiplier)),
      playedAt: new Date().toISOString(),
      result: { symbols: Array.from({ length: 3 }, () => this.#random.pick(symbols)), multiplier },
    }
  }
}

const sameTerms = (known: { currency: string; stakeMinor: string }, order: BetOrder) =>
  known.currency === order.currency && known.stakeMinor === order.stakeMinor
