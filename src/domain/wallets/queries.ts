import { readByIds, readByKeys } from '../../db/by-ids.ts'
import { shapeOf } from '../../db/rows.ts'
import { wallets } from '../../db/tables/wallets.ts'
import type { ScopedContext } from '../context.ts'
import type { Wallet } from './types.ts'

const source = { name: 'wallets', from: 'wallets t', shape: shapeOf(wallets), brandColumn: 't.brand_id' }

export const walletsByIds = (
  ctx: ScopedContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Wallet>> => readByIds(ctx, source, ids)

/** Each player's wallets, by currency. */
export async function walletsByPlayers(
  ctx: ScopedContext,
  playerIds: readonly string[],
): Promise<ReadonlyMap<string, Wallet[]>> {
  const rows = await readByKeys(ctx, source, 't.player_id', playerIds, 't.currency')
  return Map.groupBy(rows, (row) => row.playerId)
}
