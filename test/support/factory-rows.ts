// The rows of a factory until they are saved, and how money moves in them: a transaction, its events, and legs that
// sum to zero with balances that follow from each other.
import type { Sql } from '../../src/db/connection.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { stampText } from '../../src/lib/stamp.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'

export type Row = Record<string, unknown>

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
  readonly country: string
  readonly category: string
  cashMinor: bigint
  walletVersion: bigint
  playerVersion: bigint
}

/** Parents first: players and wallets refer to what is before them. */
const tables = [
  'brands',
  'providers',
  'provider_accounts',
  'games',
  'players',
  'player_profiles',
  'wallets',
  'sessions',
  'rounds',
  'bets',
  'transactions',
  'ledger_entries',
  'journal',
  'provider_calls',
] as const

export const lane = 0

export class FactoryRows {
  readonly #sql: Sql
  readonly #rows = new Map<string, Row[]>()
  #seq = (BigInt(Math.floor(Date.now() / 86_400_000)) << 40n) + 1n
  #us = BigInt(Date.now()) * 1000n
  #count = 0

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** A number that was not given before. */
  next(): number {
    this.#count += 1
    return this.#count
  }

  /** Where the next event will stand. */
  get seq(): bigint {
    return this.#seq
  }

  get stamp(): string {
    return stampText(this.#us)
  }

  add(table: (typeof tables)[number], ...parts: readonly Row[]): void {
    const rows = this.#rows.get(table) ?? []
    rows.push(Object.assign({}, ...parts) as Row)
    this.#rows.set(table, rows)
  }

  async save(): Promise<void> {
    const all = new Map(this.#rows)
    this.#rows.clear()
    for (const table of tables) {
      const rows = all.get(table) ?? []
      for (let at = 0; at < rows.length; at += 500) {
        await this.#sql`insert into ${this.#sql(table)} ${this.#sql(rows.slice(at, at + 500) as never)}`
      }
    }
  }

  /** Returns what events and legs of the transaction carry as links. */
  transaction(seat: Seat, kind: string, key: string, amountMinor: bigint | null, links: Row): Row {
    const id = uuidv7()
    const account = kind === 'DEPOSIT' ? null : seat.accountId
    this.add(
      'transactions',
      { scope_id: account ?? seat.brand.id, transaction_key: key, id, brand_id: seat.brand.id },
      { provider_account_id: account, kind, verdict: 'OK', fingerprint: sha256(key) },
      { player_id: seat.playerId, wallet_id: seat.walletId, session_id: account && seat.sessionId },
      { round_id: links['round_id'] ?? null, bet_id: links['bet_id'] ?? null, amount_minor: amountMinor },
      { currency: seat.currency, recorded_at: new Date(), lane, seq: this.#seq },
    )
    return { ...links, transaction_id: id }
  }

  /** An event with its legs; returns its number in the lane. */
  event(
    seat: Seat,
    type: string,
    amountMinor: bigint,
    links: Row,
    legs: readonly (readonly [account: string, amountMinor: bigint])[],
  ): bigint {
    const seq = this.#seq
    this.#seq += 1n
    this.#us += 1n
    seat.playerVersion += 1n
    this.add(
      'journal',
      { lane, seq, prev: seq - 1n, id: uuidv7(), type, version: 1, brand_id: seat.brand.id },
      {
        player_id: seat.playerId,
        player_version: seat.playerVersion,
        currency: seat.currency,
        provider_account_id: links['round_id'] ? seat.accountId : null,
        trace: 'test',
      },
      { occurred_at: new Date(), recorded_at: this.stamp, actor_kind: 'SYSTEM', facts: {} },
      { amount_minor: amountMinor, round_id: null, bet_id: null, ...links },
    )
    legs.forEach(([account, amount], leg) => this.#leg(seat, { seq, leg, account, amount }, links))
    return seq
  }

  #leg(
    seat: Seat,
    { seq, leg, account, amount }: { seq: bigint; leg: number; account: string; amount: bigint },
    links: Row,
  ): void {
    const own = account === 'CASH'
    if (own) seat.cashMinor += amount
    if (own) seat.walletVersion += 1n
    this.add(
      'ledger_entries',
      { lane, seq, leg, brand_id: seat.brand.id, player_id: seat.playerId, wallet_id: seat.walletId },
      { round_id: null, bet_id: null, ...links, account, amount_minor: amount, currency: seat.currency },
      { balance_after: own ? seat.cashMinor : null, wallet_version: own ? seat.walletVersion : null },
      { recorded_at: this.stamp },
    )
  }

  /** A provider's call that had an effect; returns its id. */
  call(seat: Seat, operation: string, transactionKey: string, links: Row, at: Date): string {
    const id = uuidv7(at)
    this.add(
      'provider_calls',
      { id, brand_id: seat.brand.id, provider_account_id: seat.accountId, direction: 'INBOUND', operation },
      { path: `/${operation}`, signature: 'VALID', verdict: 'OK', effect: 'EFFECT', http_status: 200 },
      { transaction_key: transactionKey, player_id: seat.playerId, session_id: seat.sessionId, ...links },
      { received_at: at, decided_at: new Date(at.getTime() + 5), latency_us: 5000, request_id: 'test' },
      { request_bytes: 2, request_digest: sha256('{}'), request_body: Buffer.from('{}') },
      { request_truncated: false, request_headers: {}, reply_body: Buffer.from('{"status":"RS_OK"}') },
    )
    return id
  }
}
