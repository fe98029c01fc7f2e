import { readByIds, readByKeys } from '../../db/by-ids.ts'
import { keepRows } from '../../db/kept-rows.ts'
import { readLinkRows } from '../../db/link-reads.ts'
import { Parameters, readRows, shapeOf, withComputed } from '../../db/rows.ts'
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

/** The brands that have an account with a provider, as a column beside its other ones. */
export const brandsOfProvider = (column: string) =>
  `array(select a.brand_id::text from provider_accounts a where a.provider_id = ${column})`

export const seesProvider = ({ actor }: ScopedContext, brandIds: readonly string[]): boolean =>
  actor.permissions.has('PROVIDERS_MANAGE' satisfies Permission) ||
  brandIds.some((brandId) => actor.brandIds.has(brandId))

const withBrands = withComputed<Provider, 'brandIds', string[]>(shape, 'brandIds', brandsOfProvider('t.id'))

export const keptProviders = keepRows(async (sql, ids) => {
  const parameters = new Parameters()
  const text = `/* providers: by ids */
select ${withBrands.columns} from providers t where t.id = any(${parameters.addArray('uuid', ids)})`
  const rows = await readLinkRows(sql, withBrands, text, parameters.values)
  return new Map(rows.map((row) => [row.id, row]))
})

export async function providersByIds(
  ctx: ScopedContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Provider>> {
  const rows = await keptProviders.byIds(ctx.sql, ids)
  return new Map([...rows].filter(([, { brandIds }]) => seesProvider(ctx, brandIds)))
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
