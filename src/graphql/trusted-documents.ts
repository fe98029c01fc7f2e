// Documents that are asked for by their hash, and callers who may run no others: settled before anything is parsed,
// over HTTP and over sockets alike.
import { createHash } from 'node:crypto'
import type { DocumentDirectory } from '../domain/operators/document-directory.ts'
import type { Role } from '../domain/operators/permissions.ts'
import type { Viewer } from '../domain/operators/viewer.ts'
import { refused } from './errors.ts'

/** What a caller sends, of whatever shape. */
export interface DocumentRequest {
  readonly query?: unknown
  /** `sha256:` and the hash in hexadecimal. */
  readonly documentId?: unknown
  /** Apollo's way: `{persistedQuery: {sha256Hash}}`. */
  readonly extensions?: unknown
}

export interface TrustedDocuments {
  /** The text to run, or what was given when that is none. Throws what the caller is to be told. */
  textOf(request: DocumentRequest, viewer: Viewer): Promise<unknown>
}

/** `only` are the roles that may run nothing else. */
export function openTrustedDocuments(
  directory: DocumentDirectory,
  only: ReadonlySet<Role>,
): TrustedDocuments {
  return {
    async textOf(request, viewer) {
      const { query, documentId } = request
      const isGiven = query !== undefined && query !== null && query !== ''
      const id = documentId ?? (isGiven ? undefined : apolloId(request.extensions))
      if (id === undefined) {
        if (!isGiven) throw bad('the request has neither a query nor a documentId')
        if (typeof query !== 'string' || !only.has(viewer.role)) return query
        const hash = createHash('sha256').update(query).digest('hex')
        if ((await directory.find(hash)) === undefined) throw unregistered(viewer.role)
        return query
      }
      if (isGiven) throw bad('documentId and query exclude each other')
      if (typeof id !== 'string') throw bad('documentId is a string such as "sha256:…"')
      const [, hash] = /^sha256:([0-9a-f]{64})$/.exec(id) ?? []
      const text = hash === undefined ? undefined : await directory.find(hash)
      if (text === undefined) throw unknown(id)
      return text
    },
  }
}

function apolloId(extensions: unknown): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null }
  const hash = persistedQuery?.sha256Hash
  return typeof hash === 'string' ? `sha256:${hash}` : undefined
}

const bad = (message: string) => refused('BAD_REQUEST', message, { http: { status: 400 } })

const unknown = (id: string) =>
  refused('DOCUMENT_NOT_REGISTERED', `there is no document ${JSON.stringify(id.slice(0, 80))}`, {
    http: { status: 404 },
  })

const unregistered = (role: Role) =>
  refused('DOCUMENT_NOT_REGISTERED', `the role ${role} runs registered documents only`, {
    role,
    http: { status: 403 },
  })
