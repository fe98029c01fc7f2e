// Rows for tests of reading, laid down by plain inserts, and only what can be: legs sum to zero, balances follow
// from each other, every bet stands in a round and was placed by a transaction with an event in the journal.
import type { Sql } from '../../src/db/connection.ts'
import { stampText } from '../../src/lib/stamp.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'

type Row = Record<string, unknown>

export interface Brand {
  readonly id: string
  readonly code: string
}

/** A player of a brand in one open session, at a game of a provider of its own. */
export interface Seat {
  readonly brand: Brand
  readonly providerId: string
  readonly accountId: string
  readonly accountCode: string
  readonly gameId: string
  readonly playerId: string
  readonly externalId: string
  readonly walletId: string
  readonly sessionId: string
  readonly currency: string
  cashMinor: bigint
  walletVersion: bigint
  playerVersion: bigint
}

export interface BetFacts {
  readonly stakeMinor?: bigint
  /** WON pays payoutMinor. */
  readonly outcome?: 'OPEN' | 'WON' | 'LOST' | 'ROLLED_BACK'
  readonly payoutMinor?: bigint
  readonly placedAt?: Date
}

export interface MadeBet {
  readonly id: string
  readonly seat: Seat
  readonly roundId: string
  readonly roundKey: string
  readonly transactionKey: string
  readonly stakeMinor: bigint
  readonly payoutMinor: bigint
  readonly placedAt: Date
  readonly outcome: 'OPEN' | 'WON' | 'LOST' | 'ROLLED_BACK'
  /** The provider call that placed it. */
  readonly callId: string
}

const order = [
  ...['brands', 'providers', 'provider_accounts', 'games', 'players', 'player_profiles', 'wallets'],
  ...[
    'sessions',
    'rounds',
    'bets',
    'transactions',
    'ledger_entries',
    'journal',
    'provider_calls',
    'activities',
  ],
] as const

const lane = 0
const depositMinor = 10n ** 9n

export class Factory {
  readonly #sql: Sql
  #rows = new Map<string, Row[]>()
  #seq = (BigInt(Math.floor(Date.now() / 86_400_000)) << 40n) + 1n
  #us = BigInt(Date.now()) * 1000n
  #count = 0

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Writes everything that was made since the last time; wallets' balances as they are by now. */
  async save(): Promise<void> {
    const rows = this.#rows
    this.#rows = new Map()
    for (const table of order) {
      const of = rows.get(table) ?? []
      for (let at = 0; at < of.length; at += 500) {
        await this.#sql`insert into ${this.#sql(table)} ${this.#sql(of.slice(at, at + 500) as never)}`
      }
    }
  }

  brand(code = `brand-${this.#next()}`): Brand {
    const brand = { id: uuidv7(), code }
    this.#add('brands', { ...brand, name: code, time_zone: 'UTC', currency: 'EUR', created_at: new Date() })
    return brand
  }

