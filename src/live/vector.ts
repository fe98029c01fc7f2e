import { laneCount } from '../db/lane.ts'
import type { Place, PlaceRow } from '../domain/journal/queries.ts'
import type { JournalEvent } from '../domain/journal/types.ts'

export const cursorVersion = 1
export const cursorHeaderBytes = 2
export const cursorLaneBytes = 13
/** Stands for the last lane where a cursor was not made at an event. */
export const noLane = 255

/** The last four bytes of an event's id: random, so that a row of another history is told apart. */
export const idMark = (id: string): number => Number.parseInt(id.slice(-8), 16)

/**
 * A place in every lane: everything up to it is behind us. Kept in the bytes of its own cursor, so that moving on by
 * one event and writing the cursor costs little however many lanes are in use.
 */
export class Vector {
  #bytes = Buffer.from([cursorVersion, noLane])
  /** Where each lane's part begins in the bytes; 0 for a lane not in use. */
  readonly #offsets = new Uint16Array(laneCount)

  static of(places: readonly PlaceRow[]): Vector {
    const vector = new Vector()
    for (const { lane, seq, id } of places) vector.set(lane, seq, idMark(id))
    return vector
  }

  seq(lane: number): bigint {
    const offset = this.#offsets[lane]
    return offset ? this.#bytes.readBigInt64BE(offset + 1) : 0n
  }

  /** The last four bytes of the id of the event at the lane's place. */
  mark(lane: number): number | undefined {
    const offset = this.#offsets[lane]
    return offset ? this.#bytes.readUInt32BE(offset + 9) : undefined
  }

  set(lane: number, seq: bigint, mark: number): void {
    const offset = this.#offsets[lane] || this.#insert(lane)
    this.#bytes.writeBigInt64BE(seq, offset + 1)
    this.#bytes.writeUInt32BE(mark, offset + 9)
  }

  advance(event: JournalEvent): void {
    this.set(event.lane, event.seq, idMark(event.id))
  }

  /** The lanes in use. */
  places(): Place[] {
    const used: Place[] = []
    for (let lane = 0; lane < laneCount; lane += 1) {
      if (this.#offsets[lane]) used.push({ lane, seq: this.seq(lane) })
    }
    return used
  }

  /** Whether everything up to the other vector is also up to this one. */
  covers(other: Vector): boolean {
    for (let lane = 0; lane < laneCount; lane += 1) {
      if (other.#offsets[lane] && this.seq(lane) < other.seq(lane)) return false
    }
    return true
  }

  clone(): Vector {
    const copy = new Vector()
    copy.#bytes = Buffer.from(this.#bytes)
    copy.#offsets.set(this.#offsets)
    return copy
  }

  /** The cursor of this place; `lane` is that of the event it was made at, if any. */
  cursor(lane: number = noLane): string {
    this.#bytes[1] = lane
    return this.#bytes.toString('base64url')
  }

  /** Makes room for a lane that comes into use; lanes stand in rising order. */
  #insert(lane: number): number {
    let at = this.#bytes.length
    for (let next = lane + 1; next < laneCount; next += 1) {
      const offset = this.#offsets[next]
      if (!offset) continue
      at = Math.min(at, offset)
      this.#offsets[next] = offset + cursorLaneBytes
    }
    const part = Buffer.alloc(cursorLaneBytes)
    part[0] = lane
    this.#bytes = Buffer.concat([this.#bytes.subarray(0, at), part, this.#bytes.subarray(at)])
    this.#offsets[lane] = at
    return at
  }
}
