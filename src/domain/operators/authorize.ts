import { Problem } from '../../lib/problem.ts'
import { mayDo } from '../audit/mutation.ts'
import { inScope } from '../brands/locate-brand.ts'
import type { ScopedContext } from '../context.ts'
import type { Permission } from './permissions.ts'

/** Refuses with FORBIDDEN unless the actor holds the permission, in this brand when one is named. */
export function authorize(ctx: Pick<ScopedContext, 'actor'>, permission: Permission, brandId?: string): void {
  if (!mayDo(ctx.actor, permission)) throw new Problem('FORBIDDEN', `this needs the permission ${permission}`)
  if (brandId !== undefined && !inScope(ctx.actor, brandId)) {
    throw new Problem('FORBIDDEN', 'this is outside of your brands')
  }
}
