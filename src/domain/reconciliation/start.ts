import { build } from '../../db/build.ts'
import { reconciliations } from '../../db/tables/reconciliation.ts'
import type { Actor } from '../context.ts'
import type { VerbTransaction } from '../journal/verb-lane.ts'
import type { Reconciliation } from './types.ts'

type NewReconciliation = Pick<
  Reconciliation,
  'id' | 'brandId' | 'providerAccountId' | 'format' | 'fromAt' | 'toAt' | 'marginMs'
> & { readonly actor: Actor; readonly at: Date }

/** The row of a comparison that has read nothing yet. */
export async function insertReconciliation(
  tx: VerbTransaction,
  { actor, at, ...row }: NewReconciliation,
): Promise<void> {
  const nothing = { linesRead: 0n, booksRead: 0n, matched: 0n, counts: {} }
  await tx.query(
    build.insert(reconciliations).values({
      ...row,
      ...nothing,
      status: 'READING',
      actorKind: actor.kind,
      actorId: actor.id,
      startedAt: at,
      readAt: at,
    }),
  )
}
