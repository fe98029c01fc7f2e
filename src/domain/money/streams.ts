// The commit streams: the only door to the money. Each stream is one lane with one batch in flight and a queue:
// alone, a command goes at once; under load, batches grow by themselves. An answer is given only once its batch is
// committed; what goes wrong on the way is tried again as a whole, which the transaction keys make safe.
import type { ConnectionTarget } from '../../db/connection.ts'
import { type Lane, type LaneOptions, openLane } from '../../db/lane.ts'
import { backoff, worthALine } from '../../lib/backoff.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { systemClock } from '../../lib/clock.ts'
import type { FailureReason } from './failures.ts'
import { type Backlog, Queue } from './queue.ts'
import { commitBatch, type Protocol, protocol } from './commit-batch.ts'
import { SessionHints } from './session-hints.ts'
import { assert } from '../../lib/problem.ts'
import type { Submit, SubmitUnit } from './types.ts'

export interface StreamOptions extends LaneOptions {
  readonly log: Log
  readonly clock?: Clock
  readonly protocol?: Protocol
  /** Lanes of this process for money; two is best on a few cores. */
  readonly streams?: number
  /** The most commands of one batch. */
  readonly batchMax?: number
  /** The most commands that wait in one stream; beyond it the answer is RETRY_LATER at once. */
  readonly waitingMax?: number
  /** How long a caller waits for the outcome before it is told RETRY_LATER; providers give up after a second. */
  readonly answerWithinMs?: number
  /** Called after each commit that wrote events. */
  onCommit?(): void
  /** Called with the size of each batch and the milliseconds from taking it to its answers. */
  onBatch?(size: number, ms: number): void
  /** Called when a try of a batch has failed; mostly it is tried again. */
  onFailure?(reason: FailureReason): void
}

interface Submits {
  readonly submit: Submit
  readonly submitUnit: SubmitUnit
}

export interface Streams extends Submits {
  /** Whether every stream has a live lane. */
  ready(): boolean
  backlog(): Backlog
  /** Takes nothing more, finishes what waits, gives the lanes back. */
  close(): Promise<void>
}

const defaults = { protocol, streams: 2, batchMax: 64, waitingMax: 10_000, answerWithinMs: 800 }

export function openStreams(target: ConnectionTarget, options: StreamOptions): Streams {
  const settings = { ...defaults, ...options }
  const queue = new Queue(settings)
  const hints = new SessionHints()
  const streams = Array.from({ length: settings.streams }, (_, number) =>
    openStream(target, { ...settings, queue, hints, number }),
  )
  const submitUnit: SubmitUnit = (unit) =>
    new Promise((resolve) => queue.add({ unit, resolve, since: performance.now() }))
  return {
    async submit({ command, attach }) {
      const [outcome] = await submitUnit({
        commands: [command],
        ...(attach && { attach: ([decided]) => (decided ? attach(decided) : {}) }),
      })
      assert(outcome, 'a command has an outcome')
      return outcome
    },
    submitUnit,
    ready: () => streams.every((stream) => stream.ready()),
    backlog: () => queue.backlog(),
    async close() {
      await Promise.all(streams.map((stream) => stream.close()))
    },
  }
}

type Settings = StreamOptions & typeof defaults

interface Shared {
  readonly queue: Queue
  readonly hints: SessionHints
  readonly number: number
}

type Stream = Pick<Streams, 'ready' | 'close'>

function openStream(target: ConnectionTarget, settings: Settings & Shared): Stream {
  const { queue, hints, number } = settings
  const clock = settings.clock ?? systemClock
  let lane: Lane | undefined
  let opening: Promise<Lane> | undefined
  let closing = false

  /** The stream's lane, opened once however many ask. */
  async function ready(): Promise<Lane> {
    if (lane?.alive) return lane
    opening ??= open().finally(() => {
      opening = undefined
    })
    return opening
  }

  /** Waits, ever longer, until the database gives a lane. */
  async function open(): Promise<Lane> {
    for (let failures = 1; ; failures += 1) {
      try {
        lane = await openLane(target, { applicationName: 'pitboss stream', ...settings })
        return lane
      } catch (error) {
        if (worthALine(failures)) settings.log.warn({ err: error, failures }, 'a commit stream has no lane')
        if (closing) throw error
        queue.expire()
        await backoff(failures, { firstMs: 20, capMs: 1000 })
      }
    }
  }

  async function run(): Promise<void> {
    for (;;) {
      const batch = await queue.take(number)
      if (batch.length === 0) return
      const start = performance.now()
      await commitBatch(batch, {
        ready,
        clock,
        log: settings.log,
        hints,
        protocol: settings.protocol,
        putBack: (one) => queue.putBack(one),
        noteFailure: (reason) => settings.onFailure?.(reason),
        closing: () => closing,
      })
      settings.onCommit?.()
      settings.onBatch?.(batch.length, performance.now() - start)
    }
  }

  const running = run().catch((error: unknown) => {
    settings.log.error({ err: error }, 'a commit stream stopped')
    queue.close()
  })
  ready().catch(() => undefined)

  return {
    ready: () => lane?.alive === true,
    async close() {
      closing = true
      queue.close()
      await running
      await opening?.catch(() => undefined)
      await lane?.close()
    },
  }
}
