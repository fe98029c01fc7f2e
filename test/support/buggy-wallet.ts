// A small wallet in memory that keeps the rules of the conformance kit's table, and that can be told to break one of
// them. It shares no code with Pitboss: it proves that the kit finds what is wrong, and only that.
import { setImmediate as turn } from 'node:timers/promises'

/** What can be wrong with it, one at a time. */
export const plantedBugs = [
  'FLOATS',
  'DEBITS_EVERY_REPEAT',
  'CREDITS_EVERY_REPEAT',
  'NO_TOMBSTONE',
  'REFUSES_WINS_OF_BLOCKED',
  'REFUSES_WINS_OF_EXPIRED',
  'VERIFIES_PARSED_JSON',
  'VERIFIES_NOTHING',
  'DEBITS_THEN_REFUSES',
  'GOES_BELOW_ZERO',
  'LOSES_UPDATES',
  'IGNORES_CURRENCY',
  'IGNORES_CONTENT',
  'REVERSES_TWICE',
  'REVERSES_A_REVERSAL',
  'REVERSES_WON_BETS_THE_OTHER_WAY',
  'PAYS_REVERSED_BETS',
  'PAYS_UNKNOWN_BETS',
  'PAYS_ANYBODY',
  'TAKES_BELOW_ZERO',
  'FORGETS_EXPIRY',
  'LIMITS_WINS',
  'REFUSES_UNKNOWN_ROLLBACKS',
  'REFUSES_ZERO_WINS',
  'PAYS_A_ROUND_ONCE',
  'DEBITS_FREE_BETS',
  'REVERSES_BY_TOKEN_ONLY',
  'TAKES_ANY_KIND_FOR_A_REPEAT',
  'REFUSES_BETS_IN_CLOSED_ROUNDS',
] as const

export type PlantedBug = (typeof plantedBugs)[number]

export type WalletVerdict =
  | 'OK'
  | 'CONFLICT'
  | 'FUNDS'
  | 'LIMIT'
  | 'BLOCKED'
  | 'SESSION'
  | 'EXPIRED'
  | 'CURRENCY'
  | 'TOMBSTONED'
  | 'UNKNOWN'
  | 'REVERSED'
  | 'SETTLED'
  | 'NOTHING_TO_REVERSE'
  | 'REVERSED_ALREADY'

export interface WalletCall {
  readonly kind: 'BET' | 'WIN' | 'ROLLBACK' | 'PROMO'
  readonly id: string
  readonly token: string
  /** By which later calls may name a bet. */
  readonly handles: readonly string[]
  readonly reference?: string
  readonly amountMinor: bigint
  readonly currency?: string
  readonly isFree: boolean
  readonly round: string
  /** All that a repeated call must have the same. */
  readonly content: string
}

export interface WalletOutcome {
  readonly verdict: WalletVerdict
  readonly user?: string
  readonly cashMinor?: bigint
}

interface Player {
  readonly user: string
  cash: bigint
  blocked: boolean
  readonly limitMinor?: bigint
}

interface Bet {
  readonly user: string
  readonly stake: bigint
  state: 'OPEN' | 'WON' | 'REVERSED'
}

/** STRICT: a bet is settled once, and only an open one can be reversed. */
export type Settling = 'LENIENT' | 'STRICT'

export class BuggyWallet {
  readonly bug: PlantedBug | undefined
  readonly #settling: Settling
  readonly #players = new Map<string, Player>()
  readonly #sessions = new Map<string, { user: string; expired: boolean }>()
  readonly #calls = new Map<string, { call: WalletCall; verdict: WalletVerdict }>()
  readonly #bets = new Map<string, Bet>()
  readonly #tombstones = new Set<string>()
  /** Rounds that a win of zero has ended. */
  readonly #closed = new Set<string>()
  #arrivals = 0

  constructor(settling: Settling, bug?: PlantedBug) {
    this.#settling = settling
    this.bug = bug
    for (const user of ['main', 'second', 'expired', 'blocked', 'limited']) {
      const limit = user === 'limited' ? { limitMinor: 1_000n } : {}
      this.#players.set(user, { user, cash: 0n, blocked: false, ...limit })
      this.#sessions.set(`live-${user}`, { user, expired: false })
    }
    this.#sessions.set('over-expired', { user: 'expired', expired: true })
    this.refill()
  }

