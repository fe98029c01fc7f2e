// The rules without a database: players, wallets, sessions and games in memory, commands decided and folded in one
// after the other, as within a batch.
import { expect } from 'vitest'
import { type Decision, decide } from '../../src/domain/money/decide.ts'
import type { DraftEvent } from '../../src/domain/money/draft.ts'
import { emptyPile, fold, type Pile } from '../../src/domain/money/fold.ts'
import {
  emptyState,
  gameKeyOf,
  putWallet,
  type SessionState,
  type State,
  transactionKeyOf,
  type WalletState,
} from '../../src/domain/money/state.ts'
import type { Command, Outcome } from '../../src/domain/money/types.ts'
import { noCounters } from '../../src/domain/wallets/counters.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { commandsOf, type Desk, type Seat } from './commands.ts'

export interface TableSeat extends Seat {
  readonly externalId: string
  readonly walletId: string
  readonly session: SessionState
}

export const noon = new Date('2026-03-01T12:00:00.000Z')
const minute = 60_000

export function openTable() {
  const desk: Desk = { brandId: uuidv7(noon), providerId: uuidv7(noon), accountId: uuidv7(noon) }
  const state = emptyState()
  const pile = emptyPile(state)
  for (const [code, status] of [
    ['reel_quest', 'ENABLED'],
    ['switched_off', 'DISABLED'],
  ] as const) {
    state.games.set(gameKeyOf(desk.providerId, code), { id: uuidv7(noon), status })
  }
  return {
    desk,
    state,
    pile,
    commands: commandsOf(desk),
    seat: (given: Parameters<typeof addSeat>[2] = {}) => addSeat(state, desk, given),
    /** Decides and folds; every event's legs sum to zero, and a draft changes nothing before it is folded. */
    play: (command: Command, at = noon): Outcome => play(state, pile, command, at),
    /** The events of a key's transaction, as one line each. */
    events: (key: string, scopeId = desk.accountId) => {
      const transaction = state.transactions.get(transactionKeyOf(scopeId, key))
      return pile.events.filter((event) => event.transactionId === transaction?.id).map(line)
    },
    stored: (key: string, scopeId = desk.accountId) =>
      state.transactions.get(transactionKeyOf(scopeId, key))?.verdict,
    wallet: (seat: TableSeat) => state.wallets.get(seat.walletId) ?? expect.fail('no such wallet'),
    bet: (key: string) =>
      [...state.bets.values()].find((bet) => bet.transactionKey === key) ?? expect.fail(`no bet ${key}`),
    round: (seat: TableSeat, key = 'r') =>
      [...state.rounds.values()].find((one) => one.playerId === seat.playerId && one.roundKey === key),
    /** What the house's accounts hold together with the players': by account, over all wallets. */
    accounts: () => accounts(pile),
  }
}

export type Table = ReturnType<typeof openTable>

function play(state: State, pile: Pile, command: Command, at: Date): Outcome {
  const before = summary(state)
  const decision: Decision = decide(state, command, at)
  expect(summary(state)).toBe(before)
  for (const event of decision.draft.events) expect(sumOf(event)).toBe(0n)
  fold(state, pile, command, decision.draft)
  return decision.outcome
}

const sumOf = ({ legs }: DraftEvent) => legs.reduce((sum, leg) => sum + leg.amountMinor, 0n)

const summary = (state: State) =>
  [state.wallets, state.bets, state.rounds, state.transactions, state.players]
    .map((rows) => `${rows.size}:${[...rows.values()].map((row) => versionOf(row)).join()}`)
    .join(' ')

const versionOf = (row: object) => ('version' in row ? String(row.version) : '')

const line = ({ type, amountMinor, facts }: Pile['events'][number]) =>
  [type, amountMinor, facts && Object.entries(facts).flat().join(' ')].filter(Boolean).join(' ')

function accounts(pile: Pile): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const leg of pile.legs) sums[leg.account] = (sums[leg.account] ?? 0n) + leg.amountMinor
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n))
}

function addSeat(
  state: State,
  desk: Desk,
  given: {
    cashMinor?: bigint
    bonusMinor?: bigint
    status?: 'ACTIVE' | 'BLOCKED'
    currency?: string
    session?: 'OPEN' | 'CLOSED' | 'EXPIRED'
    playerId?: string
    excludedUntil?: Date
    timeZone?: string
    account?: 'ENABLED' | 'DISABLED'
  },
): TableSeat {
  const { excludedUntil = null, timeZone = 'UTC', account = 'ENABLED' } = given
  const { cashMinor = 1000n, bonusMinor = 0n, status = 'ACTIVE', currency = 'EUR', session = 'OPEN' } = given
  const playerId = given.playerId ?? uuidv7(noon)
  const externalId = `player ${playerId}`
  const named = { id: playerId, brandId: desk.brandId, externalId, country: 'EE' }
  const player = { ...named, status, excludedUntil, timeZone }
  if (!state.players.has(playerId)) state.players.set(playerId, { ...player, version: 0n, lastUs: 0n })
  const wallet: WalletState = {
    id: uuidv7(noon),
    brandId: desk.brandId,
    playerId,
    currency,
    cashMinor,
    bonusMinor,
    owedMinor: 0n,
    counters: noCounters,
    version: 0n,
    createdAt: noon,
  }
  putWallet(state, wallet)
  const opened: SessionState = {
    id: uuidv7(noon),
    brandId: desk.brandId,
    playerId,
    walletId: wallet.id,
    providerAccountId: desk.accountId,
    accountStatus: account,
    gameId: state.games.get(gameKeyOf(desk.providerId, 'reel_quest'))?.id ?? '',
    gameStatus: 'ENABLED',
    currency,
    status: session === 'CLOSED' ? 'CLOSED' : 'OPEN',
    expiresAt: new Date(noon.getTime() + (session === 'EXPIRED' ? 0 : minute)),
  }
  const tokenHash = sha256(opened.id)
  state.sessions.set(tokenHash.toString('hex'), opened)
  return { playerId, tokenHash, externalId, walletId: wallet.id, session: opened }
}

/** A player whose token nobody knows. */
export const stranger: Seat = { playerId: uuidv7(noon), tokenHash: sha256('nobody') }
