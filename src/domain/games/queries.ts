import { type ChoiceFilter, type Condition, choice, type TextFilter, text } from '../../db/conditions.ts'
import { keepRows } from '../../db/kept-rows.ts'
import { readLinkRows } from '../../db/link-reads.ts'
import { Parameters, readRows, shapeOf, withComputed } from '../../db/rows.ts'
import { games } from '../../db/tables/games.ts'
import type { ScopedContext } from '../context.ts'
import { brandsOfProvider, seesProvider, visibleProvider } from '../providers/queries.ts'
import type { Game } from './types.ts'

const shape = shapeOf(games)

export interface GameFilter {
  readonly id?: ChoiceFilter | null
  readonly provider?: ChoiceFilter | null
  readonly code?: TextFilter | null
  readonly category?: ChoiceFilter | null
  readonly status?: ChoiceFilter | null
}

const conditions: { readonly [Field in keyof GameFilter]-?: Condition<TextFilter> } = {
  id: choice('t.id', 'uuid'),
  provider: choice('t.provider_id', 'uuid'),
  code: text('t.code'),
  category: choice('t.category'),
  status: choice('t.status'),
}

/** The games of the providers that the caller may see, by provider and code. */
export function allGames(ctx: ScopedContext, filter: GameFilter = {}): Promise<Game[]> {
  return read(ctx, (parameters) =>
    Object.entries(conditions).flatMap(([field, make]) => {
      const value = filter[field as keyof GameFilter]
      return value ? make(value, parameters) : []
    }),
  )
}

const withBrands = withComputed<Game, 'brandIds', string[]>(
  shape,
  'brandIds',
  brandsOfProvider('t.provider_id'),
)

export const keptGames = keepRows(async (sql, ids) => {
  const parameters = new Parameters()
  const text = `/* games: by ids */
select ${withBrands.columns} from games t where t.id = any(${parameters.addArray('uuid', ids)})`
  const rows = await readLinkRows(sql, withBrands, text, parameters.values)
  return new Map(rows.map((row) => [row.id, row]))
})

export async function gamesByIds(
  ctx: ScopedContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Game>> {
  const rows = await keptGames.byIds(ctx.sql, ids)
  return new Map([...rows].filter(([, { brandIds }]) => seesProvider(ctx, brandIds)))
}

export async function gamesByProviders(
  ctx: ScopedContext,
  providerIds: readonly string[],
): Promise<ReadonlyMap<string, Game[]>> {
  const rows = await read(ctx, (parameters) => [
    `t.provider_id = any(${parameters.addArray('uuid', providerIds)})`,
  ])
  return Map.groupBy(rows, (row) => row.providerId)
}

function read(ctx: ScopedContext, conditions: (parameters: Parameters) => string[]): Promise<Game[]> {
  const parameters = new Parameters()
  const where = [...conditions(parameters), visibleProvider(ctx, 't.provider_id', parameters)]
  const text = `/* games */
select ${shape.columns} from games t join providers p on p.id = t.provider_id
where ${where.join(' and ')} order by p.code, t.code`
  return readRows(ctx.sql, shape, text, parameters.values)
}
