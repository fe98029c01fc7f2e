import type { EventType, JournalEvent } from './types.ts'

/** The columns of an event, of `journal j`; times as numbers, since a Date would lose the stamp's microseconds. */
export const eventColumns = `j.lane, j.seq, j.prev, j.id, j.type, j.version, j.brand_id, j.player_id,
  j.player_version, j.session_id, j.game_id, j.provider_account_id, j.round_id, j.bet_id, j.transaction_id,
  j.amount_minor, j.currency, (extract(epoch from j.occurred_at) * 1000)::bigint as occurred_ms,
  (extract(epoch from j.recorded_at) * 1000000)::bigint as recorded_us, j.actor_kind, j.actor_id, j.trace, j.facts`

export interface EventRow {
  readonly lane: number
  readonly seq: bigint
  readonly prev: bigint
  readonly id: string
  readonly type: EventType
  readonly version: number
  readonly brand_id: string | null
  readonly player_id: string | null
  readonly player_version: bigint | null
  readonly session_id: string | null
  readonly game_id: string | null
  readonly provider_account_id: string | null
  readonly round_id: string | null
  readonly bet_id: string | null
  readonly transaction_id: string | null
  readonly amount_minor: bigint | null
  readonly currency: string | null
  readonly occurred_ms: bigint
  readonly recorded_us: bigint
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly trace: string
  readonly facts: Record<string, unknown>
}

export const toEvent = (row: EventRow): JournalEvent => ({
  lane: row.lane,
  seq: row.seq,
  prev: row.prev,
  id: row.id,
  type: row.type,
  version: row.version,
  brandId: row.brand_id,
  playerId: row.player_id,
  playerVersion: row.player_version,
  sessionId: row.session_id,
  gameId: row.game_id,
  providerAccountId: row.provider_account_id,
  roundId: row.round_id,
  betId: row.bet_id,
  transactionId: row.transaction_id,
  amountMinor: row.amount_minor,
  currency: row.currency,
  occurredAt: new Date(Number(row.occurred_ms)),
  recordedUs: row.recorded_us,
  actorKind: row.actor_kind,
  actorId: row.actor_id,
  trace: row.trace,
  facts: row.facts,
})
