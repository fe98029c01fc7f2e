// The one way a session ends, whoever ends it: a conditional update under the player's lock, with its event.
import type { NewEvent } from '../journal/types.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

export type CloseReason = 'PLAYER' | 'OPERATOR' | 'IDLE' | 'EXPIRED' | 'BLOCKED' | 'EXCLUDED'

export interface ClosedSession {
  readonly id: string
  readonly brandId: string
  readonly playerId: string
  readonly gameId: string
  readonly providerAccountId: string
  readonly currency: string
  readonly reason: CloseReason
  /** What was played in it: bets that stand, their stakes in cash, what they paid. Sums may pass a bigint. */
  readonly bets: string
  readonly stakeMinor: string
  readonly payoutMinor: string
}

/** Closes one session if it is still open. Its player is locked. */
export const closeSessionById = (tx: VerbTransaction, id: string, reason: CloseReason, at: Date) =>
  close(tx, 'close one', '$3', 's.id = $2::uuid', [at, id, reason])

/** Closes all open sessions of a locked player. */
export const closeSessionsOfPlayer = (tx: VerbTransaction, playerId: string, reason: CloseReason, at: Date) =>
  close(tx, 'close all of a player', '$3', 's.player_id = $2::uuid', [at, playerId, reason])

/** When a session has been without a bet for too long: bets are compared by the smallest id of that moment. */
export interface Idle {
  readonly since: Date
  readonly betFloor: string
}

/** Closes those of these sessions that are overdue still. Their players are locked, so every bet is seen. */
export const closeOverdueSessions = (tx: VerbTransaction, idsLiteral: string, idle: Idle, at: Date) =>
  close(
    tx,
    'close overdue',
    `case when s.expires_at <= $1::timestamptz then 'EXPIRED' else 'IDLE' end`,
    `s.id = any($2::uuid[]) and ${overdue}`,
    [at, idsLiteral, idle.since, idle.betFloor],
  )

/** $1 now, $3 idle since, $4 the smallest bet id of that moment. */
export const overdue = `(s.expires_at <= $1::timestamptz or (s.opened_at <= $3::timestamptz
  and not exists (select from bets b where b.session_id = s.id and b.id >= $4::uuid)))`

async function close(
  tx: VerbTransaction,
  title: string,
  reason: string,
  condition: string,
  parameters: readonly [at: Date, ...unknown[]],
): Promise<readonly ClosedSession[]> {
  const rows = await tx.run(
    `/* sessions: ${title} */
    with closed as (
      update sessions s set status = 'CLOSED', closed_at = $1::timestamptz, close_reason = ${reason}
      where s.status = 'OPEN' and ${condition}
      returning s.id, s.brand_id, s.player_id, s.game_id, s.provider_account_id, s.currency, s.close_reason)
    select c.id, c.brand_id as "brandId", c.player_id as "playerId", c.game_id as "gameId",
      c.provider_account_id as "providerAccountId", c.currency, c.close_reason as reason,
      t.bets::text, t.stake::text as "stakeMinor", t.payout::text as "payoutMinor"
    from closed c, lateral (
      select count(*) as bets, coalesce(sum(b.stake_minor) filter (where b.kind = 'REAL'), 0) as stake,
        coalesce(sum(b.payout_minor), 0) as payout
      from bets b where b.session_id = c.id and b.status in ('OPEN', 'SETTLED')) t
    order by c.id`,
    parameters,
  )
  const closed = rows as unknown as readonly ClosedSession[]
  for (const session of closed) tx.append(closedEvent(session, parameters[0]))
  return closed
}

function closedEvent(session: ClosedSession, at: Date): NewEvent {
  const { id, brandId, playerId, gameId, providerAccountId, currency, ...result } = session
  return {
    type: 'SessionClosed',
    brandId,
    playerId,
    sessionId: id,
    gameId,
    providerAccountId,
    currency,
    occurredAt: at,
    facts: { ...result, netMinor: String(BigInt(result.payoutMinor) - BigInt(result.stakeMinor)) },
  }
}
