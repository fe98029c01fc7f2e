import { build } from '../../db/build.ts'
import { mutationKeys } from '../../db/tables/audit.ts'
import { Problem } from '../../lib/problem.ts'
import type { ReadContext } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import { VersionChanged } from './version-changed.ts'

/** Stands for a brand or an actor that there is none of: a refusal before the brand is known, the system. */
export const nobody = '00000000-0000-0000-0000-000000000000'

/** What makes two calls the same call, and what tells them apart when they are not. */
export interface MutationKey {
  readonly actorId: string
  readonly mutation: string
  readonly key: string
  readonly inputHash: Buffer
}

/** A refusal as it is kept and shown: a user error. */
export interface UserError {
  readonly code: string
  readonly message: string
  readonly field?: string
  /** Of VERSION_CHANGED: a number, as text since it is kept as JSON. */
  readonly currentVersion?: string
}

export const userErrorOf = (problem: Problem): UserError => ({
  code: problem.code,
  message: problem.message,
  ...(problem.field && { field: problem.field }),
  ...(problem instanceof VersionChanged && { currentVersion: problem.currentVersion.toString() }),
})

/** The first answer: ids of what it touched, or why it was refused. */
export type StoredResult = {
  readonly auditEntryId: string
  readonly ids?: Readonly<Record<string, string>>
  readonly userError?: UserError
}

/** Thrown to roll back work whose key another call has taken meanwhile; that call's answer counts. */
export class KeyTaken extends Error {}

// With the two key kinds of cash ("withdrawal:" and a UUID before it) a key still fits a transaction's 128 bytes.
const keyPattern = /^[\x21-\x7e]{1,80}$/

export function checkKey(key: string): void {
  if (keyPattern.test(key)) return
  const message = 'an idempotency key is 1 to 80 printable ASCII characters without spaces'
  throw new Problem('INPUT_INVALID', message, 'idempotencyKey')
}

/** The answer that a call with this key got before, in one of these brands. */
export async function findAnswer(
  ctx: ReadContext,
  key: MutationKey,
  brandIds: readonly [string, string],
): Promise<{ sameInput: boolean; result: StoredResult } | undefined> {
  const rows = await ctx.sql<{ input_hash: Buffer; result: StoredResult }[]>`
    /* audit: find the first answer to a key */
    select input_hash, result from mutation_keys
    where brand_id in (${brandIds[0]}, ${brandIds[1]}) and actor_id = ${key.actorId}
      and mutation = ${key.mutation} and key = ${key.key}
    order by created_at limit 1`
  const [row] = rows
  return row && { sameInput: row.input_hash.equals(key.inputHash), result: row.result }
}

/** Keeps the answer in the transaction of its effect. */
export async function keepAnswer(
  tx: VerbTransaction,
  key: MutationKey,
  brandId: string,
  result: StoredResult,
  at: Date,
): Promise<void> {
  const rows = await tx.query(
    build
      .insert(mutationKeys)
      .values({ ...key, brandId, result, createdAt: at })
      .onConflictDoNothing()
      .returning({ key: mutationKeys.key }),
  )
  if (rows.length === 0) throw new KeyTaken()
}
