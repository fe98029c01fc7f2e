// What one command wants to change, collected while it is decided and folded into the state only after its decision
// returned: a decision that throws leaves nothing behind.
import { assert } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import type { NewEvent } from '../journal/types.ts'
import type { BetState, RoundState, State, TransactionState, WalletState } from './state.ts'
import { type BetMove, movedBet, movedRound, type RoundMove } from './states.ts'

/** The player's own three, then the house's: stakes in play, and where money comes from or goes to. */
export type Account =
  | 'CASH'
  | 'BONUS'
  | 'OWED'
  | 'STAKES'
  | 'HOUSE'
  | 'PROMOTIONS'
  | 'JACKPOTS'
  | 'CASHIER'
  | 'ADJUSTMENTS'

/** A leg of a double entry: balanceAfter and walletVersion on the player's own accounts only. */
export interface Leg {
  readonly account: Account
  readonly walletId: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly balanceAfter: bigint | null
  readonly walletVersion: bigint | null
}

export interface DraftEvent extends NewEvent {
  readonly legs: readonly Leg[]
}

/** An amount for an account; the amounts of one event sum to zero. */
export type Posting = readonly [account: Account, amountMinor: bigint]

const balances = { CASH: 'cashMinor', BONUS: 'bonusMinor', OWED: 'owedMinor' } as const

const isPlayers = (account: Account): account is keyof typeof balances => Object.hasOwn(balances, account)

export class Draft {
  readonly at: Date
  readonly events: DraftEvent[] = []
  readonly transactions: TransactionState[] = []
  readonly wallets = new Map<string, WalletState>()
  readonly bets = new Map<string, BetState>()
  readonly rounds = new Map<string, RoundState>()
  readonly roundStakes = new Map<string, bigint>()
  readonly #state: State

  constructor(state: State, at: Date) {
    this.#state = state
    this.at = at
  }

  wallet(id: string): WalletState | undefined {
    return this.wallets.get(id) ?? this.#state.wallets.get(id)
  }

  bet(id: string): BetState | undefined {
    return this.bets.get(id) ?? this.#state.bets.get(id)
  }

  round(id: string): RoundState | undefined {
    return this.rounds.get(id) ?? this.#state.rounds.get(id)
  }

  roundStake(id: string): bigint {
    return this.roundStakes.get(id) ?? this.#state.roundStakes.get(id) ?? 0n
  }

  newId(): string {
    return uuidv7(this.at)
  }

  /** The bets of a round that are still open, this command's own included. */
  openBets(roundId: string): BetState[] {
    const known = this.#state.betIds.get(roundId) ?? new Set<string>()
    const own = [...this.bets.values()].filter((bet) => bet.roundId === roundId).map((bet) => bet.id)
    return [...known.union(new Set(own))]
      .map((id) => this.bet(id))
      .filter((bet) => bet !== undefined)
      .filter((bet) => bet.status === 'OPEN')
  }

  moveBet(bet: BetState, move: BetMove, change: Partial<BetState>): BetState {
    const changed = { ...bet, ...change, status: movedBet(bet.status, move), version: bet.version + 1n }
    this.bets.set(bet.id, changed)
    return changed
  }

  moveRound(round: RoundState, move: RoundMove, change: Partial<RoundState>): RoundState {
    const status = movedRound(round.status, move)
    const changed = { ...round, ...change, status, version: round.version + 1n }
    this.rounds.set(round.id, changed)
    return changed
  }

  /** Records an event with its double entry on one wallet and the accounts of the house. */
  record(event: Omit<NewEvent, 'occurredAt'>, walletId?: string, postings: readonly Posting[] = []): void {
    const moved = postings.filter(([, amount]) => amount !== 0n)
    const sum = moved.reduce((total, [, amount]) => total + amount, 0n)
    assert(sum === 0n, `the legs of ${event.type} sum to ${sum}`)
    const legs =
      walletId === undefined ? [] : moved.map((posting) => this.#post(walletId, event.currency, posting))
    this.events.push({ ...event, occurredAt: this.at, legs })
  }

  /** The house's side needs the currency alone: a round that completes may have bets of wallets that nobody read. */
  #post(walletId: string, told: string | undefined, [account, amountMinor]: Posting): Leg {
    const wallet = this.wallet(walletId)
    const currency = wallet?.currency ?? told
    assert(currency, 'a posting names a wallet that was read, or its currency')
    const leg = { account, walletId, amountMinor, currency }
    if (!isPlayers(account)) return { ...leg, balanceAfter: null, walletVersion: null }
    assert(wallet, 'a posting names a wallet that was read')
    const field = balances[account]
    const balanceAfter = wallet[field] + amountMinor
    assert(
      account === 'OWED' ? balanceAfter <= 0n : balanceAfter >= 0n,
      `${account} would be ${balanceAfter}`,
    )
    const changed = { ...wallet, [field]: balanceAfter, version: wallet.version + 1n }
    this.wallets.set(walletId, changed)
    return { ...leg, balanceAfter, walletVersion: changed.version }
  }
}
