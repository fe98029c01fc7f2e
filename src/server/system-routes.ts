import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { MetricsText } from './gathered-metrics.ts'
import { type HealthDeps, readiness } from './health.ts'
import { listen, type Place } from './listen.ts'

/** `/livez` and `/readyz`: for whoever starts, stops and feeds processes. They need no token and tell no secrets. */
export async function registerHealth(app: FastifyInstance, deps: HealthDeps): Promise<void> {
  app.get('/livez', async () => ({ live: true }))
  app.get('/readyz', async (_request, reply) => {
    const answer = await readiness(deps)
    return reply.code(answer.ready ? 200 : 503).send(answer)
  })
}

/** `/metrics` on the main listener: for callers on this machine only, since it says how busy the house is. */
export async function registerLocalMetrics(app: FastifyInstance, text: MetricsText): Promise<void> {
  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) return reply.code(404).send({ error: 'NOT_FOUND' })
    return sendMetrics(text, reply)
  })
}

/** `/metrics` on a listener of its own, which is the network's business to keep private. */
export async function listenForMetrics(
  text: MetricsText,
  at: Place,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = fastify({ logger: false, forceCloseConnections: true })
  app.get('/metrics', (_request, reply) => sendMetrics(text, reply))
  const url = await listen(app, at, 'METRICS_HOST and METRICS_PORT')
  return { url, close: () => app.close() }
}

async function sendMetrics(text: MetricsText, reply: FastifyReply): Promise<FastifyReply> {
  return reply.type(text.contentType).send(await text.metrics())
}

/** By the socket, not by a header; what a proxy on this machine passes on is not a local caller's. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined) return false
  return /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
}
