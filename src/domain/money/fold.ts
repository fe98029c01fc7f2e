// Takes a decided command into the batch: the state for the commands after it, and the pile of rows to write.
import type { PlacedEvent } from '../journal/append.ts'
import type { auditRow } from '../audit/record-entry.ts'
import type { NewProviderCall } from '../providers/types.ts'
import type { Draft, DraftEvent, Leg } from './draft.ts'
import {
  type BetState,
  putBet,
  putRound,
  putTransaction,
  putWallet,
  type RoundState,
  type State,
  type TransactionState,
  transactionKeyOf,
  type WalletState,
} from './state.ts'
import type { Command } from './types.ts'

/** A row of a batch at the offset of the event it came with. */
export type At<Row> = Row & { readonly offset: number }

export type LegRow = Leg & {
  readonly leg: number
  readonly event: DraftEvent
  readonly transactionId: string
}

/** Everything a batch writes. Rows that were read are updated where their version is still `from`. */
export interface Pile {
  readonly events: PlacedEvent[]
  readonly legs: At<LegRow>[]
  /** What was read, by key: its version when it was read. */
  readonly read: {
    readonly players: Map<string, bigint>
    readonly wallets: Map<string, bigint>
    readonly rounds: Map<string, bigint>
    readonly bets: Map<string, bigint>
    readonly transactions: Set<string>
  }
  readonly wallets: Map<string, WalletState>
  readonly rounds: Map<string, RoundState>
  /** What providers report of rounds, as JSON by round; written with a change of the round. */
  readonly roundResults: Map<string, string>
  readonly bets: Map<string, At<BetState>>
  readonly transactions: Map<string, At<TransactionState>>
  readonly providerCalls: NewProviderCall[]
  readonly audits: ReturnType<typeof auditRow>[]
}

const versions = (rows: ReadonlyMap<string, { version: bigint }>) =>
  new Map([...rows].map(([id, row]) => [id, row.version]))

export const emptyPile = (state: State): Pile => ({
  events: [],
  legs: [],
  read: {
    players: versions(state.players),
    wallets: versions(state.wallets),
    rounds: versions(state.rounds),
    bets: versions(state.bets),
    transactions: new Set(state.transactions.keys()),
  },
  wallets: new Map(),
  rounds: new Map(),
  roundResults: new Map(),
  bets: new Map(),
  transactions: new Map(),
  providerCalls: [],
  audits: [],
})

/** A pile that can be added to without the other: for what may not come to pass. */
export const copyPile = (pile: Pile): Pile => ({
  events: [...pile.events],
  legs: [...pile.legs],
  read: pile.read,
  wallets: new Map(pile.wallets),
  rounds: new Map(pile.rounds),
  roundResults: new Map(pile.roundResults),
  bets: new Map(pile.bets),
  transactions: new Map(pile.transactions),
  providerCalls: [...pile.providerCalls],
  audits: [...pile.audits],
})

/** Must not throw: it is called once a decision stands. */
export function fold(state: State, pile: Pile, command: Command, draft: Draft): void {
  const first = pile.events.length
  for (const event of draft.events) place(state, pile, command, event)
  for (const wallet of draft.wallets.values()) {
    putWallet(state, wallet)
    pile.wallets.set(wallet.id, wallet)
  }
  for (const round of draft.rounds.values()) {
    if (!state.rounds.has(round.id)) state.completable.add(round.id)
    putRound(state, round)
    pile.rounds.set(round.id, round)
  }
  for (const [id, stakedMinor] of draft.roundStakes) state.roundStakes.set(id, stakedMinor)
  // A row names the event that it came with, whatever becomes of it later in the batch: a bet its BetPlaced, a
  // transaction the first of its command. Only inserts write the offset; of a row that was read it means nothing.
  for (const bet of draft.bets.values()) {
    putBet(state, bet)
    const placed = draft.events.findIndex((event) => event.type === 'BetPlaced' && event.betId === bet.id)
    pile.bets.set(bet.id, { ...bet, offset: pile.bets.get(bet.id)?.offset ?? first + placed })
  }
  for (const transaction of draft.transactions) {
    putTransaction(state, transaction)
    const key = transactionKeyOf(transaction.scopeId, transaction.transactionKey)
    pile.transactions.set(key, { ...transaction, offset: pile.transactions.get(key)?.offset ?? first })
  }
}

/** Gives the event its place among the batch's and among its player's. */
function place(state: State, pile: Pile, command: Command, event: DraftEvent): void {
  const player = event.playerId === undefined ? undefined : state.players.get(event.playerId)
  const playerVersion = player ? player.version + 1n : null
  if (player && playerVersion !== null) state.players.set(player.id, { ...player, version: playerVersion })
  const offset = pile.events.length
  const { legs, ...fields } = event
  pile.events.push({ ...fields, playerVersion, actor: command.actor, trace: command.trace })
  legs.forEach((leg, index) => {
    pile.legs.push({ ...leg, leg: index, event, offset, transactionId: event.transactionId ?? '' })
  })
}
