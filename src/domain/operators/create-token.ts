import { administer } from '../audit/administer.ts'
import type { Context } from '../context.ts'
import { addToken, checkNewToken, type NewToken } from './new-token.ts'
import { apiToken } from './token.ts'

/** On the command line. Makes a token and shows it for the only time: what is stored is its hash. */
export function createToken(
  ctx: Context,
  input: NewToken & {
    /** The 24 bytes it is made of; random when absent. */
    readonly bytes?: Buffer
  },
): Promise<{ id: string; token: string }> {
  const token = apiToken(input.bytes)
  return administer(ctx, {
    action: 'createToken',
    permission: 'OPERATORS_MANAGE',
    async work(tx, at) {
      checkNewToken(input, at)
      const { id, operator, after } = await addToken(ctx, tx, { input, token, at })
      const audit = { brandId: operator.onlyBrandId, subjectType: 'Token', subjectId: id, after }
      return { result: { id, token }, audit }
    },
  })
}
