import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { NoteOperation } from '../graphql/note-operation.ts'
import type { FailureReason } from '../domain/money/failures.ts'
import type { Backlog } from '../domain/money/queue.ts'
import type { Live } from '../live/live.ts'

/** What is read when somebody looks, not counted as it happens. */
export interface Readings {
  readonly sockets: () => number
  readonly subscriptions: () => number
  readonly backlog: () => Backlog
  readonly feedLagMs: () => number | undefined
  readonly journalBreaks: () => number
  readonly figuresLagSeconds: () => Promise<number>
  readonly figuresEventsBehind: () => Promise<number>
}

export interface Metrics {
  readonly registry: Registry
  readonly noteOperation: NoteOperation
  readonly noteRequest: (route: string, method: string, status: number, ms: number) => void
  readonly noteBatch: (size: number, ms: number) => void
  readonly noteBatchFailure: (reason: FailureReason) => void
  readonly noteSocketClosed: (code: number) => void
  readonly read: (readings: Readings) => void
}

/** How far the live feed is. */
export const feedReadings = (live: Pick<Live, 'status'>) => ({
  feedLagMs: () => live.status().lagMs,
  journalBreaks: () => live.status().breaks,
})

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time to answer an HTTP request.',
    labelNames: ['route', 'method', 'status'],
    buckets: secondsBuckets,
    registers,
  })
  const operations = new Histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Time to answer a GraphQL operation; subscriptions are not timed.',
    labelNames: ['type', 'outcome'],
    buckets: secondsBuckets,
    registers,
  })
  const batchSize = new Histogram({
    name: 'wallet_batch_size',
    help: 'Money commands per commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  })
  const batchSeconds = new Histogram({
    name: 'wallet_batch_duration_seconds',
    help: 'Time from taking a batch of money commands to its answers.',
    buckets: secondsBuckets,
    registers,
  })
  const batchFailures = new Counter({
    name: 'wallet_batch_failures_total',
    help: 'Tries of a batch of money commands that failed, by reason; mostly they are made again.',
    labelNames: ['reason'],
    registers,
  })
  const closed = new Counter({
    name: 'ws_sockets_closed_total',
    help: 'WebSockets closed, by close code.',
    labelNames: ['code'],
    registers,
  })
  return {
    registry,
    noteOperation(type, flawless, ms) {
      operations.observe({ type: type ?? 'unknown', outcome: flawless ? 'ok' : 'error' }, ms / 1000)
    },
    noteRequest: (route, method, status, ms) => requests.observe({ route, method, status }, ms / 1000),
    noteBatch(size, ms) {
      batchSize.observe(size)
      batchSeconds.observe(ms / 1000)
    },
    noteBatchFailure: (reason) => batchFailures.inc({ reason }),
    noteSocketClosed: (code) => closed.inc({ code }),
    read: (readings) => readInto(registry, readings),
  }
}

function readInto(registry: Registry, readings: Readings): void {
  /** Of several processes, each with its own, all together count; what all of them read of one thing, once. */
  const gauge = (
    name: string,
    help: string,
    read: () => number | Promise<number>,
    aggregator: 'sum' | 'max' = 'max',
  ) =>
    new Gauge({
      name,
      help,
      aggregator,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  gauge('ws_sockets', 'Open WebSockets.', readings.sockets, 'sum')
  gauge('ws_subscriptions', 'Operations that run on WebSockets.', readings.subscriptions, 'sum')
  gauge(
    'wallet_commands_waiting',
    'Money commands that are not written yet, in line or in a batch under way.',
    () => readings.backlog().waiting,
    'sum',
  )
  gauge(
    'wallet_oldest_command_seconds',
    'How long the oldest money command that is not written yet has been waiting.',
    () => readings.backlog().oldestMs / 1000,
  )
  gauge(
    'feed_lag_seconds',
    'How old what was read of the journal may be.',
    () => (readings.feedLagMs() ?? 0) / 1000,
  )
  gauge(
    'figures_lag_seconds',
    'How old the figures of reports are; +Inf while nothing was counted to the end yet.',
    readings.figuresLagSeconds,
  )
  gauge(
    'figures_events_behind',
    'Events of the journal that the figures lack; of each lane at most 1000 are counted.',
    readings.figuresEventsBehind,
  )
  gauge('journal_breaks', 'Broken promises found in the journal since the start.', readings.journalBreaks)
}