  seat(brand: Brand, named: { readonly externalId?: string; readonly registeredAt?: Date } = {}): Seat {
    const number = this.#next()
    const at = named.registeredAt ?? new Date()
    const seat: Seat = {
      ...{
        brand,
        providerId: uuidv7(),
        accountId: uuidv7(),
        accountCode: `account-${number}`,
        gameId: uuidv7(),
      },
      ...{ playerId: uuidv7(at), externalId: named.externalId ?? `player-${number}`, walletId: uuidv7() },
      ...{ sessionId: uuidv7(), currency: 'EUR', cashMinor: 0n, walletVersion: 0n, playerVersion: 0n },
    }
    const [brandId, createdAt] = [brand.id, new Date()]
    const { providerId, gameId, playerId, walletId, accountId, externalId, currency, sessionId } = seat
    this.#add('providers', {
      id: providerId,
      code: `provider-${number}`,
      name: `P ${number}`,
      created_at: createdAt,
    })
    this.#add('provider_accounts', {
      ...{
        id: accountId,
        brand_id: brandId,
        provider_id: providerId,
        code: seat.accountCode,
        dialect: 'hub88',
      },
      ...{ public_keys: ['key'], status: 'ENABLED', created_at: createdAt },
    })
    this.#add('games', {
      ...{
        id: gameId,
        provider_id: providerId,
        code: `game-${number}`,
        name: `Game ${number}`,
        category: 'SLOT',
      },
      ...{ status: 'ENABLED', created_at: createdAt, declared_rtp: '0.960000' },
    })
    this.#deposit(seat)
    this.#add('players', {
      ...{ id: playerId, brand_id: brandId, external_id: externalId, status: 'ACTIVE', country: 'MT' },
      ...{ version: 1n, last_at: stampText(this.#us), created_at: at },
    })
    this.#add('player_profiles', {
      player_id: playerId,
      name: `Ann ${number}`,
      email: `ann${number}@example.com`,
    })
    this.#add('wallets', {
      ...{ id: walletId, brand_id: brandId, player_id: playerId, currency, cash_minor: depositMinor },
      ...{ bonus_minor: 0n, owed_minor: 0n, version: 1n, created_at: createdAt },
    })
    this.#add('sessions', {
      ...{ id: sessionId, brand_id: brandId, player_id: playerId, wallet_id: walletId, game_id: gameId },
      ...{ provider_account_id: accountId, currency, token_hash: sha256(sessionId), status: 'OPEN' },
      ...{ opened_at: createdAt, expires_at: new Date(Date.now() + 3_600_000) },
    })
    return seat
  }

  bet(seat: Seat, facts: BetFacts = {}): MadeBet {
    const { stakeMinor = 100n, outcome = 'OPEN', placedAt = new Date() } = facts
    const payoutMinor = outcome === 'WON' ? (facts.payoutMinor ?? 250n) : 0n
    const number = this.#next()
    const ids = { round_id: uuidv7(placedAt), bet_id: uuidv7(placedAt) }
    const transactionKey = `tx-${number}`
    const settled = outcome === 'WON' || outcome === 'LOST'
    const placing = this.#transaction(seat, 'BET', transactionKey, stakeMinor, ids)
    const placed = this.#event(seat, 'BetPlaced', { ...ids, ...placing.link, amount_minor: stakeMinor })
    this.#legs(seat, placed, { ...ids, ...placing.link }, [
      ['CASH', -stakeMinor],
      ['STAKES', stakeMinor],
    ])
    const callId = this.#call(seat, 'bet', transactionKey, { ...ids, ...placing.link }, placedAt)
    if (outcome !== 'OPEN') this.#finish(seat, { outcome, stakeMinor, payoutMinor, ids, number, placedAt })
    const common = {
      ...{
        brand_id: seat.brand.id,
        player_id: seat.playerId,
        session_id: seat.sessionId,
        game_id: seat.gameId,
      },
      ...{ provider_account_id: seat.accountId, currency: seat.currency },
    }
    const roundKey = `round-${number}`
    const end = new Date(placedAt.getTime() + 1000)
    this.#add('rounds', {
      ...{ id: ids.round_id, ...common, round_key: roundKey, started_at: placedAt, version: 1n },
      ...{ status: outcome === 'OPEN' ? 'OPEN' : 'COMPLETED', completed_at: outcome === 'OPEN' ? null : end },
    })
    this.#add('bets', {
      ...{ id: ids.bet_id, ...common, round_id: ids.round_id, wallet_id: seat.walletId, ...placing.link },
      ...{
        transaction_key: transactionKey,
        status: settled ? 'SETTLED' : outcome,
        result: settled ? outcome : null,
      },
      ...{
        kind: 'REAL',
        stake_minor: stakeMinor,
        payout_minor: payoutMinor,
        late: false,
        placed_at: placedAt,
      },
      ...{ settled_at: settled ? end : null, version: 1n, lane, seq: placed.seq },
    })
    const made = {
      id: ids.bet_id,
      seat,
      roundId: ids.round_id,
      roundKey,
      transactionKey,
      stakeMinor,
      payoutMinor,
    }
    return { ...made, placedAt, outcome, callId }
  }

  #finish(
    seat: Seat,
    bet: Required<Pick<MadeBet, 'outcome' | 'stakeMinor' | 'payoutMinor' | 'placedAt'>> & {
      ids: Row
      number: number
    },
  ): void {
    const { outcome, stakeMinor, payoutMinor, ids, number } = bet
    const back = outcome === 'ROLLED_BACK'
    const key = `${back ? 'rollback' : 'win'}-${number}`
    const { link } = this.#transaction(seat, back ? 'ROLLBACK' : 'WIN', key, back ? null : payoutMinor, ids)
    const links = { ...ids, ...link }
    const stakes: [string, bigint] = ['STAKES', -stakeMinor]
    if (back) {
      const event = this.#event(seat, 'BetRolledBack', { ...links, amount_minor: stakeMinor })
      this.#legs(seat, event, links, [stakes, ['CASH', stakeMinor]])
    } else {
      if (payoutMinor > 0n) {
        const event = this.#event(seat, 'WinRecorded', { ...links, amount_minor: payoutMinor })
        this.#legs(seat, event, links, [
          ['HOUSE', -payoutMinor],
          ['CASH', payoutMinor],
        ])
      }
      const type = payoutMinor > 0n ? 'BetSettled' : 'LossRecorded'
      const amount = payoutMinor > 0n ? payoutMinor : stakeMinor
      const event = this.#event(seat, type, { ...links, amount_minor: amount })
      this.#legs(seat, event, links, [stakes, ['HOUSE', stakeMinor]])
    }
    this.#call(seat, back ? 'rollback' : 'win', key, links, new Date(bet.placedAt.getTime() + 1000))
  }

  #deposit(seat: Seat): void {
    const { link } = this.#transaction(seat, 'DEPOSIT', `deposit-${this.#next()}`, depositMinor, {})
    const event = this.#event(seat, 'DepositRecorded', { ...link, amount_minor: depositMinor })
    this.#legs(seat, event, link, [
      ['CASHIER', -depositMinor],
      ['CASH', depositMinor],
    ])
  }

  #transaction(seat: Seat, kind: string, key: string, amountMinor: bigint | null, ids: Row) {
    const id = uuidv7()
    const cash = kind === 'DEPOSIT'
    this.#add('transactions', {
      ...{
        scope_id: cash ? seat.brand.id : seat.accountId,
        transaction_key: key,
        id,
        brand_id: seat.brand.id,
      },
      ...{ provider_account_id: cash ? null : seat.accountId, kind, verdict: 'OK', fingerprint: sha256(key) },
      ...{ player_id: seat.playerId, wallet_id: seat.walletId, session_id: cash ? null : seat.sessionId },
      ...{ round_id: ids['round_id'] ?? null, bet_id: ids['bet_id'] ?? null, amount_minor: amountMinor },
      ...{ currency: seat.currency, recorded_at: new Date(), lane, seq: this.#seq },
    })
    return { link: { transaction_id: id } }
  }

  #event(seat: Seat, type: string, links: Row): { readonly seq: bigint; readonly at: string } {
    const place = { seq: this.#seq, at: stampText((this.#us += 1n)) }
    seat.playerVersion += 1n
    this.#add('journal', {
      ...{
        lane,
        seq: place.seq,
        prev: place.seq - 1n,
        id: uuidv7(),
        type,
        version: 1,
        brand_id: seat.brand.id,
      },
      ...{
        player_id: seat.playerId,
        player_version: seat.playerVersion,
        currency: seat.currency,
        trace: 'test',
      },
      ...{ occurred_at: new Date(), recorded_at: place.at, actor_kind: 'SYSTEM', facts: {} },
      ...{ round_id: null, bet_id: null, transaction_id: null, ...links },
    })
    this.#seq += 1n
    return place
  }

  #legs(
    seat: Seat,
    event: { readonly seq: bigint; readonly at: string },
    links: Row,
    legs: readonly (readonly [account: string, amountMinor: bigint])[],
  ): void {
    legs.forEach(([account, amountMinor], leg) => {
      const own = account === 'CASH'
      if (own) seat.cashMinor += amountMinor
      if (own) seat.walletVersion += 1n
      this.#add('ledger_entries', {
        ...{ lane, seq: event.seq, leg, brand_id: seat.brand.id, player_id: seat.playerId },
        ...{ wallet_id: seat.walletId, round_id: null, bet_id: null, ...links, account },
        ...{ amount_minor: amountMinor, currency: seat.currency, recorded_at: event.at },
        ...{ balance_after: own ? seat.cashMinor : null, wallet_version: own ? seat.walletVersion : null },
      })
    })
  }

  #call(seat: Seat, operation: string, transactionKey: string, links: Row, at: Date): string {
    const id = uuidv7(at)
    this.#add('provider_calls', {
      ...{
        id,
        brand_id: seat.brand.id,
        provider_account_id: seat.accountId,
        direction: 'INBOUND',
        operation,
      },
      ...{ path: `/${operation}`, signature: 'VALID', verdict: 'OK', effect: 'EFFECT', http_status: 200 },
      ...{ transaction_key: transactionKey, player_id: seat.playerId, session_id: seat.sessionId, ...links },
      ...{ received_at: at, decided_at: new Date(at.getTime() + 5), latency_us: 5000, request_id: 'test' },
      ...{ request_bytes: 2, request_digest: sha256('{}'), request_body: Buffer.from('{}') },
      ...{ request_truncated: false, request_headers: {}, reply_body: Buffer.from('{"status":"RS_OK"}') },
    })
    return id
  }

  #next(): number {
    this.#count += 1
    return this.#count
  }

  #add(table: (typeof order)[number], row: Row): void {
    const rows = this.#rows.get(table) ?? []
    rows.push(row)
    this.#rows.set(table, rows)
  }
}
