import { build } from '../../db/build.ts'
import { apiTokens } from '../../db/tables/operators.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { checkText, refuseInput } from '../audit/check.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import { locateOperator } from './locate-operator.ts'
import { type Permission, permissions as allPermissions } from './permissions.ts'
import { apiToken, apiTokenHash } from './token.ts'

export interface NewToken {
  /** The login of the operator it is for. */
  readonly login: string
  /** What it is for. */
  readonly name: string
  readonly expiresAt: Date
  /** Fewer permissions than the role's; all of them when absent. */
  readonly permissions?: readonly Permission[]
  /** Fewer brands than the operator's, by code; all of them when absent. */
  readonly brandCodes?: readonly string[]
  /** The 24 bytes it is made of; random when absent. */
  readonly bytes?: Buffer
}

export const tokenLifetimeMaxMs = 400 * 86_400_000

/** Makes a token and shows it for the only time: what is stored is its hash. */
export function createToken(ctx: Context, input: NewToken): Promise<{ id: string; token: string }> {
  const token = apiToken(input.bytes)
  return administer(ctx, {
    action: 'createToken',
    permission: 'OPERATORS_MANAGE',
    async work(tx, at) {
      checkText('name', input.name, 200)
      checkLifetime(input.expiresAt, at)
      const unknown = input.permissions?.filter((one) => !allPermissions.includes(one)) ?? []
      if (unknown.length > 0) refuseInput('permissions', `has unknown ones: ${unknown.join(', ')}`)
      const operator = await locateOperator(ctx, tx, input.login)
      const brandIds = input.brandCodes
        ? await Promise.all(input.brandCodes.map((code) => locateBrand(ctx, code)))
        : null
      const id = uuidv7(at)
      const { name, expiresAt } = input
      const limits = { permissions: input.permissions ? [...input.permissions] : null, brandIds }
      const row = { id, operatorId: operator.id, name, tokenHash: apiTokenHash(token), ...limits }
      const made = await tx.query(
        build
          .insert(apiTokens)
          .values({ ...row, createdAt: at, expiresAt })
          .onConflictDoNothing()
          .returning({ id: apiTokens.id }),
      )
      if (made.length === 0) throw new Problem('TOKEN_TAKEN', 'there is this very token already')
      const after = { login: input.login, name, expiresAt: expiresAt.toISOString(), ...limits }
      const audit = { brandId: operator.onlyBrandId, subjectType: 'Token', subjectId: id, after }
      return { result: { id, token }, audit }
    },
  })
}

function checkLifetime(expiresAt: Date, now: Date): void {
  if (expiresAt <= now) refuseInput('expiresAt', 'is not in the future')
  if (expiresAt.getTime() - now.getTime() > tokenLifetimeMaxMs) refuseInput('expiresAt', 'is beyond 400 days')
}
