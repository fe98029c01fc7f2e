import { readByIds, readByKeys } from '../../db/by-ids.ts'
import { shapeOf } from '../../db/rows.ts'
import { brands } from '../../db/tables/brands.ts'
import type { ScopedContext } from '../context.ts'
import type { Brand } from './types.ts'

const source = { name: 'brands', from: 'brands t', shape: shapeOf(brands), brandColumn: 't.id' }

export const brandsByIds = (
  ctx: ScopedContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Brand>> => readByIds(ctx, source, ids)

/** All brands of the caller, by code. */
export const allBrands = (ctx: ScopedContext): Promise<Brand[]> =>
  readByKeys(ctx, source, 't.id', [...ctx.actor.brandIds], 't.code')
