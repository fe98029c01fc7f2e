// A player's open rounds and the money held in them. Bets are open in open rounds only, so both go along the index of
// a player's open rounds, and a long history costs nothing.
import { type ListShape, type PageRequest, readPages } from '../../db/keyset.ts'
import { onlyWithin, readLinkValues } from '../../db/link-reads.ts'
import { Parameters, shapeOf, withComputed } from '../../db/rows.ts'
import { rounds } from '../../db/tables/rounds.ts'
import type { ScopedContext } from '../context.ts'
import type { Round } from '../rounds/types.ts'
import { type BetSums, betSums } from '../sessions/bet-sums.ts'

export interface OpenRound extends Round {
  /** The real stakes of its open bets. */
  readonly heldMinor: bigint
}

export type OpenRoundRequest = PageRequest<object, 'STARTED_AT'>

const heldIn = (roundId: string) => `(
  select coalesce(sum(b.stake_minor), 0)::bigint from bets b
  where b.round_id = ${roundId} and b.status = 'OPEN' and b.kind = 'REAL')`

const list: ListShape<OpenRound, object, 'STARTED_AT', BetSums> = {
  name: 'openRounds',
  from: 'rounds t',
  shape: withComputed<Round, 'heldMinor', bigint>(shapeOf(rounds, ['result']), 'heldMinor', heldIn('t.id')),
  brandColumn: 't.brand_id',
  sorts: { STARTED_AT: [{ sql: 't.id', type: 'uuid', of: (row) => row.id }] },
  conditions: {},
  always: `t.status = 'OPEN'`,
  totals: betSums('round_id'),
}

export const openRoundsByPlayers = (
  ctx: ScopedContext,
  playerIds: readonly string[],
  request: OpenRoundRequest,
) => readPages(ctx, list, request, { columns: [['t.player_id', 'uuid']], keys: playerIds.map((id) => [id]) })

export interface Held {
  readonly currency: string
  readonly minor: bigint
}

/** The money that each player's open rounds hold, by currency; nothing for currencies without an open round. */
export async function heldByPlayers(
  ctx: ScopedContext,
  playerIds: readonly string[],
): Promise<ReadonlyMap<string, Held[]>> {
  const parameters = new Parameters()
  const text = `/* openRounds: held money of players */
select t.player_id, t.currency, sum(${heldIn('t.id')})::bigint from rounds t
where t.status = 'OPEN' and t.player_id = any(${parameters.addArray('uuid', playerIds)})
and ${onlyWithin('t.brand_id', parameters.addArray('uuid', [...ctx.actor.brandIds]))}
group by 1, 2 order by 1, 2`
  const rows = (await readLinkValues(ctx.sql, text, parameters.values)) as unknown as [
    string,
    string,
    bigint,
  ][]
  const held = rows.map(([playerId, currency, minor]) => ({ playerId, currency, minor }))
  return Map.groupBy(held, ({ playerId }) => playerId)
}

/** The money that each round holds. */
export async function heldByRounds(
  ctx: ScopedContext,
  roundIds: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const parameters = new Parameters()
  const text = `/* openRounds: held money of rounds */
select t.id, ${heldIn('t.id')} from rounds t where t.id = any(${parameters.addArray('uuid', roundIds)})
and ${onlyWithin('t.brand_id', parameters.addArray('uuid', [...ctx.actor.brandIds]))}`
  const rows = (await readLinkValues(ctx.sql, text, parameters.values)) as unknown as [string, bigint][]
  return new Map(rows)
}
