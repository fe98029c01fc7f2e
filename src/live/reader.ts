import type { ReadContext } from '../domain/context.ts'
import { seqFloorOf } from '../db/partitions.ts'
import { everySeq, eventsPast, journalHeads, type SeqRange } from '../domain/journal/queries.ts'
import type { JournalEvent } from '../domain/journal/types.ts'
import { Problem } from '../lib/problem.ts'
import { type Break, Chain, goesOn } from './chain.ts'
import { verifyVector } from './cursor.ts'
import { type Merged, mergeLanes } from './merge.ts'
import { Pause } from './pause.ts'
import { Vector } from './vector.ts'

export interface ReaderOptions {
  readonly ctx: Pick<ReadContext, 'sql' | 'log'>
  /** At most this many rows of a lane in one read. */
  readonly laneRows: number
  /** How long nothing happens without a wake. */
  readonly tickMs: number
  /** The least time from one read to the next: commits that come close together are read together. */
  readonly gapMs: number
  /** The place where reading begins: at the first start, and when the journal turns out to have been replaced. */
  onStart(head: Vector): void
  onEvents(events: readonly JournalEvent[]): void
  onBreak(found: Break): void
}

const retryCapMs = 2000

/**
 * How often the rows that the reader stands on are looked at again, since a failover may pass without an error, and
 * how often all months are read.
 */
const verifyEveryMs = 1000

/** Between those reads only months are looked into that lie this near to the present or to the newest row. */
const near = 7n << 40n

/** Follows the journal of all processes, this one's included: what it has not read has not happened. */
export class Reader {
  readonly #options: ReaderOptions
  readonly #pause = new Pause()
  #chain = new Chain()
  #place: Vector | undefined
  #closed = false
  #done: Promise<void> | undefined
  #completeAt: number | undefined
  #failures = 0
  #verifiedAt = 0

  constructor(options: ReaderOptions) {
    this.#options = options
  }

  start(): void {
    this.#done ??= this.#run()
  }

  /** Something was committed. */
  wake(): void {
    this.#pause.wake()
  }

  /** How old what has been read may be; undefined before the first read. */
  lagMs(): number | undefined {
    return this.#completeAt === undefined ? undefined : performance.now() - this.#completeAt
  }

  async close(): Promise<void> {
    this.#closed = true
    this.wake()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const startedAt = performance.now()
      try {
        const cut = await this.#read()
        if (!cut) this.#completeAt = startedAt
        if (!cut) await this.#rest(startedAt)
      } catch (error) {
        await this.#recover(error)
      }
    }
  }

  /** Waits for a wake or the ticker, and at least until the gap since the last read has passed. */
  async #rest(startedAt: number): Promise<void> {
    await this.#pause.wait(this.#options.tickMs)
    const gap = this.#options.gapMs - (performance.now() - startedAt)
    if (gap > 0 && !this.#closed) await new Promise((resolve) => setTimeout(resolve, gap))
  }

  /** One read; true when there is more at once. */
  async #read(): Promise<boolean> {
    const { ctx } = this.#options
    if (!this.#place) {
      this.#place = Vector.of(await journalHeads(ctx))
      this.#chain = new Chain()
      this.#recovered()
      this.#options.onStart(this.#place)
      return true
    }
    const verified = await this.#verify(this.#place)
    let { events, cut } = await this.#past(this.#place, verified ? everySeq : nearOf(this.#place))
    // A lane that was written by a clock far off has rows out of reach: never pass them over.
    if (!verified && !goesOn(events, this.#place)) ({ events, cut } = await this.#past(this.#place, everySeq))
    this.#recovered()
    for (const event of events) this.#step(event, this.#place)
    if (events.length > 0) this.#options.onEvents(events)
    return cut
  }

  async #past(place: Vector, range: SeqRange): Promise<Merged> {
    const { ctx, laneRows } = this.#options
    return mergeLanes(await eventsPast(ctx, place.places(), laneRows, range), laneRows)
  }

  /** True when it was time to. */
  async #verify(place: Vector): Promise<boolean> {
    const now = performance.now()
    if (this.#failures === 0 && now - this.#verifiedAt < verifyEveryMs) return false
    await verifyVector(this.#options.ctx, place)
    this.#verifiedAt = now
    return true
  }

  #step(event: JournalEvent, place: Vector): void {
    const found = this.#chain.check(event, place)
    if (found) {
      this.#options.ctx.log.error({ ...found, id: event.id }, 'the journal breaks a promise')
      this.#options.onBreak(found)
    }
    place.advance(event)
  }

  #recovered(): void {
    if (this.#failures > 0) this.#options.ctx.log.info({ attempts: this.#failures }, 'journal read again')
    this.#failures = 0
  }

  /** The database is away: wait for it. The journal is another one: begin anew at its head. */
  async #recover(error: unknown): Promise<void> {
    const { log } = this.#options.ctx
    if (error instanceof Problem && error.code === 'CURSOR_EXPIRED') {
      log.error({}, 'the journal was replaced by an older or a foreign one')
      this.#place = undefined
      return
    }
    this.#failures += 1
    if (this.#failures === 1) log.warn({ error }, 'journal cannot be read')
    const ceiling = Math.min(retryCapMs, this.#options.tickMs * 2 ** Math.min(this.#failures, 10))
    const until = performance.now() + ceiling / 2 + Math.random() * (ceiling / 2)
    for (let left = until - performance.now(); left > 0 && !this.#closed; left = until - performance.now()) {
      await this.#pause.wait(left)
    }
  }
}

function nearOf(place: Vector): SeqRange {
  const today = seqFloorOf(new Date())
  const newest = place.places().reduce((max, { seq }) => (seq > max ? seq : max), today)
  return { from: today - near, below: newest + near }
}
