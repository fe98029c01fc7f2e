// Plain POSTs of one folder, answered without the framework, whose hooks and parsers cost a provider's call as much as
// reading and checking it does. Whatever is not plain goes the framework's way; both ways end alike.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

export interface DirectPost {
  readonly request: IncomingMessage
  /** What the pattern found in the URL. */
  readonly found: readonly (string | undefined)[]
  readonly body: Buffer
  /** performance.now() when its head had come. */
  readonly startedMs: number
}

export interface DirectAnswer {
  readonly status: number
  readonly text: string
  readonly requestId: string
}

export interface DirectOptions {
  /** Of the URLs, without a query. */
  readonly pattern: RegExp
  readonly bodyBytesMax: number
  /** Must not reject. */
  answer(post: DirectPost): Promise<DirectAnswer>
}

/** Puts itself before the framework's listener. */
export function answerDirectly(app: FastifyInstance, options: DirectOptions): void {
  const { server } = app
  const listeners = server.listeners('request') as RequestListener[]
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const found = isPlain(request, options.bodyBytesMax) ? options.pattern.exec(request.url ?? '') : null
    if (!found) {
      for (const listener of listeners) listener.call(server, request, response)
      return
    }
    const startedMs = performance.now()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A body that is cut short was no call; its connection is gone.
    request.on('error', () => undefined)
    request.on('end', () => {
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      void options
        .answer({ request, found, body, startedMs })
        .then((answer) => send(response, answer, closing))
    })
  })
}

/** No browser's, and nothing that HTTP leaves open: the framework knows about those. */
function isPlain({ method, headers }: IncomingMessage, bodyBytesMax: number): boolean {
  if (method !== 'POST' || 'origin' in headers || 'expect' in headers) return false
  const length = Number(headers['content-length'])
  return length > 0 && length <= bodyBytesMax
}

function send(response: ServerResponse, { status, text, requestId }: DirectAnswer, closing: boolean): void {
  response.writeHead(status, {
    'x-request-id': requestId,
    vary: 'Origin',
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
    ...(closing ? { connection: 'close' } : {}),
  })
  response.end(text)
}
