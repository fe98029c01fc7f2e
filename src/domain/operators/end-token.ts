// What ending a token means, whoever asks for it.
import { Problem } from '../../lib/problem.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { readTexts } from './locate-operator.ts'

export interface EndedToken {
  /** The operator's brand when it has but one: where the event belongs. */
  readonly onlyBrandId: string | null
  readonly before: Record<string, unknown>
  readonly after: Record<string, unknown>
}

/** Ends a token for good, and says so in the journal: the processes forget it, and close its sockets. */
export async function endToken(
  ctx: Context,
  tx: VerbTransaction,
  tokenId: string,
  at: Date,
): Promise<EndedToken> {
  const [row] = await tx.run(
    `/* operators: lock a token */
    select t.operator_id, t.name, t.revoked_at,
      array(select b.brand_id::text from operator_brands b where b.operator_id = t.operator_id) as brand_ids
    from api_tokens t where t.id = $1::uuid for no key update of t`,
    [tokenId],
  )
  const brandIds = row ? readTexts(row['brand_ids']) : []
  if (!row || !brandIds.every((id) => inScope(ctx.actor, id))) throw unknownToken()
  if (row['revoked_at']) throw new Problem('ALREADY_REVOKED', 'the token is revoked already')
  await tx.run(
    `/* operators: revoke a token */ update api_tokens set revoked_at = $2::timestamptz where id = $1::uuid`,
    [tokenId, at],
  )
  const onlyBrandId = brandIds.length === 1 ? (brandIds[0] ?? null) : null
  const facts = { tokenId, operatorId: String(row['operator_id']) }
  tx.append({ type: 'TokenRevoked', brandId: onlyBrandId, occurredAt: at, facts })
  return { onlyBrandId, before: { name: row['name'] }, after: { revokedAt: at.toISOString() } }
}

export const unknownToken = (field?: string) => new Problem('TOKEN_UNKNOWN', 'there is no such token', field)
