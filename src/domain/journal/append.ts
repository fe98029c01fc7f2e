// The journal's part of a write: numbers the events in their lane, stamps them, moves their players' versions.
// Always the last thing a transaction does before COMMIT, under the locks of all players concerned.
import { seqFloorOf } from '../../db/partitions.ts'
import { type Column, column, type StatementBuilder } from '../../db/statement.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import type { Actor } from './actor.ts'
import type { NewEvent } from './types.ts'

/** An event with its place among its player's events, ready to be written. */
export interface PlacedEvent extends NewEvent {
  readonly playerVersion: bigint | null
  readonly actor: Pick<Actor, 'kind' | 'id'>
  readonly trace: string
}

/** A locked player whose version moves from `from` to `to`. */
export interface PlayerMove {
  readonly id: string
  readonly from: bigint
  readonly to: bigint
}

export interface Append {
  readonly lane: number
  readonly events: readonly PlacedEvent[]
  readonly players: readonly PlayerMove[]
  /** The newest stamp of the locked players, in microseconds. */
  readonly lastUs: bigint
  readonly now: Date
}

const columns: readonly Column<PlacedEvent>[] = [
  column('n', 'int', (_, index) => index),
  column('id', 'uuid', (e) => uuidv7(e.occurredAt)),
  column('type', 'text', (e) => e.type),
  column('version', 'smallint', () => 1),
  column('brand_id', 'uuid', (e) => e.brandId),
  column('player_id', 'uuid', (e) => e.playerId),
  column('player_version', 'bigint', (e) => e.playerVersion),
  column('session_id', 'uuid', (e) => e.sessionId),
  column('game_id', 'uuid', (e) => e.gameId),
  column('provider_account_id', 'uuid', (e) => e.providerAccountId),
  column('round_id', 'uuid', (e) => e.roundId),
  column('bet_id', 'uuid', (e) => e.betId),
  column('transaction_id', 'uuid', (e) => e.transactionId),
  column('amount_minor', 'bigint', (e) => e.amountMinor),
  column('currency', 'text', (e) => e.currency),
  column('occurred_at', 'timestamptz', (e) => e.occurredAt),
  column('actor_kind', 'text', (e) => e.actor.kind),
  column('actor_id', 'uuid', (e) => e.actor.id),
  column('trace', 'text', (e) => e.trace),
  column('facts', 'jsonb', (e) => JSON.stringify(e.facts ?? {})),
]

const moveColumns: readonly Column<PlayerMove>[] = [
  column('id', 'uuid', (m) => m.id),
  column('from_version', 'bigint', (m) => m.from),
  column('to_version', 'bigint', (m) => m.to),
]

/**
 * Adds the CTEs `base` (first: the lane's next seq; prev: the one before; at: the first stamp), `insert_journal`
 * and `move_players`; other CTEs may read base. The event at offset n gets seq base.first + n and stamp at + n µs.
 * A lane whose rows have all been dropped goes on from its floor.
 */
export function appendJournal(builder: StatementBuilder, append: Append): void {
  const lane = builder.value('smallint', append.lane)
  const prefix = builder.value('bigint', seqFloorOf(append.now))
  const lastUs = builder.value('bigint', append.lastUs)
  builder.with(
    'base',
    `select ${lane} as lane, greatest(coalesce(h.seq, 0) + 1, ${prefix}) as first, coalesce(h.seq, 0) as prev,
       greatest(clock_timestamp(), h.recorded_at + interval '1 microsecond',
         timestamptz 'epoch' + (${lastUs} + 1) * interval '1 microsecond') as at
     from (select 1) one left join lateral (
       select l.seq, l.recorded_at from (
         (select seq, recorded_at from journal where lane = ${lane} order by seq desc limit 1)
         union all select seq, recorded_at from lane_floors where lane = ${lane}) l
       order by l.seq desc limit 1) h on true`,
  )
  const names = columns.slice(1).map((one) => one.name)
  const rows = builder.rows(columns, append.events)
  builder.with(
    'insert_journal',
    `insert into journal (lane, seq, prev, recorded_at, ${names.join(', ')})
     select b.lane, b.first + u.n, case u.n when 0 then b.prev else b.first + u.n - 1 end,
       b.at + u.n * interval '1 microsecond', ${names.map((name) => `u.${name}`).join(', ')}
     from base b, ${rows}`,
  )
  const count = builder.value('int', append.events.length)
  builder.with(
    'move_players',
    `update players p set version = u.to_version, last_at = b.at + ${count} * interval '1 microsecond'
     from base b, ${builder.rows(moveColumns, append.players)}
     where p.id = u.id and p.version = u.from_version returning 1`,
  )
}

/** What must hold of the CTEs above; a write whose guard fails is undone and tried again. */
export function journalGuards(builder: StatementBuilder, append: Append): string[] {
  return [`(select count(*) from move_players) = ${builder.value('int', append.players.length)}`]
}

/** The end of a guarded statement: a division by zero (22012) when a guard does not hold. */
export const guarded = (guards: readonly string[]): string =>
  `select 1 / (case when ${guards.join(' and ')} then 1 else 0 end) as ok`