  /** What a bug did to the money in one scenario shall not be felt in the next. */
  refill(): void {
    for (const player of this.#players.values()) player.cash = player.user === 'main' ? 100_000n : 10_007n
  }

  block(user: string): void {
    const player = this.#players.get(user)
    if (player) player.blocked = true
  }

  tell(token: string): WalletOutcome {
    const player = this.#playerOf(token)
    return player ? { verdict: 'OK', user: player.user, cashMinor: player.cash } : { verdict: 'SESSION' }
  }

  async apply(given: WalletCall): Promise<WalletOutcome> {
    this.#arrivals += 1
    const call = this.bug === 'FLOATS' ? { ...given, amountMinor: throughFloat(given.amountMinor) } : given
    // Whatever comes at the same time as a bet comes before it: the hardest order, and always the same.
    if (call.kind === 'BET') await this.#calm()
    const known = this.#calls.get(call.id)
    if (known && !this.#forgets(call, known.call)) return this.#repeat(call, known)
    const verdict = await this.#decide(call)
    if (verdict === 'OK') this.#calls.set(call.id, { call, verdict })
    return this.#outcome(call, verdict)
  }

  async #calm(): Promise<void> {
    for (let calm = 0, seen = this.#arrivals; calm < 12; calm += 1) {
      await turn()
      if (seen !== this.#arrivals) calm = 0
      seen = this.#arrivals
    }
  }

  /** Takes the same call for a new one. */
  #forgets({ kind, content }: WalletCall, known: WalletCall): boolean {
    if (known.kind !== kind || known.content !== content) return false
    return this.bug === (kind === 'BET' ? 'DEBITS_EVERY_REPEAT' : 'CREDITS_EVERY_REPEAT')
  }

  #repeat(call: WalletCall, known: { call: WalletCall; verdict: WalletVerdict }): WalletOutcome {
    const sameContent = known.call.content === call.content || this.bug === 'IGNORES_CONTENT'
    const anyKind = this.bug === 'TAKES_ANY_KIND_FOR_A_REPEAT'
    const same = known.call.kind === call.kind ? sameContent : anyKind
    return this.#outcome(call, same ? known.verdict : 'CONFLICT')
  }

