import { Parameters, readValues } from '../../db/rows.ts'
import { profileKeys } from '../../db/tables/players.ts'
import { type Found, lastOf, type SearchContext, type Wish } from './types.ts'

export async function findByExternalId(ctx: SearchContext, wish: Wish): Promise<Found[]> {
  const parameters = new Parameters()
  const brands = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const low = parameters.add('text', wish.text)
  const high = parameters.add('text', lastOf(wish.text, wish.beginnings))
  const text = `/* search: by external id */
select r.id, 'EXTERNAL_ID', r.external_id, r.external_id = ${low} from unnest(${brands}) b(id) cross join lateral (
  select t.id, t.external_id from players t
  where t.brand_id = b.id and t.external_id >= ${low} and t.external_id <= ${high}
  order by t.external_id limit ${parameters.add('int4', wish.limit)}
) r order by r.external_id, r.id`
  return players(await readValues(ctx.sql, text, parameters.values))
}

/** The columns by which profiles are searched, and what is shown of each. */
const arms = [
  ['NAME', profileKeys.NAME, 'name'],
  ['NAME', profileKeys.LAST_NAME, 'name'],
  ['EMAIL', profileKeys.EMAIL, 'email'],
] as const

/** By name and address, each along an index of its own. */
export async function findByProfile(ctx: SearchContext, wish: Wish): Promise<Found[]> {
  const parameters = new Parameters()
  const brands = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const typed = wish.text.replaceAll(/\s+/gu, ' ')
  const low = `lower(${parameters.add('text', typed)})`
  const high = `lower(${parameters.add('text', lastOf(typed, wish.beginnings))})`
  const limit = parameters.add('int4', wish.limit)
  const parts = arms.map(
    ([field, key, shown]) => `(
  select player_id, '${field}' as field, ${shown} as value, ${key} = ${low} as exact from player_profiles
  where brand_id = b.id and ${key} >= ${low} and ${key} <= ${high} order by ${key} limit ${limit}
)`,
  )
  const text = `/* search: by name or address */
select r.player_id, r.field, r.value, r.exact from unnest(${brands}) b(id) cross join lateral (
${parts.join(' union all ')}
) r order by r.exact desc, r.value, r.player_id`
  return players(await readValues(ctx.sql, text, parameters.values))
}

const players = (rows: readonly (readonly unknown[])[]): Found[] =>
  (rows as unknown as [string, Found['matched'], string, boolean][]).map(([id, matched, value, exact]) => ({
    type: 'Player',
    id,
    matched,
    value,
    exact,
  }))
