import { Problem } from '../../lib/problem.ts'
import { isExternalKey } from '../audit/check.ts'
import type { Actor, Context } from '../context.ts'

/** Whether the actor may see and touch what belongs to this brand. */
export const inScope = (actor: Actor, brandId: string): boolean =>
  actor.kind === 'SYSTEM' || actor.brandIds.has(brandId)

/** The brand's id. A brand that the actor may not see is as unknown as one that does not exist. */
export async function locateBrand(ctx: Context, code: string): Promise<string> {
  const readable = isExternalKey(code)
  const rows = readable
    ? await ctx.sql<{ id: string }[]>`/* brands: locate by code */ select id from brands where code = ${code}`
    : []
  const [row] = rows
  if (row && inScope(ctx.actor, row.id)) return row.id
  throw new Problem('BRAND_UNKNOWN', `there is no ${readable ? `brand ${code}` : 'such brand'}`, 'brandCode')
}
