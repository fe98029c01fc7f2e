import type { Outcome, UnitSubmission } from './types.ts'

/** A unit of commands, mostly of one, that waits for its batch, and its caller for the outcomes. */
export interface Waiting {
  readonly unit: UnitSubmission
  readonly since: number
  /** Answers the caller; only the first answer counts. */
  resolve(outcomes: readonly Outcome[]): void
  /** How often it was put back. */
  putBacks?: number
  /** It concerned a player who was not locked: from now on all its players are searched for. */
  strays?: boolean
  /** Its player is locked elsewhere, for longer than is waited for. */
  held?: boolean
  /** Answered already (too late), so nobody waits any more. */
  answered?: boolean
}

export interface QueueLimits {
  readonly waitingMax: number
  readonly answerWithinMs: number
}

/** How often the queue looks for callers that have waited too long. */
const expiryCheckMs = 50

const putBacksMax = 10

/** Answers a waiting unit once. */
export function answer(waiting: Waiting, outcomes: readonly Outcome[]): void {
  if (waiting.answered) return
  waiting.answered = true
  waiting.resolve(outcomes)
}

export const retryLater = ({ unit }: Waiting): readonly Outcome[] => [
  { verdict: 'RETRY_LATER', brandId: unit.commands[0].brandId },
]

/**
 * A bounded line of units. A caller that waits past the limit is told RETRY_LATER: a command still in line is then
 * dropped; one whose batch is under way is finished in the background, since it may have taken effect.
 */
export class Queue {
  readonly #limits: QueueLimits
  readonly #timer: NodeJS.Timeout
  #line: Waiting[] = []
  #inFlight: Waiting[] = []
  #wake: (() => void) | undefined
  #closed = false

  constructor(limits: QueueLimits) {
    this.#limits = limits
    this.#timer = setInterval(() => this.expire(), expiryCheckMs)
    this.#timer.unref()
  }

  add(waiting: Waiting): void {
    if (this.#closed || this.#line.length >= this.#limits.waitingMax)
      return answer(waiting, retryLater(waiting))
    this.#line.push(waiting)
    this.#wake?.()
  }

  /**
   * Back to the head of the line: it has waited longest. Not for ever: what it needs should be there by then. One whose
   * player is held goes to the end instead, until its caller's time is over: nobody else shall wait for that.
   */
  putBack(waiting: Waiting): void {
    if (waiting.held) {
      this.#line.push(waiting)
      return
    }
    waiting.putBacks = (waiting.putBacks ?? 0) + 1
    if (waiting.putBacks > putBacksMax) answer(waiting, retryLater(waiting))
    else this.#line.unshift(waiting)
  }

  /** The next batch, as soon as anything waits; empty once the queue is closed and empty. */
  async take(max: number): Promise<Waiting[]> {
    this.#inFlight = []
    while (this.#line.length === 0) {
      if (this.#closed) {
        clearInterval(this.#timer)
        return []
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    this.#inFlight = this.#line.splice(0, max)
    return this.#inFlight
  }

  expire(): void {
    const limit = performance.now() - this.#limits.answerWithinMs
    const late = (waiting: Waiting) => waiting.since < limit
    for (const waiting of [...this.#line, ...this.#inFlight].filter(late))
      answer(waiting, retryLater(waiting))
    if (this.#line.some(late)) this.#line = this.#line.filter((waiting) => !late(waiting))
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }
}
