import type { Outcome, UnitSubmission } from './types.ts'

/**
 * A unit of commands, mostly of one, that waits for its batch, and its caller for the outcomes. What it met on its way
 * is noted on it: first it is locked by its token or player alone; put back, it strays (searched for by all its keys,
 * at the head of the line); when its player is not to be had, it is held (passed by, at the end of the line).
 */
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
  readonly batchMax: number
  /** How many take from the line. */
  readonly streams: number
}

/** How often the queue looks for callers that have waited too long. */
const expiryCheckMs = 50

const putBacksMax = 10

/**
 * So many sessions make a batch worth a stream of its own while another one is at work: a batch has a price, which
 * fewer would share. Of a longer line every stream takes its part.
 */
const sessionsOfBatch = 32

/** A batch that takes longer is held up by something, and is no reason to wait. */
const soonDoneMs = 40

/** How far down the line is looked for players who are not in a batch under way. */
const lookedThrough = 256

/** Answers a waiting unit once. */
export function answer(waiting: Waiting, outcomes: readonly Outcome[]): void {
  if (waiting.answered) return
  waiting.answered = true
  waiting.resolve(outcomes)
}

export const retryLater = ({ unit }: Waiting): readonly Outcome[] => [
  { verdict: 'RETRY_LATER', brandId: unit.commands[0].brandId },
]

interface Taker {
  readonly stream: number
  take(batch: Waiting[]): void
}

/** What is not written yet, whether or not its caller still waits. */
export interface Backlog {
  /** Units in line and in batches under way. */
  readonly waiting: number
  /** How long the oldest of them has been waiting; 0 when there is none. */
  readonly oldestMs: number
}

interface Batch {
  readonly units: readonly Waiting[]
  readonly keys: ReadonlySet<string>
  readonly since: number
}

/**
 * A bounded line of units, from which all streams take. A caller that waits past the limit is told RETRY_LATER: a
 * command still in line is then dropped; one whose batch is under way is finished in the background, since it may have
 * taken effect.
 */
export class Queue {
  readonly #limits: QueueLimits
  readonly #timer: NodeJS.Timeout
  readonly #takers: Taker[] = []
  /** By stream. */
  readonly #underWay = new Map<number, Batch>()
  #line: Waiting[] = []
  #turn: NodeJS.Immediate | undefined
  #looking = false
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
    // What comes in the same turn goes together.
    if (this.#takers.length > 0) this.#turn ??= setImmediate(() => this.#serve())
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

  /** The next batch of a stream, whose last one is over; empty once the queue is closed and empty. */
  take(stream: number): Promise<Waiting[]> {
    this.#underWay.delete(stream)
    return new Promise((take) => {
      // Whoever was at work last has everything at hand.
      this.#takers.unshift({ stream, take })
      this.#serve()
    })
  }

  #serve(): void {
    clearImmediate(this.#turn)
    this.#turn = undefined
    for (let [taker] = this.#takers; taker; [taker] = this.#takers) {
      const over = this.#closed && this.#line.length === 0
      const units = this.#ripe() ? this.#cut(taker.stream) : []
      if (units.length === 0 && !over) return
      if (over) clearInterval(this.#timer)
      this.#takers.shift()
      taker.take(units)
    }
  }

  /** Whether a batch is worth its price now. */
  #ripe(): boolean {
    if (this.#line.length === 0) return false
    if (this.#line.length >= sessionsOfBatch || this.#closed) return true
    const youngest = Math.max(...[...this.#underWay.values()].map(({ since }) => since))
    const wait = youngest + soonDoneMs - performance.now()
    if (wait <= 0) return true
    if (!this.#looking) setTimeout(() => this.#lookAgain(), wait)
    this.#looking = true
    return false
  }

  #lookAgain(): void {
    this.#looking = false
    this.#serve()
  }

  /** The first of the line. A session goes in one batch at a time: a busy wallet is chained in memory. */
  #cut(stream: number): Waiting[] {
    const busy = [...this.#underWay.values()].map(({ keys }) => keys)
    const keysMax = Math.max(sessionsOfBatch, Math.ceil(this.#line.length / this.#limits.streams))
    const keys = new Set<string>()
    const units: Waiting[] = []
    const left: Waiting[] = []
    const looked = this.#line.splice(0, lookedThrough)
    for (const waiting of looked) {
      const key = keyOf(waiting)
      const fits = units.length < this.#limits.batchMax && (keys.has(key) || keys.size < keysMax)
      if (!fits || busy.some((one) => one.has(key))) left.push(waiting)
      else {
        keys.add(key)
        units.push(waiting)
      }
    }
    this.#line.unshift(...left)
    if (units.length > 0) this.#underWay.set(stream, { units, keys, since: performance.now() })
    return units
  }

  backlog(): Backlog {
    const waiting = new Set([...this.#line, ...this.#unitsUnderWay()])
    const now = performance.now()
    const oldestMs = [...waiting].reduce((oldest, { since }) => Math.max(oldest, now - since), 0)
    return { waiting: waiting.size, oldestMs }
  }

  expire(): void {
    const limit = performance.now() - this.#limits.answerWithinMs
    const late = (waiting: Waiting) => waiting.since < limit
    for (const waiting of [...this.#line, ...this.#unitsUnderWay()].filter(late))
      answer(waiting, retryLater(waiting))
    if (this.#line.some(late)) this.#line = this.#line.filter((waiting) => !late(waiting))
  }

  #unitsUnderWay(): Waiting[] {
    return [...this.#underWay.values()].flatMap(({ units }) => units)
  }

  close(): void {
    this.#closed = true
    this.#serve()
  }
}

/** Whose money it is about: a game session's, or a player's. */
const keyOf = ({ unit }: Waiting): string => {
  const [command] = unit.commands
  return 'tokenHash' in command ? command.tokenHash.toString('latin1') : command.playerId
}
