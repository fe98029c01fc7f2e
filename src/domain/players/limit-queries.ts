// Limits as they are now: a change that was waited for and has come is told as what it became.
import { Parameters, readRows, shapeOf } from '../../db/rows.ts'
import { readByIds, readByKeys } from '../../db/by-ids.ts'
import { limits } from '../../db/tables/limits.ts'
import type { ScopedContext } from '../context.ts'
import { termsAt } from './limit-rules.ts'
import type { LimitRow } from './types.ts'

const shape = shapeOf(limits)
const source = { name: 'limits', from: 'limits t', shape, brandColumn: 't.brand_id' }
const order = 't.kind, t.period nulls first, t.currency, t.id'

const present = ({ clock }: ScopedContext, rows: Iterable<LimitRow>): LimitRow[] =>
  [...rows].flatMap((row) => {
    const terms = termsAt(row, clock.now())
    return terms ? [{ ...row, ...terms }] : []
  })

export async function limitsByIds(
  ctx: ScopedContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LimitRow>> {
  const rows = await readByIds(ctx, source, ids)
  return new Map(present(ctx, rows.values()).map((row) => [row.id, row]))
}

/** Each player's own. */
export async function limitsByPlayers(
  ctx: ScopedContext,
  playerIds: readonly string[],
): Promise<ReadonlyMap<string, LimitRow[]>> {
  const rows = await readByKeys(ctx, source, 't.player_id', playerIds, order)
  return Map.groupBy(present(ctx, rows), (row) => row.playerId ?? '')
}

/** Those of games, in the caller's brands. */
export async function limitsByGames(
  ctx: ScopedContext,
  gameIds: readonly string[],
): Promise<ReadonlyMap<string, LimitRow[]>> {
  const rows = await readByKeys(ctx, source, 't.game_id', gameIds, order)
  return Map.groupBy(present(ctx, rows), (row) => row.gameId ?? '')
}

/** Those of every player of a brand. */
export async function limitsByBrands(
  ctx: ScopedContext,
  brandIds: readonly string[],
): Promise<ReadonlyMap<string, LimitRow[]>> {
  const parameters = new Parameters()
  const text = `/* limits: by brand */
select ${shape.columns} from limits t
where t.brand_id = any(${parameters.addArray('uuid', brandIds)}) and t.player_id is null and t.game_id is null
and t.brand_id = any(${parameters.addArray('uuid', [...ctx.actor.brandIds])}) order by ${order}`
  const rows = await readRows(ctx.sql, shape, text, parameters.values)
  return Map.groupBy(present(ctx, rows), (row) => row.brandId)
}
