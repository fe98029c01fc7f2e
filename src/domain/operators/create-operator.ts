import { build } from '../../db/build.ts'
import { operatorBrands, operators } from '../../db/tables/operators.ts'
import { Problem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { administer } from '../audit/administer.ts'
import { checkExternalKey, checkText } from '../audit/check.ts'
import { locateBrand } from '../brands/locate-brand.ts'
import type { Context } from '../context.ts'
import type { Role } from './permissions.ts'

export interface NewOperator {
  readonly kind: 'STAFF' | 'SCRIPT'
  readonly name: string
  readonly login: string
  readonly role: Role
  /** Codes of the brands it works for. */
  readonly brandCodes: readonly string[]
}

/** Adds an operator and returns its id; LOGIN_TAKEN when there is one of that login. */
export function createOperator(ctx: Context, input: NewOperator): Promise<string> {
  return administer(ctx, {
    action: 'createOperator',
    permission: 'OPERATORS_MANAGE',
    async work(tx, at) {
      checkText('name', input.name, 200)
      checkExternalKey('login', input.login)
      const brandIds = await Promise.all(input.brandCodes.map((code) => locateBrand(ctx, code)))
      const id = uuidv7(at)
      const { kind, name, login, role } = input
      const row = { id, kind, name, login, role, status: 'ACTIVE' as const, createdAt: at }
      const added = await tx.query(
        build.insert(operators).values(row).onConflictDoNothing().returning({ id: operators.id }),
      )
      if (added.length === 0)
        throw new Problem('LOGIN_TAKEN', `there is an operator ${login} already`, 'login')
      if (brandIds.length > 0) {
        const links = [...new Set(brandIds)].map((brandId) => ({ operatorId: id, brandId }))
        await tx.query(build.insert(operatorBrands).values(links))
      }
      const after = { kind, name, login, role, brands: input.brandCodes }
      const brandId = brandIds.length === 1 ? (brandIds[0] ?? null) : null
      return { result: id, audit: { brandId, subjectType: 'Operator', subjectId: id, after } }
    },
  })
}
