// Transactions laid into the books as bare rows, of every kind and verdict, at any time.
import type { Sql } from '../../src/db/connection.ts'
import { sha256 } from '../../src/lib/fingerprint.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'

export interface Booked {
  readonly key: string
  readonly kind: 'BET' | 'WIN' | 'ROLLBACK' | 'END_ROUND' | 'TOMBSTONE'
  readonly verdict: string
  readonly undone: boolean
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly at: Date
}

export interface Account {
  readonly id: string
  readonly brandId: string
  readonly code: string
}

/** One more account with the provider of the house. */
export async function addReportingAccount(sql: Sql, brandId: string): Promise<Account> {
  const id = uuidv7()
  const code = `account-${id}`
  await sql`insert into provider_accounts
      (id, brand_id, provider_id, code, dialect, public_keys, status, created_at)
    select ${id}, ${brandId}, id, ${code}, 'hub88', '{}', 'ENABLED', now() from providers limit 1`
  return { id, brandId, code }
}

export async function layBooks(sql: Sql, account: Account, booked: readonly Booked[]): Promise<void> {
  if (booked.length === 0) return
  const rows = booked.map((one) => ({ ...one, id: uuidv7(one.at), betId: uuidv7(one.at) }))
  await sql`insert into transactions ${sql(
    rows.map((one, index) => ({
      scope_id: account.id,
      transaction_key: one.key,
      id: one.id,
      brand_id: account.brandId,
      provider_account_id: account.id,
      kind: one.kind,
      verdict: one.verdict,
      fingerprint: sha256(one.key),
      bet_id: one.kind === 'TOMBSTONE' ? null : one.betId,
      amount_minor: one.amountMinor,
      currency: one.currency,
      reversed_by_id: one.kind === 'WIN' && one.undone ? one.id : null,
      recorded_at: one.at,
      lane: 0,
      seq: BigInt(index),
    })) as never,
  )}`
  const bets = rows.filter((one) => one.kind === 'BET' && one.verdict === 'OK')
  if (bets.length === 0) return
  await sql`insert into bets ${sql(
    bets.map((one) => ({
      id: one.betId,
      brand_id: account.brandId,
      player_id: one.betId,
      wallet_id: one.betId,
      session_id: one.betId,
      round_id: one.betId,
      game_id: one.betId,
      provider_account_id: account.id,
      transaction_id: one.id,
      transaction_key: one.key,
      status: one.undone ? 'ROLLED_BACK' : 'OPEN',
      kind: 'REAL',
      currency: one.currency,
      stake_minor: one.amountMinor,
      payout_minor: 0n,
      late: false,
      placed_at: one.at,
      version: 1n,
      lane: 0,
      seq: 0n,
    })) as never,
  )}`
}
