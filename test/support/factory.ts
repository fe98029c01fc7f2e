// Rows for tests of reading, laid down by plain inserts, and only what can be: legs sum to zero, balances follow
// from each other, every bet stands in a round and was placed by a transaction with an event in the journal.
import type { Sql } from '../../src/db/connection.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { type Brand, FactoryRows, lane, type Row, type Seat } from './factory-rows.ts'

type Outcome = 'OPEN' | 'WON' | 'LOST' | 'ROLLED_BACK'

export interface BetFacts {
  readonly stakeMinor?: bigint
  readonly outcome?: Outcome
  /** What a bet that is WON pays. */
  readonly payoutMinor?: bigint
  /** The part of the payout that a jackpot paid. */
  readonly jackpotMinor?: bigint
  readonly kind?: 'REAL' | 'FREE' | 'PROMO'
  readonly placedAt?: Date
  /** What the keys of its round and its transactions end in; a number of its own when absent. */
  readonly keys?: string
}

interface SeatFacts {
  readonly externalId?: string
  readonly country?: string
  readonly currency?: string
  readonly category?: string
  /** The game and provider are those of this seat. */
  readonly at?: Seat
}

export interface MadeBet {
  readonly id: string
  readonly seat: Seat
  readonly roundId: string
  readonly roundKey: string
  readonly transactionKey: string
  readonly stakeMinor: bigint
  readonly payoutMinor: bigint
  readonly jackpotMinor: bigint
  readonly kind: 'REAL' | 'FREE' | 'PROMO'
  readonly placedAt: Date
  readonly outcome: Outcome
}

const depositMinor = 10n ** 9n

export class Factory {
  readonly #rows: FactoryRows

  constructor(sql: Sql) {
    this.#rows = new FactoryRows(sql)
  }

  /** Writes what was made since the last time. A wallet's row stays as it was first written. */
  save = (): Promise<void> => this.#rows.save()

  brand(code = `brand-${this.#rows.next()}`): Brand {
    const brand = { id: uuidv7(), code }
    const createdAt = new Date()
    this.#rows.add('brands', brand, { name: code, time_zone: 'UTC', currency: 'EUR', created_at: createdAt })
    return brand
  }

  seat(brand: Brand, facts: SeatFacts = {}): Seat {
    const rows = this.#rows
    const number = rows.next()
    const seat: Seat = {
      brand,
      providerId: facts.at?.providerId ?? uuidv7(),
      accountId: uuidv7(),
      accountCode: `account-${number}`,
      gameId: facts.at?.gameId ?? uuidv7(),
      playerId: uuidv7(),
      externalId: facts.externalId ?? `player-${number}`,
      walletId: uuidv7(),
      sessionId: uuidv7(),
      currency: facts.currency ?? 'EUR',
      country: facts.country ?? 'MT',
      category: facts.category ?? 'SLOT',
      cashMinor: 0n,
      walletVersion: 0n,
      playerVersion: 0n,
    }
    if (!facts.at) this.#openGame(seat, number)
    this.#furnish(seat, number)
    const links = rows.transaction(seat, 'DEPOSIT', `deposit-${number}`, depositMinor, {})
    rows.event(seat, 'DepositRecorded', depositMinor, links, [
      ['CASHIER', -depositMinor],
      ['CASH', depositMinor],
    ])
    return seat
  }

