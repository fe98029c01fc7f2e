// The live floor: follows the journal, keeps the newest of it in a ring, and serves every subscription from there.
// It speaks no SQL but the journal's reads, never writes, and knows no GraphQL and no sockets.
import type { ReadContext } from '../domain/context.ts'
import type { EventFilter } from '../domain/journal/filter.ts'
import type { EventType, JournalEvent } from '../domain/journal/types.ts'
import { Problem } from '../lib/problem.ts'
import type { Break } from './chain.ts'
import { openCursor } from './cursor.ts'
import { FanOut } from './fan-out.ts'
import { Reader } from './reader.ts'
import type { Stream } from './stream.ts'

export interface LiveOptions {
  readonly ctx: Pick<ReadContext, 'sql' | 'log'>
  /** How many of the newest events are kept in memory: about 1 KiB each. */
  readonly ringEvents?: number
  /** At most this many rows of a lane in one read. */
  readonly laneRows?: number
  /** How long the reader waits when nothing wakes it. */
  readonly tickMs?: number
  readonly gapMs?: number
  /** After how long a silence a subscription gets a HEARTBEAT. */
  readonly heartbeatMs?: number
  /** The journal broke a promise: for the metrics and the operator's pager; it has been logged. */
  onBreak?(found: Break): void
}

export interface Subscribe {
  readonly filter: EventFilter
  /** Goes on exactly after this cursor; from the head of this moment on when absent. */
  readonly after?: string | null | undefined
}

export interface LiveStatus {
  /** How old what has been read may be; undefined until the first read. */
  readonly lagMs: number | undefined
  readonly headByLane: ReadonlyMap<number, bigint>
  readonly ringSize: number
  readonly streams: number
  readonly breaks: number
}

type Listener = (event: JournalEvent) => void

export interface Live {
  /** Something was committed: read it now. */
  wake(): void
  /** Throws the Problems CURSOR_INVALID, CURSOR_EXPIRED and, once closed, UNAVAILABLE. */
  subscribe(wanted: Subscribe): Promise<Stream>
  /** Tells of every event of a type from the start of this process on; the answer ends it. */
  on(type: EventType, listener: Listener): () => void
  status(): LiveStatus
  /** Ends all subscriptions and the reader. */
  close(): Promise<void>
}

export function openLive(options: LiveOptions): Live {
  const { ctx } = options
  const laneRows = options.laneRows ?? 400
  const fanOutOptions = {
    ctx,
    laneRows,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    ringEvents: options.ringEvents ?? 32_768,
  }
  const listeners = new Map<EventType, Set<Listener>>()
  const started = Promise.withResolvers<undefined>()
  let fanOut: FanOut | undefined
  let breaks = 0
  let closed = false

  const reader = new Reader({
    ctx,
    laneRows,
    tickMs: options.tickMs ?? 50,
    gapMs: options.gapMs ?? 5,
    onStart(head) {
      fanOut?.lagAll()
      fanOut = new FanOut(fanOutOptions, head)
      started.resolve(undefined)
    },
    onEvents(events) {
      fanOut?.publish(events)
      for (const event of events) for (const tell of listeners.get(event.type) ?? []) tell(event)
    },
    onBreak(found) {
      breaks += 1
      options.onBreak?.(found)
    },
  })
  reader.start()

  return {
    wake: () => reader.wake(),
    async subscribe({ filter, after }) {
      await started.promise
      const cursor = after ? await openCursor(ctx, after) : undefined
      if (closed || !fanOut) throw new Problem('UNAVAILABLE', 'this process is shutting down')
      return fanOut.open(filter, cursor?.vector)
    },
    on(type, listener) {
      const all = listeners.get(type) ?? new Set()
      listeners.set(type, all.add(listener))
      return () => void all.delete(listener)
    },
    status: () => ({
      lagMs: reader.lagMs(),
      headByLane: new Map(fanOut?.ring.head.places().map(({ lane, seq }) => [lane, seq])),
      ringSize: fanOut?.ring.size ?? 0,
      streams: fanOut?.streamCount ?? 0,
      breaks,
    }),
    async close() {
      closed = true
      started.resolve(undefined)
      fanOut?.endAll()
      await reader.close()
    },
  }
}
