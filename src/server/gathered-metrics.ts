// Metrics of several processes behind one port: whichever of them is asked, the answer is about all. It asks the
// process that started it, which asks every one, and does not wait long for one that hangs: that is told, and counts
// as it did when it last answered, since a sum that drops and comes back would pass for a burst of work.
import cluster, { type Worker } from 'node:cluster'
import { AggregatorRegistry, Gauge, type Registry } from 'prom-client'
import { uuidv7 } from '../lib/uuid.ts'

/** What `/metrics` answers. */
export interface MetricsText {
  readonly contentType: string
  metrics(): Promise<string>
}

type Values = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** ASKED and PART come from the processes, WANTED and TOLD go to them. */
type Message =
  | { readonly kind: 'METRICS_ASKED'; readonly id: string }
  | { readonly kind: 'METRICS_WANTED'; readonly id: string }
  | { readonly kind: 'METRICS_PART'; readonly id: string; readonly values: Values }
  | { readonly kind: 'METRICS_TOLD'; readonly id: string; readonly text: string }

const isOf = <Kind extends Message['kind']>(
  message: unknown,
  kind: Kind,
): message is Extract<Message, { kind: Kind }> =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind

/** Prometheus gives up after ten seconds, others after two. */
const waitMs = 1000

const send = (to: Worker, message: Message) => void (to.isConnected() && to.send(message))

type Hear = (worker: Worker, values: Values) => void

/** In the process that starts the others: answers what they ask. */
export function answerForAll(): void {
  const last = new Map<number, Values>()
  const hearing = new Map<string, Hear>()
  cluster.on('exit', ({ id }) => void last.delete(id))
  cluster.on('message', (worker, message: unknown) => {
    if (isOf(message, 'METRICS_PART')) hearing.get(message.id)?.(worker, message.values)
    if (!isOf(message, 'METRICS_ASKED')) return
    const { id } = message
    const tell = (text: string) => send(worker, { kind: 'METRICS_TOLD', id, text })
    // Whoever starts the others must outlive what it cannot add up.
    tellAll(id, hearing, last).then(tell, () => tell(''))
  })
}

async function tellAll(id: string, hearing: Map<string, Hear>, last: Map<number, Values>): Promise<string> {
  const all = Object.values(cluster.workers ?? {}).filter((one) => one !== undefined)
  const told = await partsOf(all, id, hearing)
  for (const [worker, values] of told) last.set(worker.id, values)
  const registry = AggregatorRegistry.aggregate(all.flatMap((worker) => [last.get(worker.id) ?? []]))
  const gauge = new Gauge({
    name: 'process_told_metrics',
    help: 'Whether the process has told its metrics; 0: it hangs or starts, and counts as it last answered.',
    labelNames: ['pid'],
    registers: [registry],
  })
  for (const worker of all) gauge.set({ pid: worker.process.pid ?? 0 }, told.has(worker) ? 1 : 0)
  return await registry.metrics()
}

/** What they have told by then. */
function partsOf(
  workers: readonly Worker[],
  id: string,
  hearing: Map<string, Hear>,
): Promise<ReadonlyMap<Worker, Values>> {
  const parts = new Map<Worker, Values>()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(late)
      hearing.delete(id)
      resolve(parts)
    }
    const late = setTimeout(done, waitMs)
    hearing.set(id, (worker, values) => {
      parts.set(worker, values)
      if (parts.size === workers.length) done()
    })
    for (const worker of workers) send(worker, { kind: 'METRICS_WANTED', id })
  })
}

const say = (message: Message) => process.send?.(message)

/** In one of several processes: its own metrics along with those of the others. */
export function gatherMetrics(own: Registry): MetricsText {
  const waiting = new Map<string, (text: string) => void>()
  process.on('message', (message: unknown) => {
    if (isOf(message, 'METRICS_WANTED')) {
      const { id } = message
      own.getMetricsAsJSON().then(
        (values) => say({ kind: 'METRICS_PART', id, values }),
        () => undefined,
      )
    }
    if (!isOf(message, 'METRICS_TOLD')) return
    waiting.get(message.id)?.(message.text)
    waiting.delete(message.id)
  })
  return {
    contentType: own.contentType,
    metrics() {
      const id = uuidv7()
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        say({ kind: 'METRICS_ASKED', id })
      })
    },
  }
}
