import type { Hints } from './prefetch.ts'
import type { SessionState, State } from './state.ts'
import type { Command } from './types.ts'

const keptMax = 20_000

/** Whose session a game token opens, as earlier batches have read it: the same for good. The oldest are forgotten. */
export class SessionHints {
  readonly #sessions = new Map<string, Pick<SessionState, 'playerId' | 'gameId'>>()

  learn({ sessions }: State): void {
    for (const [hash, { playerId, gameId }] of sessions) {
      if (this.#sessions.has(hash)) continue
      const oldest = this.#sessions.keys().next().value
      if (this.#sessions.size >= keptMax && oldest !== undefined) this.#sessions.delete(oldest)
      this.#sessions.set(hash, { playerId, gameId })
    }
  }

  /** For a batch; the strays are the commands that an earlier one put back. */
  with(strays: ReadonlySet<Command>): Hints {
    return {
      sessionOf: (tokenHash) => this.#sessions.get(tokenHash.toString('hex')),
      strays: (command) => strays.has(command),
    }
  }
}
