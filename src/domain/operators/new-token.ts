// What making a token means, whoever asks for it: the rules, and the row.
import { build } from '../../db/build.ts'
import { apiTokens } from '../../db/tables/operators.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { checkText, refuseInput } from '../audit/check.ts'
import { mayDo } from '../audit/mutation.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { type LocatedOperator, locateOperator } from './locate-operator.ts'
import { type Permission, permissions as allPermissions, rolePermissions, roles } from './permissions.ts'
import { apiTokenHash } from './token.ts'

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
}

export const tokenLifetimeMaxMs = 400 * 86_400_000

/** Refuses what can be no token, whoever's. */
export function checkNewToken({ name, expiresAt, permissions, brandCodes }: NewToken, now: Date): void {
  checkText('name', name, 200)
  if (expiresAt <= now) refuseInput('expiresAt', 'is not in the future')
  if (expiresAt.getTime() - now.getTime() > tokenLifetimeMaxMs) refuseInput('expiresAt', 'is beyond 400 days')
  const unknown = permissions?.filter((one) => !allPermissions.includes(one)) ?? []
  if (unknown.length > 0) refuseInput('permissions', `has unknown ones: ${unknown.join(', ')}`)
  if (permissions?.length === 0) refuseInput('permissions', 'is empty')
  if (brandCodes?.length === 0) refuseInput('brandCodes', 'is empty')
}

export interface AddedToken {
  readonly id: string
  readonly operator: LocatedOperator
  /** What stands in the audit entry. */
  readonly after: Record<string, unknown>
}

/** Adds the token's row. Nobody gives what the operator's role, or they themselves, do not have. */
export async function addToken(
  ctx: Context,
  tx: VerbTransaction,
  { input, token, at }: { readonly input: NewToken; readonly token: string; readonly at: Date },
): Promise<AddedToken> {
  const { login, name, expiresAt } = input
  const operator = await locateOperator(ctx, tx, login)
  checkPermissions(ctx, operator, input.permissions)
  const limits = {
    permissions: input.permissions ? [...new Set(input.permissions)] : null,
    brandIds: input.brandCodes ? await brandsOf(ctx, operator, input.brandCodes) : null,
  }
  const id = uuidv7(at)
  const row = { id, operatorId: operator.id, name, tokenHash: apiTokenHash(token), ...limits }
  const made = await tx.query(
    build
      .insert(apiTokens)
      .values({ ...row, createdAt: at, expiresAt })
      .onConflictDoNothing()
      .returning({ id: apiTokens.id }),
  )
  if (made.length === 0) throw new Problem('TOKEN_TAKEN', 'there is this very token already')
  return { id, operator, after: { login, name, expiresAt: expiresAt.toISOString(), ...limits } }
}

function checkPermissions(
  { actor }: Context,
  operator: LocatedOperator,
  wanted: readonly Permission[] | undefined,
): void {
  const role = roles.find((one) => one === operator.role)
  const held = role ? rolePermissions[role] : []
  const beyond = wanted?.filter((one) => !held.includes(one)) ?? []
  refuseLacking(`permissions has what the role ${operator.role} does not have`, beyond)
  const own = (wanted ?? held).filter((one) => !mayDo(actor, one))
  refuseLacking('nobody gives a token what they do not have themselves', own)
}

function refuseLacking(why: string, lacking: readonly Permission[]): void {
  if (lacking.length === 0) return
  throw new Problem('PERMISSION_NOT_HELD', `${why}: ${lacking.join(', ')}`, 'permissions')
}

async function brandsOf(
  ctx: Context,
  { brandIds }: LocatedOperator,
  codes: readonly string[],
): Promise<string[]> {
  const ids = new Set<string>()
  for (const code of codes) {
    const id = await ownBrand(ctx, code)
    if (!id || !brandIds.includes(id)) {
      throw new Problem('BRAND_UNKNOWN', `the operator works for no brand ${code}`, 'brandCodes')
    }
    ids.add(id)
  }
  return [...ids]
}

async function ownBrand(ctx: Context, code: string): Promise<string | undefined> {
  try {
    return await locateBrand(ctx, code)
  } catch (error) {
    if (error instanceof Problem && error.code === 'BRAND_UNKNOWN') return undefined
    throw error
  }
}
