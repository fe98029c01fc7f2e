import { Problem } from '../../lib/problem.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { ScopedContext } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

export interface LocatedOperator {
  readonly id: string
  /** Its brand when it has but one: where an event about it belongs. */
  readonly onlyBrandId: string | null
}

/** An operator by login. One that works for a brand outside of the actor's is as unknown as none. */
export async function locateOperator(
  ctx: Pick<ScopedContext, 'actor'>,
  tx: VerbTransaction,
  login: string,
): Promise<LocatedOperator> {
  const rows = await tx.run(
    `/* operators: locate by login */
    select o.id, array(select b.brand_id::text from operator_brands b where b.operator_id = o.id) as brand_ids
    from operators o where o.login = $1`,
    [login],
  )
  const [row] = rows
  const brandIds = row ? readTexts(row['brand_ids']) : []
  if (!row || !brandIds.every((id) => inScope(ctx.actor, id))) {
    throw new Problem('OPERATOR_UNKNOWN', 'there is no such operator', 'login')
  }
  return { id: String(row['id']), onlyBrandId: brandIds.length === 1 ? (brandIds[0] ?? null) : null }
}

/** A lane leaves arrays as PostgreSQL writes them; ids need no quotes. */
export const readTexts = (value: unknown): string[] => String(value).slice(1, -1).split(',').filter(Boolean)
