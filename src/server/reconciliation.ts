import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ConnectionTarget } from '../db/connection.ts'
import { logFailure } from '../db/log-failure.ts'
import type { Context, ReadContext } from '../domain/context.ts'
import type { Authenticator } from '../domain/operators/authenticate.ts'
import type { Viewer } from '../domain/operators/viewer.ts'
import { giveUpAbandoned } from '../domain/reconciliation/progress.ts'
import { type Reconciled, reconcile } from '../domain/reconciliation/reconcile.ts'
import type { ReportFormat } from '../domain/reconciliation/types.ts'
import type { ErrorCode } from '../graphql/errors.ts'
import { readReport } from '../integrations/read-report.ts'
import { globalId } from '../lib/global-id.ts'
import { parseMoment } from '../lib/moment.ts'
import { Problem } from '../lib/problem.ts'
import { repeatedly, type Repetition } from '../lib/repeatedly.ts'
import { bearerToken } from './bearer.ts'
import { answerError } from './http.ts'

export interface ReconciliationRouteDeps {
  readonly ctx: ReadContext
  readonly authenticator: Authenticator
  readonly target: ConnectionTarget
  readonly openContext: (caller: { viewer: Viewer; requestId: string; socketUrl: string }) => Context
}

/** Each takes a connection and a good part of a core: betting shall not notice them. */
const runningMax = 2

const sweepEveryMs = 60_000

type Query = Readonly<Record<'account' | 'from' | 'to' | 'margin' | 'format', unknown>>

/**
 * `POST /reconciliations?account=…&from=…&to=…`: the body is the report, of any length, read as it comes. The answer
 * is sent when the comparison is done; the comparison itself is in GraphQL from its beginning.
 */
export async function registerReconciliationRoute(
  app: FastifyInstance,
  deps: ReconciliationRouteDeps,
): Promise<void> {
  const underWay = new Set<Promise<Reconciled>>()
  const closing = new AbortController()
  const sweep = startSweep(deps.ctx)
  app.addHook('onClose', async () => {
    closing.abort()
    await Promise.allSettled([sweep.stop(), ...underWay])
  })
  // In a scope of its own: no other route shall get a stream for its body.
  await app.register(async (scope) => {
    const viewers = new WeakMap<FastifyRequest, Viewer>()
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.route<{ Querystring: Query }>({
      method: 'POST',
      url: '/reconciliations',
      async onRequest(request, reply) {
        const token = bearerToken(request.headers.authorization)
        const viewer = token === undefined ? undefined : await deps.authenticator.authenticate(token)
        if (viewer) {
          viewers.set(request, viewer)
          return
        }
        reply.header('www-authenticate', 'Bearer realm="pitboss"')
        await answerError(request, reply, 401, 'UNAUTHENTICATED', 'a valid bearer token is needed')
      },
      async handler(request, reply) {
        const viewer = viewers.get(request)
        if (!viewer) throw new Error('a request without a viewer got past its check')
        if (underWay.size >= runningMax) {
          return answerError(
            request,
            reply,
            429,
            'RATE_LIMITED',
            `${runningMax} comparisons are under way; try later`,
          )
        }
        const ctx = deps.openContext({ viewer, requestId: request.id, socketUrl: '' })
        const comparing = compare(ctx, deps.target, request, closing.signal)
        underWay.add(comparing)
        try {
          return await reply.code(201).send(render(await comparing))
        } catch (error) {
          if (error instanceof Problem) return refuse(request, reply, error)
          throw error
        } finally {
          underWay.delete(comparing)
        }
      },
    })
  })
}

/** Ends, again and again, the comparisons of processes that died over them. */
function startSweep(ctx: ReadContext): Repetition {
  async function sweep(): Promise<void> {
    const count = await giveUpAbandoned(ctx)
    if (count > 0) ctx.log.warn({ count }, 'comparisons were given up: their processes ended')
  }
  return repeatedly(sweepEveryMs, sweep, logFailure(ctx.log, 'a sweep of comparisons failed'))
}

type Request = FastifyRequest<{ Querystring: Query }>

const compare = async (
  ctx: Context,
  target: ConnectionTarget,
  request: Request,
  signal: AbortSignal,
): Promise<Reconciled> => reconcile(ctx, target, { ...inputOf(request), signal })

function inputOf(request: Request) {
  const { account, from, to, margin, format } = request.query
  if (typeof account !== 'string') throw new Problem('INPUT_INVALID', 'account is missing', 'account')
  const formatHere = formatOf(format, request.headers['content-type'])
  return {
    providerAccountCode: account,
    from: parseMoment('from', from),
    to: parseMoment('to', to),
    ...(margin !== undefined && { marginMs: Math.round(Number(margin) * 1000) }),
    format: formatHere,
    entries: (dialect: string) => readReport(dialect, formatHere, uncut(request)),
  }
}

function formatOf(given: unknown, contentType: string | undefined): ReportFormat {
  if (given === undefined) return /json/i.test(contentType ?? '') ? 'JSON' : 'CSV'
  if (given === 'csv' || given === 'json') return given === 'csv' ? 'CSV' : 'JSON'
  throw new Problem('INPUT_INVALID', 'format is neither csv nor json', 'format')
}

/** The body as it comes. One that ends too early must not pass for a short report. */
async function* uncut(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  try {
    if (request.body) yield* request.body as AsyncIterable<Uint8Array>
  } catch {
    throw new Problem('REPORT_FORMAT', 'the upload was cut short')
  }
}

const render = ({ reconciliationId, linesRead, matched, counts }: Reconciled) => ({
  id: globalId('Reconciliation', reconciliationId),
  linesRead,
  matched,
  counts,
})

const statuses: Readonly<Record<string, readonly [number, ErrorCode]>> = {
  FORBIDDEN: [403, 'FORBIDDEN'],
  CONFLICT: [409, 'CONFLICT'],
  UNAVAILABLE: [503, 'UNAVAILABLE'],
  REPORT_TOO_LARGE: [413, 'LIMIT_EXCEEDED'],
}

/** What is not read of the body any more closes its connection. */
function refuse(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const [status, code] = statuses[problem.code] ?? [400, 'BAD_USER_INPUT']
  return answerError(request, reply.header('connection', 'close'), status, code, problem.message)
}
