import { administer } from '../audit/administer.ts'
import type { Context } from '../context.ts'
import { endToken } from './end-token.ts'

/** On the command line. Ends a token for good: within a second no process takes it any more, and its sockets close. */
export function revokeToken(ctx: Context, tokenId: string): Promise<void> {
  return administer(ctx, {
    action: 'revokeToken',
    permission: 'OPERATORS_MANAGE',
    async work(tx, at) {
      const { onlyBrandId, before, after } = await endToken(ctx, tx, tokenId, at)
      const audit = { brandId: onlyBrandId, subjectType: 'Token', subjectId: tokenId, before, after }
      return { result: undefined, audit }
    },
  })
}
