// What a batch of commands is decided on: the rows read under the lock, changed in memory as commands are decided,
// so that the next command of the batch sees what the one before it did. No I/O.
import type { PlayerLock } from '../journal/lock-players.ts'
import type { Limit } from '../players/types.ts'
import type { Counters } from '../wallets/counters.ts'
import type { BetStatus, RoundStatus } from './states.ts'
import type { Command } from './types.ts'

export interface SessionState {
  readonly id: string
  readonly brandId: string
  readonly playerId: string
  readonly walletId: string
  readonly providerAccountId: string
  readonly accountStatus: GameState['status']
  readonly gameId: string
  readonly gameStatus: GameState['status']
  readonly currency: string
  readonly status: 'OPEN' | 'CLOSED'
  readonly expiresAt: Date
}

export interface WalletState {
  readonly id: string
  readonly brandId: string
  readonly playerId: string
  readonly currency: string
  readonly cashMinor: bigint
  readonly bonusMinor: bigint
  readonly owedMinor: bigint
  readonly counters: Counters
  readonly version: bigint
  readonly createdAt: Date
}

export interface GameState {
  readonly id: string
  readonly status: 'ENABLED' | 'DISABLED'
}

export interface RoundState {
  readonly id: string
  readonly brandId: string
  readonly playerId: string
  readonly sessionId: string
  readonly gameId: string
  readonly providerAccountId: string
  readonly roundKey: string
  readonly currency: string
  readonly status: RoundStatus
  readonly startedAt: Date
  readonly completedAt: Date | null
  readonly version: bigint
}

export interface BetState {
  readonly id: string
  readonly brandId: string
  readonly playerId: string
  readonly walletId: string
  readonly sessionId: string
  readonly roundId: string
  readonly gameId: string
  readonly providerAccountId: string
  readonly transactionId: string
  readonly transactionKey: string
  readonly status: BetStatus
  readonly result: 'WON' | 'LOST' | null
  readonly kind: 'REAL' | 'FREE' | 'PROMO'
  readonly currency: string
  readonly stakeMinor: bigint
  readonly bonusStakeMinor: bigint
  readonly payoutMinor: bigint
  readonly jackpotMinor: bigint
  readonly late: boolean
  readonly placedAt: Date
  readonly settledAt: Date | null
  readonly version: bigint
}

export interface TransactionState {
  readonly scopeId: string
  readonly transactionKey: string
  readonly id: string
  readonly brandId: string
  readonly providerAccountId: string | null
  readonly kind: Command['kind'] | 'TOMBSTONE'
  readonly verdict: string
  readonly fingerprint: Buffer
  readonly referenceKey: string | null
  readonly playerId: string | null
  readonly walletId: string | null
  readonly sessionId: string | null
  readonly roundId: string | null
  readonly betId: string | null
  readonly amountMinor: bigint | null
  readonly bonusMinor: bigint | null
  readonly jackpotMinor: bigint | null
  readonly currency: string | null
  readonly reversedById: string | null
  readonly refusedLimit: string | null
  readonly providerTime: Date | null
  readonly recordedAt: Date
}

export const transactionKeyOf = (scopeId: string, key: string) => `${scopeId} ${key}`
export const roundKeyOf = (accountId: string, playerId: string, key: string) =>
  `${accountId} ${playerId} ${key}`
export const gameKeyOf = (providerId: string, code: string) => `${providerId} ${code}`
export const gameLimitsOf = (brandId: string, gameId: string) => `${brandId} ${gameId}`
export const walletKeyOf = (playerId: string, currency: string) => `${playerId} ${currency}`

export interface State {
  /** Locked players. Whatever belongs to another player is not decided upon. */
  readonly players: Map<string, PlayerLock>
  /** Players whom others hold were passed by: one who is not among the locked may be there all the same. */
  readonly passing: boolean
  /** By the hex of the token's hash. */
  readonly sessions: Map<string, SessionState>
  readonly wallets: Map<string, WalletState>
  /** Wallet ids by player and currency. */
  readonly walletIds: Map<string, string>
  readonly games: Map<string, GameState>
  readonly rounds: Map<string, RoundState>
  /** Round ids by account, player and round key. */
  readonly roundIds: Map<string, string>
  readonly bets: Map<string, BetState>
  /** Bet ids by round, of the rounds that commands of the batch close or pay, and of those made in it. */
  readonly betIds: Map<string, Set<string>>
  /** By whom they are for: a player's id, a brand's, or gameLimitsOf. */
  readonly limits: Map<string, Limit[]>
  /** What was staked in rounds so far, when a limit may ask for it. */
  readonly roundStakes: Map<string, bigint>
  /** The rounds all of whose open bets are here; no other may be completed in this batch. */
  readonly completable: Set<string>
  readonly transactions: Map<string, TransactionState>
}

export const emptyState = (): State => ({
  players: new Map(),
  passing: false,
  sessions: new Map(),
  wallets: new Map(),
  walletIds: new Map(),
  games: new Map(),
  rounds: new Map(),
  roundIds: new Map(),
  bets: new Map(),
  betIds: new Map(),
  limits: new Map(),
  roundStakes: new Map(),
  completable: new Set(),
  transactions: new Map(),
})

/** A state that can be folded into without the other: for what may not come to pass. */
export const copyState = (state: State): State => ({
  players: new Map(state.players),
  passing: state.passing,
  sessions: state.sessions,
  wallets: new Map(state.wallets),
  walletIds: new Map(state.walletIds),
  games: state.games,
  rounds: new Map(state.rounds),
  roundIds: new Map(state.roundIds),
  bets: new Map(state.bets),
  betIds: new Map([...state.betIds].map(([round, ids]) => [round, new Set(ids)])),
  limits: state.limits,
  roundStakes: new Map(state.roundStakes),
  completable: new Set(state.completable),
  transactions: new Map(state.transactions),
})

export function putWallet(state: State, wallet: WalletState): void {
  state.wallets.set(wallet.id, wallet)
  state.walletIds.set(walletKeyOf(wallet.playerId, wallet.currency), wallet.id)
}

export function putRound(state: State, round: RoundState): void {
  state.rounds.set(round.id, round)
  state.roundIds.set(roundKeyOf(round.providerAccountId, round.playerId, round.roundKey), round.id)
}

export function putBet(state: State, bet: BetState): void {
  state.bets.set(bet.id, bet)
  const ids = state.betIds.get(bet.roundId)
  if (ids) ids.add(bet.id)
  else state.betIds.set(bet.roundId, new Set([bet.id]))
}

export function putLimit(state: State, limit: Limit): void {
  const { brandId, playerId, gameId } = limit
  const key = playerId ?? (gameId === null ? brandId : gameLimitsOf(brandId, gameId))
  state.limits.set(key, [...(state.limits.get(key) ?? []), limit])
}

export function putTransaction(state: State, transaction: TransactionState): void {
  state.transactions.set(transactionKeyOf(transaction.scopeId, transaction.transactionKey), transaction)
}
