import type { ReadContext } from '../domain/context.ts'
import { type EventFilter, matchesFilter } from '../domain/journal/filter.ts'
import { eventsPast } from '../domain/journal/queries.ts'
import type { JournalEvent } from '../domain/journal/types.ts'
import { goesOn } from './chain.ts'
import { mergeLanes } from './merge.ts'
import { Pause } from './pause.ts'
import type { Ring } from './ring.ts'
import type { Vector } from './vector.ts'

/** What a subscriber gets. Everything up to the cursor has been sent or filtered out. */
export type LiveMessage =
  | {
      readonly kind: 'EVENT'
      readonly cursor: string
      readonly event: JournalEvent
      readonly replayed: boolean
    }
  /** What was there before has been sent: what follows is live. */
  | { readonly kind: 'LIVE'; readonly cursor: string }
  /** Nothing else was sent for a while. */
  | { readonly kind: 'HEARTBEAT'; readonly cursor: string }
  /** The last message: too slow, or the journal is not what it was. Subscribing after the cursor tells which. */
  | { readonly kind: 'LAGGED'; readonly cursor: string }

/** What a stream needs of those who feed it. */
export interface Feed {
  readonly ctx: Pick<ReadContext, 'sql' | 'log'>
  readonly ring: Ring
  readonly laneRows: number
  readonly heartbeatMs: number
  /** From now on the stream is touched by every event that may be for it. */
  follow(stream: Stream): void
  /** The stream is woken once, when the ring has grown. */
  awaitGrowth(stream: Stream): void
  leave(stream: Stream): void
}

/** TABLE: reads the journal's table. RING: scans the ring up to its head. LIVE: is touched by the feed. */
type Mode = 'TABLE' | 'RING' | 'LIVE' | 'ENDED'

const retryMs = 500

/**
 * One subscription: a place in the journal, not a queue. It goes on only when it is asked for the next message, so a
 * slow subscriber holds no memory. Not an async generator: those cannot be ended while they wait.
 */
export class Stream implements AsyncIterableIterator<LiveMessage, undefined> {
  readonly filter: EventFilter
  readonly #feed: Feed
  readonly #ring: Ring
  readonly #pause = new Pause()
  #mode: Mode = 'TABLE'
  /** Where it stands; while LIVE it stands at the ring's head, but for what is pending. */
  #place: Vector
  #page: { events: readonly JournalEvent[]; at: number } = { events: [], at: 0 }
  /** The ring's position to go on from. */
  #position = 0
  /** While LIVE: there may be something for it from the position on. */
  #pending = false
  #cursor: string
  #queued: LiveMessage | undefined
  #sentAt = performance.now()
  #turn: Promise<unknown> = Promise.resolve()

  /** Without a place to go on from it is live at once, from the ring's head on. */
  constructor(feed: Feed, filter: EventFilter, after: Vector | undefined) {
    this.#feed = feed
    this.#ring = feed.ring
    this.filter = filter
    this.#place = after ?? feed.ring.head.clone()
    this.#cursor = this.#place.cursor()
    if (!after) this.#goLive()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<LiveMessage, undefined>> {
    const mine = this.#turn.then(() => this.#nextMessage())
    this.#turn = mine
    const message = await mine
    return message ? { value: message, done: false } : { value: undefined, done: true }
  }

  async return(): Promise<IteratorResult<LiveMessage, undefined>> {
    this.end()
    return { value: undefined, done: true }
  }

  /** No more messages; whoever waits for one is told so. */
  end(): void {
    this.#mode = 'ENDED'
    this.#queued = undefined
    this.#page = { events: [], at: 0 }
    this.#feed.leave(this)
    this.#pause.wake()
  }

