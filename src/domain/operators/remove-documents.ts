import { arrayLiteral } from '../../db/arrays.ts'
import { Problem } from '../../lib/problem.ts'
import { administer } from '../audit/administer.ts'
import type { Context } from '../context.ts'

/** Forgets documents by their hashes: within a second no process runs them any more. All or none. */
export function removeDocuments(ctx: Context, hashes: readonly string[]): Promise<void> {
  return administer(ctx, {
    action: 'removeDocuments',
    permission: 'OPERATORS_MANAGE',
    async work(tx) {
      const removed = await tx.run(
        `/* operators: remove documents */
        delete from trusted_documents where hash = any($1::text[]) returning hash, name`,
        [arrayLiteral(hashes)],
      )
      const gone = new Set(removed.map(({ hash }) => String(hash)))
      const unknown = hashes.find((hash) => !gone.has(hash))
      if (unknown !== undefined)
        throw new Problem('DOCUMENT_UNKNOWN', `there is no document sha256:${unknown}`)
      return { result: undefined, audit: { before: { documents: removed.map(({ name }) => String(name)) } } }
    },
  })
}