  #decide(call: WalletCall): Promise<WalletVerdict> | WalletVerdict {
    if (call.kind === 'BET') return this.#bet(call)
    if (call.kind === 'WIN') return this.#win(call)
    return call.kind === 'ROLLBACK' ? this.#rollback(call) : this.#promo(call)
  }

  async #bet(call: WalletCall): Promise<WalletVerdict> {
    const session = this.#sessions.get(call.token)
    const player = this.#playerOf(call.token)
    if (!session || !player) return 'SESSION'
    if (session.expired && this.bug !== 'FORGETS_EXPIRY') return 'EXPIRED'
    if (player.blocked) return 'BLOCKED'
    if (call.currency !== undefined && call.currency !== 'EUR' && this.bug !== 'IGNORES_CURRENCY') {
      return 'CURRENCY'
    }
    if (call.handles.some((handle) => this.#tombstones.has(handle))) return 'TOMBSTONED'
    const tied = call.handles.map((handle) => this.#bets.get(handle)).find(Boolean)
    if (this.#settling === 'STRICT' && tied && !this.#calls.has(call.id)) return 'SETTLED'
    if (player.limitMinor !== undefined && call.amountMinor > player.limitMinor) return 'LIMIT'
    if (this.bug === 'REFUSES_BETS_IN_CLOSED_ROUNDS' && this.#closed.has(call.round)) return 'SETTLED'
    const stake = call.isFree && this.bug !== 'DEBITS_FREE_BETS' ? 0n : call.amountMinor
    const { cash } = player
    if (stake > cash && this.bug !== 'GOES_BELOW_ZERO') {
      if (this.bug === 'DEBITS_THEN_REFUSES') player.cash -= stake
      return 'FUNDS'
    }
    if (this.bug === 'LOSES_UPDATES') await turn()
    player.cash = (this.bug === 'LOSES_UPDATES' ? cash : player.cash) - stake
    const bet: Bet = { user: player.user, stake, state: 'OPEN' }
    for (const handle of call.handles) this.#bets.set(handle, bet)
    return 'OK'
  }

  #win(call: WalletCall): WalletVerdict {
    const reference = call.reference ?? ''
    const bet = this.#bets.get(reference)
    const caller = this.#playerOf(call.token)
    if (!bet && this.bug === 'PAYS_UNKNOWN_BETS' && caller && !this.#tombstones.has(reference)) {
      return this.#pay(caller, call)
    }
    if (!bet) return this.#tombstones.has(reference) ? 'REVERSED' : 'UNKNOWN'
    const owner = this.#players.get(bet.user)
    if (!owner || (caller && caller !== owner && this.bug !== 'PAYS_ANYBODY')) return 'UNKNOWN'
    if (bet.state === 'REVERSED' && this.bug !== 'PAYS_REVERSED_BETS') return 'REVERSED'
    const repeats = this.bug === 'CREDITS_EVERY_REPEAT' && this.#calls.has(call.id)
    if (bet.state === 'WON' && this.#settling === 'STRICT' && !repeats) return 'SETTLED'
    if (this.#refusesWin(call, owner)) return owner.blocked ? 'BLOCKED' : 'EXPIRED'
    if (this.bug === 'LIMITS_WINS' && owner.limitMinor !== undefined && call.amountMinor > owner.limitMinor) {
      return 'LIMIT'
    }
    const refused = this.#refusesAmount(call, bet)
    if (refused) return refused
    if (call.amountMinor === 0n) this.#closed.add(call.round)
    bet.state = 'WON'
    return this.#pay(owner, call)
  }

  #refusesAmount({ amountMinor }: WalletCall, { state }: Bet): WalletVerdict | undefined {
    if (this.bug === 'REFUSES_ZERO_WINS' && amountMinor === 0n) return 'UNKNOWN'
    return this.bug === 'PAYS_A_ROUND_ONCE' && state === 'WON' ? 'SETTLED' : undefined
  }

  #refusesWin({ token }: WalletCall, { blocked }: Player): boolean {
    if (this.bug === 'REFUSES_WINS_OF_BLOCKED') return blocked
    return this.bug === 'REFUSES_WINS_OF_EXPIRED' && this.#sessions.get(token)?.expired === true
  }

  #pay(player: Player, { amountMinor }: WalletCall): WalletVerdict {
    player.cash += amountMinor
    return 'OK'
  }

  #rollback(call: WalletCall): WalletVerdict {
    const reference = call.reference ?? ''
    const bet = this.#bets.get(reference)
    const reversal = this.#calls.get(reference.replace(/^\w+:/, ''))?.call
    if (!bet && reversal?.kind === 'ROLLBACK') {
      const player = this.#playerOf(call.token)
      if (this.bug === 'REVERSES_A_REVERSAL' && player) player.cash -= 100n
      return 'NOTHING_TO_REVERSE'
    }
    if (!bet) {
      if (this.bug === 'REFUSES_UNKNOWN_ROLLBACKS') return 'CURRENCY'
      if (this.bug !== 'NO_TOMBSTONE') this.#tombstones.add(reference)
      return 'NOTHING_TO_REVERSE'
    }
    if (this.bug === 'REVERSES_BY_TOKEN_ONLY' && !this.#sessions.has(call.token)) return 'SESSION'
    if (bet.state === 'REVERSED' && this.bug !== 'REVERSES_TWICE') return 'REVERSED_ALREADY'
    const strict = (this.#settling === 'STRICT') !== (this.bug === 'REVERSES_WON_BETS_THE_OTHER_WAY')
    if (bet.state === 'WON' && strict) return 'SETTLED'
    const owner = this.#players.get(bet.user)
    if (owner) owner.cash += bet.stake
    bet.state = 'REVERSED'
    return 'OK'
  }

  #promo(call: WalletCall): WalletVerdict {
    const player = this.#playerOf(call.token)
    return player ? this.#pay(player, call) : 'SESSION'
  }

  #playerOf(token: string): Player | undefined {
    return this.#players.get(this.#sessions.get(token)?.user ?? '')
  }

  #outcome(call: WalletCall, verdict: WalletVerdict): WalletOutcome {
    const bet = call.reference === undefined ? undefined : this.#bets.get(call.reference)
    const player = this.#playerOf(call.token) ?? this.#players.get(bet?.user ?? '')
    return player ? { verdict, user: player.user, cashMinor: player.cash } : { verdict }
  }
}

const throughFloat = (minor: bigint) => BigInt(Math.trunc((Number(minor) / 100) * 100))
