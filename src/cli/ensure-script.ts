import type { Context } from '../domain/context.ts'
import { createOperator } from '../domain/operators/create-operator.ts'
import type { Role } from '../domain/operators/permissions.ts'
import { allOperators } from '../domain/operators/queries.ts'

/** The script operator of a role in these brands; added when there is none. Returns its login. */
export async function ensureScript(ctx: Context, role: Role, brandCodes: readonly string[]): Promise<string> {
  const brands = [...new Set(brandCodes)].sort()
  const login = `script-${role.toLowerCase().replace('_', '-')}-${brands.join('-')}`
  const known = await allOperators(ctx)
  if (!known.some((one) => one.login === login)) {
    const name = `Script ${role} of ${brands.join(', ')}`
    await createOperator(ctx, { kind: 'SCRIPT', name, login, role, brandCodes: brands })
  }
  return login
}
