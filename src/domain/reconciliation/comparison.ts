import type { Sql } from '../../db/connection.ts'
import { formatDecimal } from '../../lib/money.ts'
import { assert, Problem } from '../../lib/problem.ts'
import { uuidFloor } from '../../lib/uuid.ts'
import type { ReadContext } from '../context.ts'
import { bookedByKeys, unnamedInWindow } from './books.ts'
import { bucketOf, kindOf, mustBeTold, statusOf } from './compare.ts'
import { noteProgress, type Progress } from './progress.ts'
import { type Found, nameKeys, nameMisread, openStaging, publish, stageFound } from './staging.ts'
import type { BookedTransaction, Bucket, ReportEntry, ReportedTransaction, Told } from './types.ts'

/** More mismatches than this are no work for people: it is another account's report, or another period's. */
const itemsMax = 100_000
const linesMax = 50_000_000
const noteEveryMs = 500

type OnProgress = ((progress: Progress) => void) | undefined

/** One comparison under way, on a connection of its own. */
export class Comparison {
  readonly #ctx: ReadContext
  readonly #sql: Sql
  readonly #id: string
  readonly #counts: Partial<Record<Bucket, number>> = {}
  #linesRead = 0
  #booksRead = 0
  #matched = 0
  #found = 0
  #notedMs = 0

  constructor(ctx: ReadContext, sql: Sql, id: string) {
    this.#ctx = ctx
    this.#sql = sql
    this.#id = id
  }

  open(): Promise<void> {
    return openStaging(this.#sql, this.#id)
  }

  /** Compares all that the report names. */
  async read(
    accountId: string,
    chunks: AsyncIterable<readonly ReportEntry[]>,
    onProgress: OnProgress,
  ): Promise<void> {
    for await (const chunk of ahead(chunks)) {
      this.#linesRead += chunk.length
      if (this.#linesRead > linesMax) throw tooMuch(`the report has more than ${linesMax} lines`)
      await this.#stage(await this.#compare(accountId, chunk))
      await this.#note('READING', onProgress)
    }
    await this.#noteNow('READING')
  }

  /** Finds what we recorded in a period and no line of the report named. */
  async walk(accountId: string, period: { from: Date; to: Date }, onProgress: OnProgress): Promise<void> {
    const before = uuidFloor(period.to)
    let after: string | null = uuidFloor(period.from)
    while (after !== null && after < before) {
      const window = await unnamedInWindow(this.#sql, accountId, { after, before })
      after = window.after
      this.#booksRead += window.walked
      const missed = window.unnamed.filter(mustBeTold)
      await this.#stage(missed.map((ours) => found('MISSING_THERE', { ours })))
      await this.#note('COMPARING', onProgress)
    }
  }

  /** Everything that was found becomes items. */
  async finish(): Promise<Progress> {
    await this.#noteNow('COMPARING')
    if (!(await publish(this.#sql, this.#id, this.#ctx.clock.now()))) throw givenUp()
    return this.#progress()
  }

  async #compare(accountId: string, chunk: readonly ReportEntry[]): Promise<Found[]> {
    const readable = chunk.filter((one) => 'theirs' in one)
    const misread = chunk.filter((one) => 'fault' in one)
    await nameMisread(
      this.#sql,
      misread.map((one) => one.transactionKey).filter((key) => key !== null),
    )
    const named = readable.map(({ line, theirs }) => ({ line, transactionKey: theirs.transactionKey }))
    const keys = named.map((one) => one.transactionKey)
    const [firsts, booked] = await Promise.all([
      nameKeys(this.#sql, named),
      bookedByKeys(this.#sql, accountId, keys),
    ])
    const differing = readable.flatMap(({ line, theirs }) => {
      const ours = booked.get(theirs.transactionKey)
      const bucket = firsts.has(line) ? bucketOf(theirs, ours) : 'DUPLICATE'
      return bucket ? [found(bucket, { line, theirs, ...(ours && { ours }) })] : []
    })
    this.#matched += readable.length - differing.length
    return [...differing, ...misread.map(unreadable)].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  }

  async #stage(all: readonly Found[]): Promise<void> {
    this.#found += all.length
    if (this.#found > itemsMax) {
      throw tooMuch(`more than ${itemsMax} mismatches: is it the report of this account and period?`)
    }
    for (const { bucket } of all) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    await stageFound(this.#sql, all, this.#ctx.clock.now())
  }

  /** Every now and then: each note is a commit. */
  async #note(status: 'READING' | 'COMPARING', onProgress: OnProgress): Promise<void> {
    onProgress?.(this.#progress())
    if (performance.now() - this.#notedMs >= noteEveryMs) await this.#noteNow(status)
  }

  async #noteNow(status: 'READING' | 'COMPARING'): Promise<void> {
    this.#notedMs = performance.now()
    const progress = this.#progress()
    const now = this.#ctx.clock.now()
    if (!(await noteProgress(this.#sql, this.#id, status, progress, now))) throw givenUp()
  }

  #progress(): Progress {
    return {
      linesRead: this.#linesRead,
      booksRead: this.#booksRead,
      matched: this.#matched,
      counts: { ...this.#counts },
    }
  }
}

/** Asks for one chunk ahead, so that it is read while the one before is compared. */
async function* ahead<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = chunks[Symbol.asyncIterator]()
  const ask = () => {
    const asked = iterator.next()
    asked.catch(() => {})
    return asked
  }
  try {
    for (let next = ask(); ; ) {
      const { done, value } = await next
      if (done) return
      next = ask()
      yield value
    }
  } finally {
    // Not waited for: who sends the report may have fallen silent.
    iterator.return?.().catch(() => {})
  }
}

const tooMuch = (message: string) => new Problem('REPORT_TOO_LARGE', message)
const givenUp = () => new Problem('CONFLICT', 'the comparison was given up meanwhile')

function unreadable(entry: ReportEntry): Found {
  assert('fault' in entry, 'a line that was read is not unreadable')
  const { line, transactionKey, fault } = entry
  return { ...found('UNREADABLE', { line }), transactionKey, reason: fault }
}

interface Sides {
  readonly line?: number
  readonly theirs?: ReportedTransaction
  readonly ours?: BookedTransaction
}

const found = (bucket: Bucket, { line, theirs, ours }: Sides): Found => ({
  bucket,
  line: line ?? null,
  reason: null,
  transactionKey: theirs?.transactionKey ?? ours?.transactionKey ?? null,
  theirs: theirs ? theirsTold(theirs) : null,
  ours: ours ? oursTold(ours) : null,
  transactionId: ours?.id ?? null,
  betId: ours?.betId ?? null,
  playerId: ours?.playerId ?? null,
  roundId: ours?.roundId ?? null,
})

const theirsTold = ({
  kind,
  status,
  amount,
  currency,
  round,
  player,
  game,
  at,
}: ReportedTransaction): Told => ({
  kind,
  status,
  amount,
  currency,
  round,
  player,
  game,
  at: at.toISOString(),
})

/** Round, player and game are named when it is published. */
function oursTold(ours: BookedTransaction): Told {
  const { amountMinor, currency, recordedAt } = ours
  const amount = amountMinor === null || currency === null ? null : formatDecimal(amountMinor, currency)
  const names = { round: null, player: null, game: null }
  return {
    kind: kindOf(ours),
    status: statusOf(ours),
    amount,
    currency,
    ...names,
    at: recordedAt.toISOString(),
  }
}
