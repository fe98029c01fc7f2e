import { uuidv7 } from '../../src/lib/uuid.ts'
import type { House } from './house.ts'

interface BetFacts {
  readonly stakeMinor?: bigint
  readonly payoutMinor?: bigint
  readonly status?: 'OPEN' | 'SETTLED' | 'ROLLED_BACK'
  readonly kind?: 'REAL' | 'FREE'
  readonly placedAt?: Date
}

/** Bets of a session as they stand in their table, without the money behind them. */
export async function addBets(house: House, sessionId: string, bets: readonly BetFacts[]): Promise<void> {
  for (const bet of bets) {
    const placedAt = bet.placedAt ?? house.clock.now()
    const status = bet.status ?? 'OPEN'
    await house.sql`
      insert into bets (id, brand_id, player_id, wallet_id, session_id, round_id, game_id, provider_account_id,
        transaction_id, transaction_key, status, result, kind, currency, stake_minor, payout_minor, late, placed_at,
        version, lane, seq)
      select ${uuidv7(placedAt)}, brand_id, player_id, wallet_id, id, ${uuidv7()}, game_id, provider_account_id,
        ${uuidv7()}, ${uuidv7()}, ${status}, ${status === 'SETTLED' ? 'WON' : null}, ${bet.kind ?? 'REAL'}, currency,
        ${bet.stakeMinor ?? 100n}, ${bet.payoutMinor ?? 0n}, false, ${placedAt}, 1, 0, 0
      from sessions where id = ${sessionId}`
  }
}
