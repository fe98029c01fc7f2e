import { readByIds, readByKeys } from '../../db/by-ids.ts'
import { Parameters, readRows, shapeOf } from '../../db/rows.ts'
import { providerAccounts, providers } from '../../db/tables/providers.ts'
import type { ScopedContext } from '../context.ts'
import type { Permission } from '../operators/permissions.ts'
import type { Provider, ProviderAccount } from './types.ts'

const shape = shapeOf(providers)
const accounts = {
  name: 'providerAccounts',
  from: 'provider_accounts t',
  shape: shapeOf(providerAccounts, ['sharedSecrets']),
  brandColumn: 't.brand_id',
}

/** A provider is seen by the brands that have an account with it, and by those who manage providers. */
export function visibleProvider(ctx: ScopedContext, column: string, parameters: Parameters): string {
  const all = ctx.actor.permissions.has('PROVIDERS_MANAGE' satisfies Permission)
  const brandIds = parameters.addArray('uuid', [...ctx.actor.brandIds])
  return `(${parameters.add('bool', all)} or exists (
  select 1 from provider_accounts a where a.provider_id = ${column} and a.brand_id = any(${brandIds})))`
}

export function allProviders(ctx: ScopedContext): Promise<Provider[]> {
  const parameters = new Parameters()
  const text = `/* providers: all */
select ${shape.columns} from providers t where ${visibleProvider(ctx, 't.id', parameters)} order by t.code`
  return readRows(ctx.sql, shape, text, parameters.values)
}

export async function providersByIds(ctx: ScopedContext, ids: readonly string[]) {
  const parameters = new Parameters()
  const text = `/* providers: by ids */
select ${shape.columns} from providers t
where t.id = any(${parameters.addArray('uuid', ids)}) and ${visibleProvider(ctx, 't.id', parameters)}`
  const rows = await readRows(ctx.sql, shape, text, parameters.values)
  return new Map(rows.map((row) => [row.id, row]))
}

export const providerAccountsByIds = (ctx: ScopedContext, ids: readonly string[]) =>
  readByIds(ctx, accounts, ids)

export const providerAccountsByProviders = (ctx: ScopedContext, providerIds: readonly string[]) =>
  grouped(ctx, 't.provider_id', providerIds, (row) => row.providerId)

export const providerAccountsByBrands = (ctx: ScopedContext, brandIds: readonly string[]) =>
  grouped(ctx, 't.brand_id', brandIds, (row) => row.brandId)

async function grouped(
  ctx: ScopedContext,
  column: string,
  keys: readonly string[],
  key: (row: ProviderAccount) => string,
): Promise<ReadonlyMap<string, ProviderAccount[]>> {
  return Map.groupBy(await readByKeys(ctx, accounts, column, keys, 't.code'), key)
}
