// Finishes the bets that a crash, a silent engine or an impatient caller left open. An open bet of an account with an
// engine is its own outbox: any number of processes may sweep, and whoever comes second finds it done.
import type { Context } from '../context.ts'
import type { OpenAccount } from '../providers/types.ts'
import type { GameEngine } from './engine.ts'
import { type EngineBet, waitingEngineBets } from './engine-bets.ts'
import { finishBet } from './finish-bet.ts'
import type { EngineServices } from './place-bet.ts'

export interface BetSweepOptions {
  /** Younger bets are still with the call that placed them. */
  readonly olderThanMs: number
  /** A bet that the engine has never heard of is sent again until it is so old; then it is taken back. */
  readonly cancelAfterMs: number
}

const pageSize = 200
/** How many bets of one account are asked for at a time. */
const parallelMax = 4
/** The pause before a bet is asked for again grows with its age, up to this. */
const pauseMaxMs = 60_000
const firstId = '00000000-0000-0000-0000-000000000000'

/** One process's sweep; it remembers which bets it asked for lately. */
export class BetSweep {
  readonly #ctx: Context
  readonly #services: EngineServices
  readonly #options: BetSweepOptions
  /** When a bet may be asked for again, in milliseconds since 1970. */
  #dueMs = new Map<string, number>()

  constructor(ctx: Context, services: EngineServices, options: BetSweepOptions) {
    this.#ctx = ctx
    this.#services = services
    this.#options = options
  }

  /** Goes once over all that wait; returns how many were finished. */
  async run(): Promise<number> {
    const before = new Date(this.#ctx.clock.now().getTime() - this.#options.olderThanMs)
    const waiting = new Map<string, number>()
    const silent = new Set<string>()
    let finished = 0
    for (let after = firstId; ; ) {
      const page = await waitingEngineBets(this.#ctx, { before, after, limit: pageSize })
      const heard = page.filter(({ accountCode }) => !silent.has(accountCode))
      const byAccount = Map.groupBy(heard, ({ accountCode }) => accountCode)
      const counts = await Promise.all(
        [...byAccount].map(([code, bets]) => this.#finishOf(code, bets, silent)),
      )
      finished += counts.reduce((sum, count) => sum + count, 0)
      for (const { id } of page) waiting.set(id, this.#dueMs.get(id) ?? 0)
      const last = page.at(-1)
      if (page.length < pageSize || !last) break
      after = last.roundId
    }
    this.#dueMs = waiting
    return finished
  }

  /** An account whose engine answers nothing is left alone until the next run: it would keep the others waiting. */
  async #finishOf(accountCode: string, bets: readonly EngineBet[], silent: Set<string>): Promise<number> {
    const account = await this.#services.accounts.byCode(accountCode)
    const engine = account && this.#services.ports.engineOf(account.dialect)
    if (!engine) return 0
    const nowMs = this.#ctx.clock.now().getTime()
    const due = bets.filter(({ id }) => (this.#dueMs.get(id) ?? 0) <= nowMs)
    let finished = 0
    for (let at = 0; at < due.length; at += parallelMax) {
      const some = due.slice(at, at + parallelMax)
      const ends = await Promise.all(some.map((bet) => this.#finish(engine, account, bet, nowMs)))
      finished += ends.filter((end) => end === 'FINISHED').length
      if (ends.every((end) => end === 'UNKNOWN')) {
        // One bet alone may be answered badly.
        if (some.length === parallelMax) silent.add(accountCode)
        break
      }
    }
    return finished
  }

  async #finish(
    engine: GameEngine,
    account: OpenAccount,
    bet: EngineBet,
    nowMs: number,
  ): Promise<'FINISHED' | 'UNKNOWN' | 'UNHEARD'> {
    const ageMs = nowMs - bet.placedAt.getTime()
    this.#dueMs.set(bet.id, nowMs + Math.min(ageMs / 4, pauseMaxMs))
    const place = { account, bet }
    const told = await engine.ask(account, bet)
    if (await finishBet(this.#ctx, this.#services, place, told)) return 'FINISHED'
    if (told.fate.kind !== 'UNHEARD') return 'UNKNOWN'
    // Never rolled back on a guess: the engine takes it back first, so that a late copy of it finds it taken back.
    const again =
      ageMs < this.#options.cancelAfterMs ? engine.play(account, bet) : engine.cancel(account, bet)
    return (await finishBet(this.#ctx, this.#services, place, await again)) ? 'FINISHED' : 'UNHEARD'
  }
}
