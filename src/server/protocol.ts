import type { IncomingMessage } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { CloseCode, type Context as ProtocolContext, makeServer } from 'graphql-ws'
import type { RawData, WebSocket } from 'ws'
import type { Authenticator } from '../domain/operators/authenticate.ts'
import type { Viewer } from '../domain/operators/viewer.ts'
import type { Caller, GraphContext } from '../graphql/context.ts'
import { awayMessage, refused } from '../graphql/errors.ts'
import type { NoteOperation } from '../graphql/note-operation.ts'
import type { Pipeline } from '../graphql/pipeline.ts'
import type { DocumentRequest, TrustedDocuments } from '../graphql/trusted-documents.ts'
import { isAway } from '../lib/is-away.ts'
import type { Log } from '../lib/log.ts'
import { uuidv7 } from '../lib/uuid.ts'
import { bearerOfPayload } from './bearer.ts'
import { socketUrlOf } from './origins.ts'
import { requestIdOf } from './request-id.ts'

export interface ProtocolOptions {
  readonly log: Log
  readonly authenticator: Authenticator
  readonly pipeline: Pipeline
  readonly documents: TrustedDocuments
  readonly openContext: (caller: Caller) => GraphContext
  readonly noteOperation: NoteOperation
}

/** One socket as the protocol sees it. */
export interface Connection {
  /** Whose it is, once its connection_init has been accepted. */
  viewer(): Viewer | undefined
  /** How many operations run on it. */
  running(): number
}

export interface Protocol {
  open(socket: WebSocket, request: IncomingMessage): Connection
}

interface Extra {
  readonly socket: WebSocket
  readonly socketUrl: string
  readonly requestId: string
  viewer: Viewer | undefined
  running: () => number
}

type Socket = ProtocolContext<Record<string, unknown>, Extra>

export const operationsPerSocketMax = 100
const initWithinMs = 5_000

/** graphql-transport-ws over the pipeline. A bad token is 4401, which clients do not retry. */
export function createProtocol(options: ProtocolOptions): Protocol {
  const { pipeline, log } = options
  const server = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: initWithinMs,
    onConnect: (ctx) => admit(options, ctx),
    onSubscribe: async (ctx, _id, payload) => {
      const { viewer, requestId, socketUrl } = ctx.extra
      if (!viewer) throw new Error('an operation came before its connection was accepted')
      const running = Object.keys(ctx.subscriptions).length
      if (running > operationsPerSocketMax) {
        const message = `a socket runs at most ${operationsPerSocketMax} operations at a time`
        const most = operationsPerSocketMax
        return [refused('LIMIT_EXCEEDED', message, { limit: 'operations', most, found: running })]
      }
      const query = await textOf(options.documents, payload, viewer)
      if (query instanceof GraphQLError) return [query]
      const operationRequestId = `${requestId}.${uuidv7().slice(-12)}`
      const caller = { viewer, requestId: operationRequestId, socketUrl }
      return pipeline.prepare({ ...payload, query }, options.openContext(caller))
    },
    execute: (args) => timed(options.noteOperation, () => pipeline.execute(args)),
    subscribe: (args) => pipeline.subscribe(args),
    onNext: (_ctx, _id, _payload, args, result) =>
      pipeline.presentResult(result as ExecutionResult, (args.contextValue as GraphContext).requestId),
    onError: (ctx, _id, _payload, errors) =>
      pipeline.presentErrors(errors.map(asGraphql), ctx.extra.requestId),
  })

  return {
    open(socket, request) {
      const extra: Extra = {
        socket,
        socketUrl: socketUrlOf(request.headers),
        requestId: requestIdOf(request),
        viewer: undefined,
        running: () => 0,
      }
      const closed = server.opened(
        {
          protocol: socket.protocol,
          // A slow reader holds its sender back: nothing is queued behind a socket but one message.
          send: (text) => sent(socket, text),
          close: (code, reason) => socket.close(code, reason),
          onMessage: (receive) => {
            socket.on('message', (data) => {
              receive(messageText(data)).catch((error: unknown) => fail(log, socket, extra.requestId, error))
            })
          },
        },
        extra,
      )
      socket.once('close', (code, reason) => {
        Promise.resolve(closed(code, reason.toString())).catch((error: unknown) =>
          log.error({ err: error, requestId: extra.requestId }, 'a socket was not closed in order'),
        )
      })
      return { viewer: () => extra.viewer, running: () => extra.running() }
    },
  }
}

async function admit({ authenticator }: ProtocolOptions, ctx: Socket): Promise<boolean> {
  const token = bearerOfPayload(ctx.connectionParams)
  const viewer = token === undefined ? undefined : await authenticator.authenticate(token)
  if (!viewer) {
    const reason =
      token === undefined ? 'a bearer token is needed' : 'the token is unknown, expired or revoked'
    ctx.extra.socket.close(CloseCode.Unauthorized, reason)
    return false
  }
  ctx.extra.viewer = viewer
  ctx.extra.running = () => Object.keys(ctx.subscriptions).length
  return true
}

/** The protocol wants a query in every message: an empty one stands for none. */
async function textOf(
  documents: TrustedDocuments,
  payload: DocumentRequest & { readonly query: string },
  viewer: Viewer,
): Promise<string | GraphQLError> {
  try {
    return String(await documents.textOf(payload, viewer))
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

const messageText = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString()

const sent = (socket: WebSocket, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve()
    else socket.send(text, () => resolve())
  })

/** `Try again later` of RFC 6455's registry: clients do. */
const tryAgainLater = 1013

/** What the protocol throws is the client's breach of it, a database that is away, or a fault of ours. */
function fail(log: Log, socket: WebSocket, requestId: string, error: unknown): void {
  const errorId = uuidv7()
  if (isAway(error)) {
    log.error({ err: error, errorId, requestId }, 'a socket could not be served')
    socket.close(tryAgainLater, `${awayMessage} ${errorId}`)
    return
  }
  log.error({ err: error, errorId, requestId }, 'an error was masked')
  socket.close(CloseCode.InternalServerError, `Internal error ${errorId}`)
}

/** Hooks see errors as plain objects too; those have been presented already, or have nothing to tell. */
const asGraphql = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('not presentable')

async function timed<T extends { errors?: readonly unknown[] }>(
  note: NoteOperation,
  run: () => Promise<T>,
): Promise<T> {
  const startedMs = performance.now()
  const result = await run()
  note('socket', (result.errors?.length ?? 0) === 0, performance.now() - startedMs)
  return result
}
