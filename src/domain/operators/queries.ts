import { Parameters, readRows, readValues, shapeOf, withComputed } from '../../db/rows.ts'
import { apiTokens, operators } from '../../db/tables/operators.ts'
import type { ReadContext, ScopedContext } from '../context.ts'
import type { Operator, Token } from './types.ts'

const operatorShape = shapeOf(operators)
const tokenShape = withComputed<Omit<Token, 'hint'>, 'hint', string>(
  shapeOf(apiTokens, ['tokenHash']),
  'hint',
  `encode(substr(t.token_hash, 1, 4), 'hex')`,
)

/** Operators are seen by those who share a brand with them. */
const shared = (brandIds: string, operator: string) =>
  `exists (select 1 from operator_brands o where o.operator_id = ${operator} and o.brand_id = any(${brandIds}))`

const scopeOf = (ctx: ScopedContext, parameters: Parameters) =>
  parameters.addArray('uuid', [...ctx.actor.brandIds])

export function allOperators(ctx: ScopedContext): Promise<Operator[]> {
  const parameters = new Parameters()
  const text = `/* operators: all */
select ${operatorShape.columns} from operators t where ${shared(scopeOf(ctx, parameters), 't.id')} order by t.login`
  return readRows(ctx.sql, operatorShape, text, parameters.values)
}

export async function operatorsByIds(ctx: ScopedContext, ids: readonly string[]) {
  const parameters = new Parameters()
  const text = `/* operators: by ids */
select ${operatorShape.columns} from operators t
where t.id = any(${parameters.addArray('uuid', ids)}) and ${shared(scopeOf(ctx, parameters), 't.id')}`
  const rows = await readRows(ctx.sql, operatorShape, text, parameters.values)
  return new Map(rows.map((row) => [row.id, row]))
}

/** The operators of each brand, by login. */
export async function operatorIdsByBrands(ctx: ScopedContext, brandIds: readonly string[]) {
  return pairs(ctx, 'operators of brands', 'brand_id', 'operator_id', 'p.login', brandIds)
}

/** The brands of each operator, of those that the caller may see, by code. */
export async function brandIdsByOperators(ctx: ScopedContext, operatorIds: readonly string[]) {
  return pairs(ctx, 'brands of operators', 'operator_id', 'brand_id', 'b.code', operatorIds)
}

async function pairs(
  ctx: ScopedContext,
  title: string,
  from: string,
  to: string,
  order: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const parameters = new Parameters()
  const text = `/* operators: ${title} */
select o.${from}, o.${to} from operator_brands o join brands b on b.id = o.brand_id
join operators p on p.id = o.operator_id
where o.${from} = any(${parameters.addArray('uuid', keys)}) and o.brand_id = any(${scopeOf(ctx, parameters)})
order by ${order}`
  const rows = await readValues(ctx.sql, text, parameters.values)
  const groups = Map.groupBy(rows, ([key]) => String(key))
  return new Map([...groups].map(([key, group]) => [key, group.map(([, value]) => String(value))]))
}

export async function tokensByOperators(
  ctx: ScopedContext,
  operatorIds: readonly string[],
): Promise<ReadonlyMap<string, Token[]>> {
  const rows = await tokens(ctx, 't.operator_id', operatorIds)
  return Map.groupBy(rows, (row) => row.operatorId)
}

export async function tokensByIds(ctx: ScopedContext, ids: readonly string[]) {
  const rows = await tokens(ctx, 't.id', ids)
  return new Map(rows.map((row) => [row.id, row]))
}

function tokens(ctx: ScopedContext, column: string, keys: readonly string[]): Promise<Token[]> {
  const parameters = new Parameters()
  const text = `/* operators: tokens by ${column} */
select ${tokenShape.columns} from api_tokens t
where ${column} = any(${parameters.addArray('uuid', keys)}) and ${shared(scopeOf(ctx, parameters), 't.operator_id')}
order by t.id desc`
  return readRows(ctx.sql, tokenShape, text, parameters.values)
}

/** The trusted documents without their texts, by name. */
export const allDocuments = (ctx: ReadContext) => ctx.sql<{ hash: string; name: string; added_at: Date }[]>`
  /* operators: trusted documents */
  select d.hash, d.name, d.added_at from trusted_documents d order by d.name, d.hash`