  #openGame(seat: Seat, number: number): void {
    const at = { created_at: new Date() }
    const provider = { code: `provider-${number}`, name: `Provider ${number}` }
    const game = {
      code: `game-${number}`,
      name: `Game ${number}`,
      category: seat.category,
      declared_rtp: '0.960000',
    }
    this.#rows.add('providers', { id: seat.providerId }, provider, at)
    this.#rows.add('games', { id: seat.gameId, provider_id: seat.providerId, status: 'ENABLED' }, game, at)
  }

  #furnish(seat: Seat, number: number): void {
    const rows = this.#rows
    const at = { created_at: new Date() }
    const of = { brand_id: seat.brand.id }
    const account = { provider_id: seat.providerId, code: seat.accountCode, dialect: 'hub88' }
    rows.add(
      'provider_accounts',
      { id: seat.accountId, public_keys: ['key'], status: 'ENABLED' },
      account,
      of,
      at,
    )
    rows.add(
      'players',
      { id: seat.playerId, external_id: seat.externalId, status: 'ACTIVE', version: 1n },
      { country: seat.country, last_at: rows.stamp },
      of,
      at,
    )
    const profile = { name: `Ann ${number}`, email: `ann${number}@example.com` }
    rows.add('player_profiles', { player_id: seat.playerId }, of, profile)
    rows.add(
      'wallets',
      { id: seat.walletId, player_id: seat.playerId, currency: seat.currency, cash_minor: depositMinor },
      { bonus_minor: 0n, owed_minor: 0n, version: 1n },
      of,
      at,
    )
    rows.add(
      'sessions',
      { id: seat.sessionId, wallet_id: seat.walletId, token_hash: sha256(seat.sessionId), status: 'OPEN' },
      { opened_at: at.created_at, expires_at: new Date(Date.now() + 3_600_000) },
      this.#played(seat),
    )
  }

  /** What sessions, rounds and bets have alike. */
  #played(seat: Seat): Row {
    const { brand, playerId, gameId, accountId, currency } = seat
    const links = { brand_id: brand.id, player_id: playerId, game_id: gameId }
    return Object.assign(links, { provider_account_id: accountId, currency })
  }

  bet(seat: Seat, facts: BetFacts = {}): MadeBet {
    const { stakeMinor = 100n, outcome = 'OPEN', kind = 'REAL', placedAt = new Date() } = facts
    const payoutMinor = outcome === 'WON' ? (facts.payoutMinor ?? 250n) : 0n
    const number = facts.keys ?? this.#rows.next()
    const made: MadeBet = {
      id: uuidv7(placedAt),
      seat,
      roundId: uuidv7(placedAt),
      roundKey: `round-${number}`,
      transactionKey: `tx-${number}`,
      stakeMinor,
      payoutMinor,
      jackpotMinor: outcome === 'WON' ? (facts.jackpotMinor ?? 0n) : 0n,
      kind,
      placedAt,
      outcome,
    }
    this.#place(made)
    if (outcome !== 'OPEN') this.#finish(made, `${outcome === 'ROLLED_BACK' ? 'rollback' : 'win'}-${number}`)
    return made
  }

  #place(bet: MadeBet): void {
    const { seat, id, roundId, stakeMinor, placedAt, outcome, transactionKey } = bet
    const rows = this.#rows
    const links = rows.transaction(seat, 'BET', transactionKey, stakeMinor, { round_id: roundId, bet_id: id })
    const seq = rows.event(seat, 'BetPlaced', stakeMinor, links, ofReal(bet, 'CASH', 'STAKES', stakeMinor))
    rows.call(seat, 'bet', transactionKey, links, placedAt)
    const end = outcome === 'OPEN' ? null : secondAfter(placedAt)
    const settled = outcome === 'WON' || outcome === 'LOST'
    const of = { session_id: seat.sessionId, version: 1n }
    rows.add(
      'rounds',
      { id: roundId, round_key: bet.roundKey, started_at: placedAt, completed_at: end },
      { status: end ? 'COMPLETED' : 'OPEN' },
      this.#played(seat),
      of,
    )
    rows.add(
      'bets',
      { id, round_id: roundId, wallet_id: seat.walletId, transaction_id: links['transaction_id'] },
      { transaction_key: transactionKey, status: settled ? 'SETTLED' : outcome, kind: bet.kind, late: false },
      { result: settled ? outcome : null, stake_minor: stakeMinor, payout_minor: bet.payoutMinor, lane, seq },
      { placed_at: placedAt, settled_at: settled ? end : null, jackpot_minor: bet.jackpotMinor },
      this.#played(seat),
      of,
    )
  }

  #finish(bet: MadeBet, key: string): void {
    const { seat, id, roundId, outcome, stakeMinor, payoutMinor, jackpotMinor, placedAt } = bet
    const rows = this.#rows
    const back = outcome === 'ROLLED_BACK'
    const ids = { round_id: roundId, bet_id: id }
    const links = rows.transaction(seat, back ? 'ROLLBACK' : 'WIN', key, back ? null : payoutMinor, ids)
    if (back) {
      rows.event(seat, 'BetRolledBack', stakeMinor, links, ofReal(bet, 'STAKES', 'CASH', stakeMinor))
    }
    if (outcome === 'WON') {
      const jackpot = jackpotMinor > 0n ? [['JACKPOTS', -jackpotMinor] as const] : []
      rows.event(seat, 'WinRecorded', payoutMinor, links, [
        [bet.kind === 'REAL' ? 'HOUSE' : 'PROMOTIONS', jackpotMinor - payoutMinor],
        ...jackpot,
        ['CASH', payoutMinor],
      ])
    }
    if (!back) {
      const won = outcome === 'WON'
      const legs = ofReal(bet, 'STAKES', 'HOUSE', stakeMinor)
      rows.event(seat, won ? 'BetSettled' : 'LossRecorded', won ? payoutMinor : stakeMinor, links, legs)
    }
    rows.call(seat, back ? 'rollback' : 'win', key, links, secondAfter(placedAt))
  }
}

/** The stake's way; that of a free bet never moves. */
const ofReal = ({ kind }: MadeBet, from: string, to: string, amountMinor: bigint) =>
  kind === 'REAL'
    ? ([
        [from, -amountMinor],
        [to, amountMinor],
      ] as const)
    : []

const secondAfter = (at: Date) => new Date(at.getTime() + 1000)
