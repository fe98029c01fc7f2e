// Metrics of several processes behind one port: whichever of them is asked, the answer is about all. It asks the
// process that started it, which asks every one.
import cluster from 'node:cluster'
import { AggregatorRegistry, type Registry } from 'prom-client'
import { uuidv7 } from '../lib/uuid.ts'

/** What `/metrics` answers. */
export interface MetricsText {
  readonly contentType: string
  metrics(): Promise<string>
}

interface Asked {
  readonly kind: 'METRICS_ASKED'
  readonly id: string
}

interface Told {
  readonly kind: 'METRICS_TOLD'
  readonly id: string
  /** Undefined when not every process has answered. */
  readonly text: string | undefined
}

const isOf = <T extends Asked | Told>(message: unknown, kind: T['kind']): message is T =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind

/** In the process that starts the others: answers what they ask. */
export function answerForAll(): void {
  const all = new AggregatorRegistry()
  cluster.on('message', (worker, message: unknown) => {
    if (!isOf<Asked>(message, 'METRICS_ASKED')) return
    const tell = (text?: string) =>
      worker.isConnected() && worker.send({ kind: 'METRICS_TOLD', id: message.id, text } satisfies Told)
    all.clusterMetrics().then(tell, () => tell())
  })
}

/** In one of several processes: its own metrics along with those of the others. */
export function gatherMetrics(own: Registry): MetricsText {
  const waiting = new Map<string, (told: Told) => void>()
  AggregatorRegistry.setRegistries(own)
  const { contentType } = new AggregatorRegistry()
  process.on('message', (message: unknown) => {
    if (!isOf<Told>(message, 'METRICS_TOLD')) return
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  return {
    contentType,
    async metrics() {
      const id = uuidv7()
      const told = await new Promise<Told>((resolve) => {
        waiting.set(id, resolve)
        process.send?.({ kind: 'METRICS_ASKED', id } satisfies Asked)
      })
      if (told.text === undefined) throw new Error('not every process has told its metrics')
      return told.text
    },
  }
}