  /** The stream ends with LAGGED: what it would have to send next is out of reach. */
  lag(): void {
    if (this.#mode === 'ENDED') return
    this.end()
    this.#queued = { kind: 'LAGGED', cursor: this.#cursor }
  }

  /** An event at this position may be for it. */
  touch(position: number): void {
    if (this.#pending) return
    this.#pending = true
    this.#position = position
    this.#pause.wake()
  }

  wake(): void {
    this.#pause.wake()
  }

  async #nextMessage(): Promise<LiveMessage | undefined> {
    for (;;) {
      const message = this.#take()
      if (message) {
        this.#cursor = message.cursor
        this.#sentAt = performance.now()
        return message
      }
      if (this.#mode === 'ENDED') return undefined
      if (this.#mode === 'TABLE') await this.#readPage()
      else await this.#pause.wait(this.#silenceLeft())
    }
  }

  /** A message that can be had without waiting. */
  #take(): LiveMessage | undefined {
    const queued = this.#queued
    this.#queued = undefined
    if (queued) return queued
    const message = this.#takeEvent()
    if (message || this.#queued) return message ?? this.#take()
    if (this.#mode === 'ENDED' || this.#silenceLeft() > 0) return undefined
    return {
      kind: 'HEARTBEAT',
      cursor: this.#mode === 'LIVE' ? this.#ring.headCursor() : this.#place.cursor(),
    }
  }

  #takeEvent(): LiveMessage | undefined {
    if (this.#mode === 'TABLE') return this.#takeFromPage()
    if (this.#mode === 'RING') return this.#takeFromRing()
    return this.#mode === 'LIVE' && this.#pending ? this.#takeLive() : undefined
  }

  #takeFromPage(): LiveMessage | undefined {
    while (this.#page.at < this.#page.events.length) {
      const event = this.#page.events[this.#page.at]
      this.#page.at += 1
      const message = event && this.#replay(event)
      if (message) return message
    }
    if (!this.#place.covers(this.#ring.start)) return undefined
    this.#page = { events: [], at: 0 }
    this.#mode = 'RING'
    this.#position = this.#ring.first
    return this.#takeFromRing()
  }

  /** Its own place decides what is new to it: it may be ahead of this process's ring in some lanes. */
  #takeFromRing(): LiveMessage | undefined {
    while (this.#position < this.#ring.next) {
      const entry = this.#ring.at(this.#position)
      if (!entry) {
        this.#mode = 'TABLE'
        return undefined
      }
      this.#position += 1
      const message = this.#replay(entry.event)
      if (message) return message
    }
    if (this.#ring.head.covers(this.#place)) this.#goLive()
    else this.#feed.awaitGrowth(this)
    return undefined
  }

  #replay(event: JournalEvent): LiveMessage | undefined {
    if (event.seq <= this.#place.seq(event.lane)) return undefined
    this.#place.advance(event)
    if (!matchesFilter(this.filter, event)) return undefined
    return { kind: 'EVENT', cursor: this.#place.cursor(event.lane), event, replayed: true }
  }

  #takeLive(): LiveMessage | undefined {
    while (this.#position < this.#ring.next) {
      const entry = this.#ring.at(this.#position)
      if (!entry) {
        this.lag()
        return undefined
      }
      this.#position += 1
      if (!matchesFilter(this.filter, entry.event)) continue
      // Whatever a stream that follows may want has had its cursor written when it came.
      return { kind: 'EVENT', cursor: entry.cursor ?? this.#cursor, event: entry.event, replayed: false }
    }
    this.#pending = false
    return undefined
  }

  #goLive(): void {
    this.#mode = 'LIVE'
    this.#pending = false
    this.#queued = { kind: 'LIVE', cursor: this.#ring.headCursor() }
    this.#feed.follow(this)
  }

  async #readPage(): Promise<void> {
    const { ctx, laneRows } = this.#feed
    try {
      const { events } = mergeLanes(await eventsPast(ctx, this.#place.places(), laneRows), laneRows)
      if (this.#mode !== 'TABLE') return
      // An empty page that does not reach the ring, or a hole: what lay between is past retention.
      if (events.length > 0 && goesOn(events, this.#place)) this.#page = { events, at: 0 }
      else this.lag()
    } catch (error) {
      ctx.log.warn({ error }, 'a subscription cannot read the journal')
      await this.#pause.wait(retryMs)
    }
  }

  #silenceLeft(): number {
    return Math.max(0, Math.ceil(this.#sentAt + this.#feed.heartbeatMs - performance.now()))
  }
}
