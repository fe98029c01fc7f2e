import { Problem } from '../../lib/problem.ts'
import { administer } from '../audit/administer.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import { readTexts } from './locate-operator.ts'

/** Ends a token for good: within a second no process takes it any more, and its sockets are closed. */
export function revokeToken(ctx: Context, tokenId: string): Promise<void> {
  return administer(ctx, {
    action: 'revokeToken',
    permission: 'OPERATORS_MANAGE',
    async work(tx, at) {
      const [row] = await tx.run(
        `/* operators: lock a token */
        select t.operator_id, t.name, t.revoked_at,
          array(select b.brand_id::text from operator_brands b where b.operator_id = t.operator_id) as brand_ids
        from api_tokens t where t.id = $1::uuid for no key update of t`,
        [tokenId],
      )
      const brandIds = row ? readTexts(row['brand_ids']) : []
      if (!row || !brandIds.every((id) => inScope(ctx.actor, id))) {
        throw new Problem('TOKEN_UNKNOWN', 'there is no such token')
      }
      if (row['revoked_at']) throw new Problem('ALREADY_REVOKED', 'the token is revoked already')
      await tx.run(
        `/* operators: revoke a token */ update api_tokens set revoked_at = $2::timestamptz where id = $1::uuid`,
        [tokenId, at],
      )
      const brandId = brandIds.length === 1 ? (brandIds[0] ?? null) : null
      const facts = { tokenId, operatorId: String(row['operator_id']) }
      tx.append({ type: 'TokenRevoked', brandId, occurredAt: at, facts })
      const audit = { brandId, subjectType: 'Token', subjectId: tokenId, before: { name: row['name'] } }
      return { result: undefined, audit: { ...audit, after: { revokedAt: at.toISOString() } } }
    },
  })
}
