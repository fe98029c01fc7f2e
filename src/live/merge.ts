import type { JournalEvent } from '../domain/journal/types.ts'

interface Lane {
  readonly events: JournalEvent[]
  /** For each event the latest stamp of the lane so far: a lane is never reordered, whatever its stamps say. */
  readonly stamps: bigint[]
  at: number
}

export interface Merged {
  readonly events: JournalEvent[]
  /** Whether some lane may hold more than was read. */
  readonly cut: boolean
}

/**
 * Merges the pages of all lanes by (stamp, lane, seq). While a lane's page is cut short, nothing later than its last
 * stamp is released, since what the lane still holds may be its cause. What is held back is to be read again.
 */
export function mergeLanes(rows: readonly JournalEvent[], laneRows: number): Merged {
  const lanes = byLane(rows)
  const ends = lanes.filter((lane) => lane.events.length >= laneRows).map((lane) => lane.stamps.at(-1) ?? 0n)
  const watermark = ends.length === 0 ? undefined : ends.reduce((min, end) => (end < min ? end : min))
  const events: JournalEvent[] = []
  for (let lane = earliest(lanes); lane; lane = earliest(lanes)) {
    const stamp = lane.stamps[lane.at]
    const event = lane.events[lane.at]
    if (stamp === undefined || !event || (watermark !== undefined && stamp > watermark)) break
    events.push(event)
    lane.at += 1
  }
  return { events, cut: watermark !== undefined }
}

/** Lanes in rising order, each in the order of its seq. */
function byLane(rows: readonly JournalEvent[]): Lane[] {
  const lanes = new Map<number, Lane>()
  for (const event of rows) {
    let lane = lanes.get(event.lane)
    if (!lane) lanes.set(event.lane, (lane = { events: [], stamps: [], at: 0 }))
    const before = lane.stamps.at(-1) ?? 0n
    lane.events.push(event)
    lane.stamps.push(event.recordedUs > before ? event.recordedUs : before)
  }
  return [...lanes].sort(([a], [b]) => a - b).map(([, lane]) => lane)
}

/** Few lanes have anything at a time: looking through them is cheaper than keeping them in a heap. */
function earliest(lanes: readonly Lane[]): Lane | undefined {
  let found: Lane | undefined
  let foundStamp = 0n
  for (const lane of lanes) {
    const stamp = lane.stamps[lane.at]
    if (stamp === undefined || (found && stamp >= foundStamp)) continue
    found = lane
    foundStamp = stamp
  }
  return found
}
