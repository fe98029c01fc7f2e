import { type Answer, mutate } from '../audit/mutation.ts'
import type { Context } from '../context.ts'
import { placeOfOperator } from './locate-operator.ts'
import { addToken, checkNewToken, type NewToken } from './new-token.ts'
import type { Permission } from './permissions.ts'
import { apiToken } from './token.ts'

export interface IssueTokenInput extends NewToken {
  readonly idempotencyKey: string
}

export interface IssueTokenAnswer extends Answer<{ readonly tokenId: string }> {
  /** The token itself; null when nothing was made, or not by this call. */
  readonly secret: string | null
}

/**
 * By an operator. The first answer alone carries the token: it is stored nowhere, and whoever repeats a call, by
 * mistake or out of a log, gets to know which token was made, never the token.
 */
export async function issueToken(ctx: Context, input: IssueTokenInput): Promise<IssueTokenAnswer> {
  const { login, name, expiresAt, permissions, brandCodes } = input
  const token = apiToken()
  const limits = JSON.stringify([permissions ?? null, brandCodes ?? null])
  const answer = await mutate(ctx, {
    action: 'createToken',
    permission: 'OPERATORS_MANAGE' satisfies Permission,
    idempotencyKey: input.idempotencyKey,
    input: [login, name, expiresAt.toISOString(), limits],
    check: () => checkNewToken(input, ctx.clock.now()),
    locate: () => placeOfOperator(ctx, login),
    async work(tx, _place, at) {
      const { id, after } = await addToken(ctx, tx, { input, token, at })
      return { ids: { tokenId: id }, audit: { subjectType: 'Token', subjectId: id, after } }
    },
  })
  return { ...answer, secret: answer.ids && !answer.replayed ? token : null }
}
