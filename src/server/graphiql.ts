import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { Log } from '../lib/log.ts'

const root = join(import.meta.dirname, '../console/graphiql')
const bundle = join(root, 'dist')
const page = 'index.html'

/** Everything is our own; Monaco writes styles into the page and runs its workers from files. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface GraphiqlBundle {
  ready(): boolean
  /** Ends a build that is under way. */
  stop(): void
}

/** The page as it is on the disk, or not. */
export const foundGraphiqlBundle = (): GraphiqlBundle => ({
  ready: () => existsSync(join(bundle, page)),
  stop: () => undefined,
})

/**
 * Builds the page when it is not there yet or older than what it is made of, beside everything else. A build that
 * fails is said in the log.
 */
export function ensureGraphiqlBundle(log: Log): GraphiqlBundle {
  if (isCurrent()) return foundGraphiqlBundle()
  let ready = false
  const vite = join(import.meta.dirname, '../../node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--config', join(root, 'vite.config.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => void (said = `${said}${String(chunk)}`.slice(-4000)))
  child.on('error', (error) => log.error({ err: error }, 'GraphiQL could not be built'))
  child.on('exit', (code) => {
    ready = code === 0
    if (ready) log.info({}, 'GraphiQL was built')
    else if (code !== null) log.error({ code, said }, 'GraphiQL could not be built')
  })
  return { ready: () => ready, stop: () => void child.kill() }
}

function isCurrent(): boolean {
  const built = statSync(join(bundle, page), { throwIfNoEntry: false })
  if (!built) return false
  const sources = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((path) => !path.startsWith(bundle))
  return sources.every((path) => statSync(path).mtimeMs <= built.mtimeMs)
}

/** `/graphiql/` out of the project's own files. */
export async function registerGraphiql(app: FastifyInstance, built: GraphiqlBundle): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy)
      reply.header('referrer-policy', 'no-referrer')
    })
    await scope.register(fastifyStatic, {
      root: bundle,
      serve: false,
      cacheControl: false,
      setHeaders: (reply, path) =>
        void reply.header(
          'cache-control',
          // Names of assets hold their content's hash; the page does not.
          path.endsWith(page) ? 'no-cache' : 'public, max-age=31536000, immutable',
        ),
    })
    scope.get('/', async (_request, reply) => reply.redirect('/graphiql/'))
    scope.get('/graphiql', async (_request, reply) => reply.redirect('/graphiql/'))
    scope.get('/graphiql/', async (_request, reply) => {
      if (built.ready()) return reply.sendFile(page)
      return reply.code(503).header('retry-after', '2').type('text/html; charset=utf-8').send(waiting)
    })
    scope.get<{ Params: { '*': string } }>('/graphiql/*', async (request, reply) =>
      reply.sendFile(request.params['*']),
    )
  })
}

const waiting = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="2" />
    <title>Pitboss GraphiQL</title>
  </head>
  <body>
    <p>GraphiQL is being built; this takes a few seconds at the first start. The page comes by itself.</p>
  </body>
</html>
`
