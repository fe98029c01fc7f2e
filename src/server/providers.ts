import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReadContext } from '../domain/context.ts'
import type { Submit } from '../domain/money/types.ts'
import { openAccountDirectory } from '../domain/providers/find-account.ts'
import { openCallRecorder } from '../domain/providers/record-calls.ts'
import { openSessionDirectory } from '../domain/sessions/session-terms.ts'
import { type ReceiveDeps, receiveCall } from '../integrations/receive-call.ts'
import { dialects } from '../integrations/registry.ts'
import { openSignatureLimit } from '../integrations/signature-limit.ts'
import { uuidv7 } from '../lib/uuid.ts'
import { answerDirectly, type DirectAnswer, type DirectPost } from './direct-posts.ts'
import type { Metrics } from './metrics.ts'
import { answerNoter } from './note-answers.ts'
import { requestIdOf } from './request-id.ts'

/** A wallet call is about 1 KiB; more than this is not one. */
const bodyBytesMax = 64 * 1024

const route = '/providers/:account/*'
/** Those of its URLs that need no decoding, without a query. */
const plainUrl = /^\/providers\/([\w-]{1,200})(\/[\w/-]*)$/

export interface ProviderRouteDeps {
  readonly ctx: ReadContext
  readonly submit: Submit
  /** The server's secret, which opens those shared with providers. */
  readonly secret: Buffer
  /** Where answers are counted that are given without the framework. */
  readonly metrics?: Metrics
}

interface CallParams {
  readonly account: string
  readonly '*': string
}

/**
 * `/providers/<account code>/<path of the account's dialect>`, GET or POST. The body stays the bytes that were signed.
 * The dialect says the reply's status; closing the app writes the last provider calls.
 */
export async function registerProviderRoutes(app: FastifyInstance, deps: ProviderRouteDeps): Promise<void> {
  const { secret, ...rest } = deps
  const receive: ReceiveDeps = {
    ...rest,
    dialects,
    accounts: openAccountDirectory(deps.ctx, secret),
    sessions: openSessionDirectory(deps.ctx),
    recorder: openCallRecorder(deps.ctx),
    badSignatures: openSignatureLimit(deps.ctx.clock),
  }
  answerDirectly(app, { pattern: plainUrl, bodyBytesMax, answer: directAnswer(deps, receive) })
  // In a scope of its own: no other route shall lose its JSON parser.
  await app.register(async (scope) => {
    const arrivals = new WeakMap<FastifyRequest, { receivedAt: Date; startedMs: number }>()
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, body, done) =>
      done(null, body),
    )
    scope.addHook('onRequest', async (request) => {
      arrivals.set(request, { receivedAt: deps.ctx.clock.now(), startedMs: performance.now() })
    })
    scope.addHook('onClose', () => receive.recorder.close())
    scope.setErrorHandler((error, request, reply) => refuse(deps, error, request, reply))
    scope.route<{ Params: CallParams }>({
      method: ['GET', 'POST'],
      url: route,
      bodyLimit: bodyBytesMax,
      exposeHeadRoute: false,
      async handler(request, reply) {
        const { receivedAt, startedMs } = arrivals.get(request) ?? { receivedAt: new Date(), startedMs: 0 }
        const answer = await receiveCall(receive, {
          id: uuidv7(receivedAt),
          method: request.method === 'GET' ? 'GET' : 'POST',
          accountCode: request.params.account,
          path: `/${request.params['*']}`,
          query: request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '',
          headers: textHeaders(request.headers),
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          receivedAt,
          startedMs,
          requestId: request.id,
        })
        if (answer === undefined) return reply.code(404).send({ error: 'NOT_FOUND' })
        return reply.code(answer.status).type('application/json').send(answer.text)
      },
    })
  })
}

/** What nearly all calls are: the same as by the framework, without it. */
function directAnswer(
  deps: ProviderRouteDeps,
  receive: ReceiveDeps,
): (post: DirectPost) => Promise<DirectAnswer> {
  const note = deps.metrics && answerNoter(deps.metrics, deps.ctx.log)
  return async ({ request, found: [, account = '', path = ''], body, startedMs }) => {
    const requestId = requestIdOf(request)
    const receivedAt = deps.ctx.clock.now()
    const call = { id: uuidv7(receivedAt), method: 'POST', accountCode: account, path, query: '' } as const
    const headers = textHeaders(request.headers)
    let answer: Omit<DirectAnswer, 'requestId'>
    try {
      const reply = await receiveCall(receive, { ...call, headers, body, receivedAt, startedMs, requestId })
      answer = reply ?? { status: 404, text: '{"error":"NOT_FOUND"}' }
    } catch (error) {
      deps.ctx.log.warn({ err: error, requestId, status: 500 }, 'provider request refused')
      answer = { status: 500, text: '{"error":"INTERNAL"}' }
    }
    const ms = Math.round((performance.now() - startedMs) * 1000) / 1000
    note?.({ requestId, method: 'POST', route, status: answer.status, ms })
    return { ...answer, requestId }
  }
}

function textHeaders(given: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in given) {
    const value = given[name]
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}

/** What HTTP itself refuses: a body too large or cut short. Nothing of it is a call. */
function refuse(
  deps: ProviderRouteDeps,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const given = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const status = given >= 400 && given < 500 ? given : 500
  const code = status === 413 ? 'TOO_LARGE' : status === 500 ? 'INTERNAL' : 'BAD_REQUEST'
  deps.ctx.log.warn({ err: error, requestId: request.id, status }, 'provider request refused')
  return reply.code(status).send({ error: code })
}
