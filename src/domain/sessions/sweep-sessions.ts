import { arrayLiteral } from '../../db/arrays.ts'
import { logFailure } from '../../db/log-failure.ts'
import { type Repetition, repeatedly } from '../../lib/repeatedly.ts'
import { uuidFloor } from '../../lib/uuid.ts'
import type { Context } from '../context.ts'
import { closeOverdueSessions, type Idle, overdue } from './close-sessions.ts'

export interface SweepOptions {
  /** How long a session may be without a bet. */
  readonly idleMs: number
  /** How many sessions one transaction closes, at most: their players wait that long. */
  readonly batch: number
}

/** A sweep that finds more stops here; the next one goes on. */
const batchesMax = 100

/**
 * Closes the sessions that are past their end or idle, each with its event; returns how many. Any number of
 * processes may sweep at once: who comes second finds the session closed.
 */
export async function sweepSessions(ctx: Context, { idleMs, batch }: SweepOptions): Promise<number> {
  let closed = 0
  for (let round = 0; round < batchesMax; round += 1) {
    const at = ctx.clock.now()
    const since = new Date(at.getTime() - idleMs)
    const idle = { since, betFloor: uuidFloor(since) }
    const found = await findOverdue(ctx, idle, at, batch)
    closed += await closeFound(ctx, found, idle, at)
    if (found.length < batch) break
  }
  return closed
}

interface Found {
  readonly id: string
  readonly player_id: string
}

async function findOverdue(ctx: Context, idle: Idle, at: Date, batch: number): Promise<readonly Found[]> {
  return await ctx.sql.unsafe<Found[]>(
    `/* sessions: find overdue */
    select s.id, s.player_id from sessions s
    where s.status = 'OPEN' and ${overdue} order by s.opened_at limit $2::int`,
    [at, batch, idle.since, idle.betFloor],
    { prepare: true },
  )
}

async function closeFound(ctx: Context, found: readonly Found[], idle: Idle, at: Date): Promise<number> {
  if (found.length === 0) return 0
  const playerIds = [...new Set(found.map(({ player_id }) => player_id))]
  const ids = arrayLiteral(found.map(({ id }) => id))
  return await ctx.verbs.transact(ctx, playerIds, async (tx) => {
    const closed = await closeOverdueSessions(tx, ids, idle, at)
    return closed.length
  })
}

/** Sweeps again and again; a sweep that fails is logged, and the next one tries again. */
export function startSweep(ctx: Context, everyMs: number, options: SweepOptions): Repetition {
  async function sweep(): Promise<void> {
    const closed = await sweepSessions(ctx, options)
    if (closed > 0) ctx.log.info({ closed }, 'sessions were closed by the sweep')
  }
  return repeatedly(everyMs, sweep, logFailure(ctx.log, 'a sweep of sessions failed'))
}
