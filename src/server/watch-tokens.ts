import { logFailure } from '../db/log-failure.ts'
import type { Authenticator } from '../domain/operators/authenticate.ts'
import { sameRights, type Viewer } from '../domain/operators/viewer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { repeatedly, type Repetition } from '../lib/repeatedly.ts'

export interface WatchOptions {
  readonly log: Log
  readonly clock: Clock
  readonly authenticator: Authenticator
  /** How often the tokens of open sockets are looked up; with the time an answer is kept, within a second. */
  readonly watchMs?: number
}

const expired = 'the token has expired'

const expiryEveryMs = 100

/** A socket whose caller is known. */
export interface Admitted {
  readonly viewer: Viewer
  readonly end: (reason: string) => void
}

/**
 * Ends sockets whose token has ended. Revocation is told by the journal; this finds it too when the journal is late,
 * and what no event tells: expiry, a disabled operator, other rights.
 */
export function watchTokens(options: WatchOptions, admitted: () => readonly Admitted[]): Repetition {
  const { authenticator, clock, log } = options

  async function lookUp(): Promise<void> {
    const sockets = admitted()
    if (sockets.length === 0) return
    const now = await authenticator.refresh([...new Set(sockets.map(({ viewer }) => viewer.tokenId))])
    for (const { viewer, end } of sockets) {
      const current = now.get(viewer.tokenId)
      if (!current) end(viewer.expiresAt <= clock.now() ? expired : 'the token has ended')
      else if (!sameRights(viewer, current)) end('the rights of the token have changed')
    }
  }

  async function expire(): Promise<void> {
    const now = clock.now()
    for (const { viewer, end } of admitted()) if (viewer.expiresAt <= now) end(expired)
  }

  const failed = logFailure(log, 'the tokens of sockets were not looked up')
  const watching = [
    repeatedly(options.watchMs ?? 500, lookUp, failed),
    repeatedly(expiryEveryMs, expire, failed),
  ]
  return {
    async stop() {
      await Promise.all(watching.map((one) => one.stop()))
    },
  }
}
