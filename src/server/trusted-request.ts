import type { FastifyRequest } from 'fastify'
import type { Viewer } from '../domain/operators/viewer.ts'
import type { TrustedDocuments } from '../graphql/trusted-documents.ts'

/**
 * A request for a trusted document becomes the request for its text, by POST and by GET. What else is wrong with a
 * request is left as it is, for whoever reads it next. Throws what the caller is to be told.
 */
export async function trustRequest(
  request: FastifyRequest,
  viewer: Viewer,
  documents: TrustedDocuments,
): Promise<void> {
  if (request.method === 'GET') return trustAddress(request, viewer, documents)
  const { body } = request
  if (!isRecord(body)) return
  const { documentId: _, extensions, ...rest } = body
  const query = await documents.textOf(body, viewer)
  const others = isApollos(extensions) || extensions === undefined ? rest : { ...rest, extensions }
  request.body = query === undefined ? others : { ...others, query }
}

async function trustAddress(
  { raw }: FastifyRequest,
  viewer: Viewer,
  documents: TrustedDocuments,
): Promise<void> {
  const [path = '', ...search] = (raw.url ?? '').split('?')
  const parameters = new URLSearchParams(search.join('?'))
  const extensions = json(parameters.get('extensions'))
  const [query, documentId] = [
    parameters.get('query') ?? undefined,
    parameters.get('documentId') ?? undefined,
  ]
  const text = await documents.textOf({ query, documentId, extensions }, viewer)
  if (typeof text !== 'string' || (text === query && !isApollos(extensions))) return
  parameters.delete('documentId')
  if (isApollos(extensions)) parameters.delete('extensions')
  if (text !== query) parameters.set('query', text)
  raw.url = `${path}?${parameters.toString()}`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Apollo's server would refuse them, also when there is a query. */
const isApollos = (extensions: unknown): boolean => isRecord(extensions) && 'persistedQuery' in extensions

function json(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
