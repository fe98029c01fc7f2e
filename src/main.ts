// The process: reads its configuration, starts, and stops when it is told to. With DATABASE_URL it serves that
// database, alone or as several, and does nothing else by itself; without, it brings a database and a demo along.
import cluster from 'node:cluster'
import { type App, startApp } from './app.ts'
import { runDemo } from './cli/demo.ts'
import { type Config, readConfig } from './config.ts'
import { explainFailure } from './db/explain-failure.ts'
import { Problem } from './lib/problem.ts'
import { gatherMetrics } from './server/gathered-metrics.ts'
import { openLog } from './server/log.ts'
import { runWorkers, tellUp } from './workers.ts'

async function main(): Promise<void> {
  const config = readConfig()
  const stopping = new AbortController()
  const stop = stopOnSignals(stopping)
  const { database } = config
  if (database.kind === 'EMBEDDED') await runDemo(config, stopping.signal)
  else if (config.processes > 1 && cluster.isPrimary)
    await runWorkers(config.processes, stopping.signal, openLog(config.logLevel))
  else await serve(config, database.url, stopping.signal)
  stop()
}

async function serve(config: Config, url: string, stopping: AbortSignal): Promise<void> {
  const { secret } = config
  if (!secret) throw new Problem('CONFIGURATION', 'there is no secret')
  const app: App = await startApp({
    config,
    target: { url },
    secret,
    log: openLog(config.logLevel),
    ...(cluster.isWorker && { gatherMetrics, buildGraphiql: cluster.worker?.id === 1 }),
  })
  tellUp()
  await aborted(stopping)
  await app.close()
  cluster.worker?.disconnect()
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** npm passes Ctrl-C on to a process that has had it from the terminal already: that is one wish, not two. */
const sameSignalMs = 500

/** The first signal asks for an orderly end; the second does not wait for it. */
function stopOnSignals(stopping: AbortController): () => void {
  let toldMs = 0
  const told = () => {
    if (!stopping.signal.aborted) toldMs = performance.now()
    else if (performance.now() - toldMs > sameSignalMs) process.exit(1)
    stopping.abort()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, told)
  return () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, told)
  }
}

main().catch((error: unknown) => {
  const reason = error instanceof Problem ? error.message : explainFailure(error)
  const text = reason ?? (error instanceof Error ? error.stack : String(error))
  process.stderr.write(`${text}\n`)
  process.exit(1)
})
