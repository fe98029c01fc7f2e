import { sha256 } from '../lib/fingerprint.ts'

/** A seeded generator: the same seed gives the same numbers on every machine. */
export interface Random {
  /** From 0 on, below the bound. */
  int(bound: number): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
  /** One of the values, by its weight. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T
  uuid(): string
}

/** sfc32 over a digest of the seed. */
export function seededRandom(seed: string): Random {
  const digest = sha256(seed)
  let [a, b, c, count] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ]
  const bits = () => {
    const sum = (a + b + count) >>> 0
    count = (count + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = ((c << 21) | (c >>> 11)) >>> 0
    c = (c + sum) >>> 0
    return sum
  }
  for (let warm = 0; warm < 12; warm += 1) bits()
  const unit = () => bits() / 4_294_967_296
  const int = (bound: number) => Math.floor(unit() * bound)
  return {
    int,
    chance: (share) => unit() < share,
    pick: (from) => present(from[int(from.length)]),
    weighted(from) {
      let rest = unit() * from.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of from) {
        rest -= weight
        if (rest < 0) return value
      }
      return present(from.at(-1))[1]
    },
    uuid() {
      const hex = Array.from({ length: 4 }, () => bits().toString(16).padStart(8, '0')).join('')
      const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
      const last = `${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${last}`
    },
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}
