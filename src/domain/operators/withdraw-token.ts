import { isUuid } from '../../lib/uuid.ts'
import { checkReason } from '../audit/check.ts'
import { type Answer, mutate, type Place } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import { endToken, unknownToken } from './end-token.ts'
import type { Permission } from './permissions.ts'

export interface WithdrawTokenInput {
  readonly idempotencyKey: string
  readonly tokenId: string
  readonly reason: string
}

/** By an operator: revokes a token, the own one too. */
export function withdrawToken(
  ctx: Context,
  { idempotencyKey, tokenId, reason }: WithdrawTokenInput,
): Promise<Answer<{ readonly tokenId: string }>> {
  return mutate(ctx, {
    action: 'revokeToken',
    permission: 'OPERATORS_MANAGE' satisfies Permission,
    idempotencyKey,
    input: [tokenId, reason],
    reason,
    check: () => checkReason(reason),
    locate: () => locateToken(ctx, tokenId),
    async work(tx, _place, at) {
      const { before, after } = await endToken(ctx, tx, tokenId, at)
      return { ids: { tokenId }, audit: { before, after } }
    },
  })
}

/** One of an operator that also works for brands outside of the actor's is as unknown as none. */
async function locateToken(ctx: Context, tokenId: string): Promise<Place> {
  const rows = isUuid(tokenId)
    ? await ctx.sql<{ brand_id: string }[]>`
        /* operators: locate a token with its operator's brands */
        select b.brand_id from api_tokens t join operator_brands b on b.operator_id = t.operator_id
        where t.id = ${tokenId} order by b.brand_id`
    : []
  const [first] = rows
  if (!first || !rows.every((row) => inScope(ctx.actor, row.brand_id))) throw unknownToken('tokenId')
  return { brandId: first.brand_id, playerIds: [], subjectType: 'Token', subjectId: tokenId }
}
