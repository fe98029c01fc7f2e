import { Problem } from '../../lib/problem.ts'
import type { Context } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { Forbidden } from './forbidden.ts'
import { mayDo } from './mutation.ts'
import { recordEntry } from './record-entry.ts'
import type { NewAuditEntry } from './types.ts'

export interface Administration<T> {
  /** The command line's verb. */
  readonly action: string
  readonly permission: string
  /** May be run again from the start, so it keeps nothing outside. A Problem refuses and rolls back. */
  work(
    tx: VerbTransaction,
    at: Date,
  ): Promise<{ result: T; audit: Omit<NewAuditEntry, 'action' | 'outcome'> }>
}

/** Runs a verb of administration: without an idempotency key, but with its one audit entry, refused or not. */
export async function administer<T>(ctx: Context, verb: Administration<T>): Promise<T> {
  const at = ctx.clock.now()
  const cause = { actor: ctx.actor, requestId: ctx.requestId, at }
  try {
    if (!mayDo(ctx.actor, verb.permission)) throw new Forbidden(verb.action, verb.permission)
    return await ctx.verbs.transact(ctx, [], async (tx) => {
      const { result, audit } = await verb.work(tx, at)
      await recordEntry(tx, cause, { ...audit, action: verb.action, outcome: 'ALLOWED' })
      return result
    })
  } catch (error) {
    if (error instanceof Problem && error.code !== 'UNAVAILABLE') {
      await recordRefusal(ctx, verb.action, error.code)
    }
    throw error
  }
}

/** The audit entry of an action that was refused before it knew what it would have touched. */
export async function recordRefusal(ctx: Context, action: string, code: string): Promise<void> {
  const cause = { actor: ctx.actor, requestId: ctx.requestId, at: ctx.clock.now() }
  const [onlyBrandId] = ctx.actor.brandIds
  const brandId = ctx.actor.brandIds.size === 1 ? (onlyBrandId ?? null) : null
  await ctx.verbs.transact(ctx, [], (tx) =>
    recordEntry(tx, cause, { action, outcome: 'REFUSED', code, brandId }),
  )
}
