import type { ReadContext } from '../domain/context.ts'
import type { EventFilter } from '../domain/journal/filter.ts'
import type { JournalEvent } from '../domain/journal/types.ts'
import { FilterIndex } from './filter-index.ts'
import { Ring } from './ring.ts'
import { type Feed, Stream } from './stream.ts'
import type { Vector } from './vector.ts'

export interface FanOutOptions {
  readonly ctx: Pick<ReadContext, 'sql' | 'log'>
  readonly ringEvents: number
  readonly laneRows: number
  readonly heartbeatMs: number
}

/** One ring for all streams: an event is kept once, its cursor written once, and only those asked who may want it. */
export class FanOut implements Feed {
  readonly ctx: FanOutOptions['ctx']
  readonly ring: Ring
  readonly laneRows: number
  readonly heartbeatMs: number
  readonly #streams = new Set<Stream>()
  readonly #index = new FilterIndex<Stream>()
  #waiting = new Set<Stream>()

  constructor(options: FanOutOptions, start: Vector) {
    this.ctx = options.ctx
    this.laneRows = options.laneRows
    this.heartbeatMs = options.heartbeatMs
    this.ring = new Ring(options.ringEvents, start)
  }

  get streamCount(): number {
    return this.#streams.size
  }

  open(filter: EventFilter, after: Vector | undefined): Stream {
    const stream = new Stream(this, filter, after)
    this.#streams.add(stream)
    return stream
  }

  publish(events: readonly JournalEvent[]): void {
    for (const event of events) {
      const position = this.ring.next
      const entry = this.ring.push(event)
      for (const group of this.#index.candidates(event)) {
        entry.cursor ??= this.ring.head.cursor(event.lane)
        for (const stream of group) stream.touch(position)
      }
    }
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const stream of waiting) stream.wake()
  }

  follow(stream: Stream): void {
    this.#index.add(stream.filter, stream)
  }

  awaitGrowth(stream: Stream): void {
    this.#waiting.add(stream)
  }

  leave(stream: Stream): void {
    this.#streams.delete(stream)
    this.#waiting.delete(stream)
    this.#index.remove(stream.filter, stream)
  }

  /** All streams end with LAGGED: the journal that they stand in is gone. */
  lagAll(): void {
    for (const stream of this.#streams) stream.lag()
  }

  endAll(): void {
    for (const stream of this.#streams) stream.end()
  }
}
