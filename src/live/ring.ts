import type { JournalEvent } from '../domain/journal/types.ts'
import type { Vector } from './vector.ts'

export interface RingEntry {
  readonly event: JournalEvent
  /** The cursor right after it; only written when someone may ask for it. */
  cursor: string | undefined
}

/** The newest events of the journal as this process read them. Positions count from 0 and never repeat. */
export class Ring {
  readonly #entries: RingEntry[] = []
  readonly #capacity: number
  #next = 0
  /** Everything up to here is older than the ring. */
  start: Vector
  /** Everything up to here has been read. */
  head: Vector
  #headCursor: string | undefined

  constructor(capacity: number, start: Vector) {
    this.#capacity = capacity
    this.start = start.clone()
    this.head = start.clone()
  }

  /** The position of the oldest event. */
  get first(): number {
    return Math.max(0, this.#next - this.#capacity)
  }

  /** The position that the next event will get. */
  get next(): number {
    return this.#next
  }

  get size(): number {
    return this.#next - this.first
  }

  at(position: number): RingEntry | undefined {
    return position >= this.first ? this.#entries[position % this.#capacity] : undefined
  }

  push(event: JournalEvent): RingEntry {
    const slot = this.#next % this.#capacity
    const oldest = this.#entries[slot]
    if (oldest) this.start.advance(oldest.event)
    const entry: RingEntry = { event, cursor: undefined }
    this.#entries[slot] = entry
    this.head.advance(event)
    this.#headCursor = undefined
    this.#next += 1
    return entry
  }

  /** The cursor of the newest place, for messages that are not events. */
  headCursor(): string {
    this.#headCursor ??= this.head.cursor()
    return this.#headCursor
  }
}
