import { Problem } from '../../lib/problem.ts'
import { isExternalKey } from '../audit/check.ts'
import type { Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { ScopedContext } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'

export interface LocatedOperator {
  readonly id: string
  readonly role: string
  readonly brandIds: readonly string[]
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
    select o.id, o.role, array(select b.brand_id::text from operator_brands b where b.operator_id = o.id) as brand_ids
    from operators o where o.login = $1`,
    [login],
  )
  const [row] = rows
  const brandIds = row ? readTexts(row['brand_ids']) : []
  if (!row || !brandIds.every((id) => inScope(ctx.actor, id))) throw unknown()
  const onlyBrandId = brandIds.length === 1 ? (brandIds[0] ?? null) : null
  return { id: String(row['id']), role: String(row['role']), brandIds, onlyBrandId }
}

/** The place of a verb about an operator, by the same rule. */
export async function placeOfOperator(ctx: ScopedContext, login: string): Promise<Place> {
  const rows = isExternalKey(login)
    ? await ctx.sql<{ id: string; brand_id: string }[]>`
        /* operators: locate with brands by login */
        select o.id, b.brand_id from operators o join operator_brands b on b.operator_id = o.id
        where o.login = ${login} order by b.brand_id`
    : []
  const [first] = rows
  if (!first || !rows.every((row) => inScope(ctx.actor, row.brand_id))) throw unknown()
  return { brandId: first.brand_id, playerIds: [], subjectType: 'Operator', subjectId: first.id }
}

const unknown = () => new Problem('OPERATOR_UNKNOWN', 'there is no such operator', 'login')

/** A lane leaves arrays as PostgreSQL writes them; ids need no quotes. */
export const readTexts = (value: unknown): string[] => String(value).slice(1, -1).split(',').filter(Boolean)
