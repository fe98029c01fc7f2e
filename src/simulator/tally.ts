import type { PlannedCall, Trait } from './calls.ts'
import { traits } from './calls.ts'
import type { Reply } from './provider-client.ts'

export interface Unexpected {
  readonly call: PlannedCall
  readonly player: string
  readonly reply: Reply
  readonly reason: string
}

const unexpectedMax = 100

/** Counts what was sent and what was answered, exactly. */
export class Tally {
  readonly #statuses = new Map<string, Map<string, number>>()
  readonly #traits = new Map<Trait, number>()
  readonly #latencies: number[] = []
  /** The first of those that were not as expected. */
  readonly unexpected: Unexpected[] = []
  unexpectedCount = 0
  calls = 0
  askedAgain = 0
  /** Calls of players who could not play: blocked, or without a session. */
  skipped = 0
  deposits = 0
  sessions = 0

  add(call: PlannedCall, reply: Reply): void {
    this.calls += 1
    this.askedAgain += reply.askedAgain
    this.#traits.set(call.trait, (this.#traits.get(call.trait) ?? 0) + 1)
    const row = this.#statuses.get(call.kind) ?? new Map<string, number>()
    row.set(reply.status, (row.get(reply.status) ?? 0) + 1)
    this.#statuses.set(call.kind, row)
    // Of a long run the first half million say enough.
    if (!call.hangUp && this.#latencies.length < 500_000) this.#latencies.push(reply.latencyMs)
  }

  /** A reply that was none of those expected. */
  complain(unexpected: Unexpected): void {
    this.unexpectedCount += 1
    if (this.unexpected.length < unexpectedMax) this.unexpected.push(unexpected)
  }

  /** How many calls were sent for this reason. */
  traitCount(trait: Trait): number {
    return this.#traits.get(trait) ?? 0
  }

  traitCounts(): Partial<Record<Trait, number>> {
    return Object.fromEntries(this.#traits)
  }

  /** How many calls of a kind were answered with a status. */
  statusCount(kind: PlannedCall['kind'], status: string): number {
    return this.#statuses.get(kind)?.get(status) ?? 0
  }

  /** The slowest of the fastest share of all calls, in milliseconds. */
  latencyMs(share: number): number {
    const sorted = this.#latencies.toSorted((one, other) => one - other)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  }

  /** What was counted, as lines of text. */
  table(): string[] {
    const rows = [...this.#statuses].flatMap(([kind, statuses]) =>
      [...statuses].map(
        ([status, count]) => `  ${kind.padEnd(10)}${status.padEnd(38)}${String(count).padStart(8)}`,
      ),
    )
    const reasons = traits.flatMap((trait) => {
      const count = this.traitCount(trait)
      return count > 0 ? [`  ${trait.padEnd(48)}${String(count).padStart(8)}`] : []
    })
    return [
      'Calls by kind and reply',
      ...rows.toSorted(),
      'Calls by reason',
      ...reasons,
      `Sum${String(this.calls).padStart(55)}`,
      `Sessions ${this.sessions}, deposits ${this.deposits}, asked again ${this.askedAgain}, skipped ${this.skipped}`,
      `Latency p50 ${this.latencyMs(0.5).toFixed(1)} ms, p99 ${this.latencyMs(0.99).toFixed(1)} ms`,
    ]
  }
}
