// The HTTP half of the process: one listener for GraphQL, provider calls, the console's files and health. It owns
// how requests come in and leave; what they mean is decided below.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import cors from '@fastify/cors'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { ApolloServer } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Authenticator } from '../domain/operators/authenticate.ts'
import type { Viewer } from '../domain/operators/viewer.ts'
import type { GraphContext } from '../graphql/context.ts'
import { awayMessage, type ErrorCode, type ErrorPresenter } from '../graphql/errors.ts'
import type { TrustedDocuments } from '../graphql/trusted-documents.ts'
import { isAway } from '../lib/is-away.ts'
import type { Log } from '../lib/log.ts'
import { uuidv7 } from '../lib/uuid.ts'
import { bearerToken } from './bearer.ts'
import type { Metrics } from './metrics.ts'
import { answerNoter } from './note-answers.ts'
import { socketUrlOf } from './origins.ts'
import { requestIdOf } from './request-id.ts'
import { trustRequest } from './trusted-request.ts'

export interface HttpOptions {
  readonly log: Log
  readonly metrics: Metrics
  readonly corsOrigins: readonly string[]
  readonly requestBytesMax: number
  /** After how long a request that falls silent is cut off; 30 seconds when absent. */
  readonly silenceMs?: number
}

/** The longest pause within a request. */
const silenceMsMax = 30_000
/** For a whole request: a report of millions of lines is read no faster than it is compared. */
const requestTimeoutMs = 900_000
const keepAliveMs = 65_000

export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { log, metrics } = options
  const app: FastifyInstance = fastify({
    logger: false,
    bodyLimit: options.requestBytesMax,
    connectionTimeout: options.silenceMs ?? silenceMsMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    genReqId: requestIdOf,
    // While closing, what comes over open connections is still answered; each answer closes its connection.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    // Many clients offer HTTP/2 with a request, as Java's does: it is answered as it stands.
    http: { shouldUpgradeCallback: ({ headers }) => /\bwebsocket\b/i.test(headers.upgrade ?? '') },
  })
  await app.register(cors, {
    origin: [...options.corsOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id', 'apollo-require-preflight'],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  cutSilence(app)
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply, payload) => {
    // A connection that is kept open would keep the process: what was under way is answered on its last use.
    if (closing) reply.header('connection', 'close')
    reply.header('x-content-type-options', 'nosniff')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    return payload
  })
  const note = answerNoter(metrics, log)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const ms = Math.round(reply.elapsedTime * 1000) / 1000
    note({ requestId: request.id, method: request.method, route, status: reply.statusCode, ms })
  })
  app.setErrorHandler((error: FastifyError, request, reply) => refuse(log, error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    answerError(request, reply, 404, 'BAD_REQUEST', 'there is nothing here'),
  )
  return app
}

export interface GraphqlRouteOptions {
  readonly authenticator: Authenticator
  readonly apollo: ApolloServer<GraphContext>
  readonly errors: ErrorPresenter
  readonly documents: TrustedDocuments
  readonly openContext: (caller: { viewer: Viewer; requestId: string; socketUrl: string }) => GraphContext
}

/** Ends connections that say nothing, but for those whose request has come whole and waits for its answer. */
function cutSilence(app: FastifyInstance): void {
  const answering = new WeakMap<Socket, IncomingMessage>()
  app.addHook('onRequest', async ({ raw }) => void answering.set(raw.socket, raw))
  app.addHook('onResponse', async ({ raw }) => void answering.delete(raw.socket))
  app.server.on('timeout', (socket) => {
    if (!answering.get(socket)?.complete) socket.destroy()
  })
}

/** `/graphql` over HTTP. Who has no valid token is told so before the body is read. */
export async function registerGraphql(app: FastifyInstance, options: GraphqlRouteOptions): Promise<void> {
  const viewers = new WeakMap<FastifyRequest, Viewer>()
  const viewerOf = (request: FastifyRequest): Viewer => {
    const viewer = viewers.get(request)
    if (!viewer) throw new Error('a request without a viewer got past its check')
    return viewer
  }
  const handler = fastifyApolloHandler(options.apollo, {
    context: async (request) =>
      options.openContext({
        viewer: viewerOf(request),
        requestId: request.id,
        socketUrl: socketUrlOf(request.headers),
      }),
  })
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async onRequest(request, reply) {
      const token = bearerToken(request.headers.authorization)
      const viewer = token === undefined ? undefined : await options.authenticator.authenticate(token)
      if (viewer) {
        viewers.set(request, viewer)
        return
      }
      reply.header('www-authenticate', 'Bearer realm="pitboss"')
      const message =
        token === undefined ? 'a bearer token is needed' : 'the token is unknown, expired or revoked'
      await answerError(request, reply, 401, 'UNAUTHENTICATED', message)
    },
    async preHandler(request, reply) {
      try {
        await trustRequest(request, viewerOf(request), options.documents)
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
        const { status = 400 } = (error.extensions['http'] ?? {}) as { status?: number }
        await answer(request, reply, status, options.errors.present(error))
      }
    },
    handler,
    // As bytes: a text would be measured, joined with the headers and then encoded, each time as a whole.
    onSend: async (_request, _reply, payload) =>
      typeof payload === 'string' ? Buffer.from(payload) : payload,
  })
}

/** What HTTP itself refuses, and what went wrong outside of GraphQL. */
function refuse(log: Log, error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500
  if (status === 413) return answerError(request, reply, 413, 'LIMIT_EXCEEDED', tooLarge(request))
  if (status === 415)
    return answerError(request, reply, 415, 'BAD_REQUEST', 'the content type is not supported')
  if (status >= 400 && status < 500)
    return answerError(request, reply, status, 'BAD_REQUEST', 'the request is malformed')
  const errorId = uuidv7()
  const facts = { err: error, errorId, requestId: request.id }
  if (isAway(error)) {
    log.error(facts, 'a request could not be answered')
    return answerError(request, reply, 503, 'UNAVAILABLE', awayMessage, errorId)
  }
  log.error(facts, 'an error was masked')
  return answerError(request, reply, 500, 'INTERNAL', 'Internal error', errorId)
}

function tooLarge(request: FastifyRequest): string {
  const length = request.headers['content-length']
  const found = length !== undefined && /^\d{1,15}$/.test(length) ? `${length} bytes` : 'too many bytes'
  return `the request has ${found}; the limit is ${request.routeOptions.bodyLimit}`
}

/** Every refusal has the shape of a GraphQL answer, so that a client has one way to read them. */
export function answerError(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  message: string,
  errorId: string = uuidv7(),
): FastifyReply {
  return answer(request, reply, status, { message, extensions: { code, errorId } })
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  error: GraphQLFormattedError,
): FastifyReply {
  const preferred = 'application/graphql-response+json'
  const type = request.headers.accept?.includes(preferred) ? preferred : 'application/json'
  return reply
    .code(status)
    .type(`${type}; charset=utf-8`)
    .send(JSON.stringify({ errors: [error] }))
}
