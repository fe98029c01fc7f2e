import { createHash } from 'node:crypto'
import { arrayLiteral } from '../../db/arrays.ts'
import { build } from '../../db/build.ts'
import { trustedDocuments } from '../../db/tables/operators.ts'
import { administer } from '../audit/administer.ts'
import { refuseInput } from '../audit/check.ts'
import type { Context } from '../context.ts'

export interface NewDocument {
  /** The names of its operations. */
  readonly name: string
  readonly text: string
}

export interface LoadedDocuments {
  readonly added: number
  /** Those that were there already. */
  readonly known: number
  /** Those that were not among the new ones, and were to go. */
  readonly removed: number
}

export const documentsMax = 5000

export const documentHash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Registers documents under their hashes; with `replace`, and no others. Loading them again changes nothing. */
export function loadDocuments(
  ctx: Context,
  documents: readonly NewDocument[],
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<LoadedDocuments> {
  return administer(ctx, {
    action: 'loadDocuments',
    permission: 'OPERATORS_MANAGE',
    async work(tx, at) {
      if (documents.length === 0) refuseInput('documents', 'are none')
      if (documents.length > documentsMax) refuseInput('documents', `are more than ${documentsMax}`)
      const byHash = new Map(documents.map((one) => [documentHash(one.text), one]))
      const rows = [...byHash].map(([hash, { name, text }]) => ({ hash, name, text, addedAt: at }))
      const removed = replace
        ? await tx.run(
            `/* operators: remove all documents but these */
            delete from trusted_documents where not (hash = any($1::text[])) returning hash`,
            [arrayLiteral([...byHash.keys()])],
          )
        : []
      const added = await tx.query(
        build
          .insert(trustedDocuments)
          .values(rows)
          .onConflictDoNothing()
          .returning({ hash: trustedDocuments.hash }),
      )
      const result = { added: added.length, known: rows.length - added.length, removed: removed.length }
      return { result, audit: { after: { ...result } } }
    },
  })
}
