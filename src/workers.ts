// Several processes behind one port, so that all cores of a machine are used: this one starts them, replaces those that
// end, and ends with them. Each is a whole server, as if it had been started by itself on the same database.
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { backoff } from './lib/backoff.ts'
import type { Log } from './lib/log.ts'
import { Problem } from './lib/problem.ts'
import { answerForAll } from './server/gathered-metrics.ts'

/** The pause before one that has ended is replaced; the first again for one that has lasted for so long. */
const pause = { firstMs: 100, capMs: 2_000 }
const lastedMs = 60_000

/** Runs as many until it is told to stop, then until the last has ended. Throws when not even one comes up. */
export async function runWorkers(count: number, stopping: AbortSignal, log: Log): Promise<void> {
  // Not as JSON, which has neither NaN nor infinity: metrics are both at times.
  cluster.setupPrimary({ serialization: 'advanced' })
  answerForAll()
  const first = start(stopping)
  // What one cannot come up with, none can; it has said so itself, and once is enough.
  if (!(await comesUp(first)) && !stopping.aborted)
    throw new Problem('NOT_STARTED', 'the server did not start')
  const places = Array.from({ length: count }, (_, at) => keep(at === 0 ? first : undefined, stopping, log))
  await Promise.all(places)
}

/** A process that is told to stop when this one is. */
function start(stopping: AbortSignal): Worker {
  const worker = cluster.fork()
  const stop = () => void worker.process.kill('SIGTERM')
  stopping.addEventListener('abort', stop)
  worker.once('exit', () => stopping.removeEventListener('abort', stop))
  return worker
}

const up = 'UP'

/** In one of several processes: all that it listens at is open. */
export const tellUp = (): void => void cluster.worker?.send(up)

/** Whether it tells so before it ends. */
const comesUp = (worker: Worker): Promise<boolean> =>
  new Promise((resolve) => {
    worker.on('message', (message) => message === up && resolve(true))
    worker.once('exit', () => resolve(false))
  })

/** One place among the processes: whoever ends there before its time is replaced. */
async function keep(first: Worker | undefined, stopping: AbortSignal, log: Log): Promise<void> {
  let worker = first
  for (let tries = 1; !stopping.aborted || worker; tries += 1) {
    const startedMs = performance.now()
    worker ??= start(stopping)
    if (!worker.isDead()) await once(worker, 'exit')
    if (stopping.aborted) return
    if (performance.now() - startedMs > lastedMs) tries = 1
    const { pid, exitCode: code, signalCode: signal } = worker.process
    log.error({ worker: pid, code, signal }, 'a process of the server has ended; another takes its place')
    await backoff(tries, pause)
    worker = undefined
  }
}
