// How the rows of a batch travel to the tables. A column named n is the offset of the row's event.
import { type Column, column } from '../../db/statement.ts'
import type { At, LegRow } from './fold.ts'
import type { BetState, RoundState, TransactionState, WalletState } from './state.ts'

export const transactionColumns: readonly Column<At<TransactionState>>[] = [
  column('n', 'int', (t) => t.offset),
  column('scope_id', 'uuid', (t) => t.scopeId),
  column('transaction_key', 'text', (t) => t.transactionKey),
  column('id', 'uuid', (t) => t.id),
  column('brand_id', 'uuid', (t) => t.brandId),
  column('provider_account_id', 'uuid', (t) => t.providerAccountId),
  column('kind', 'text', (t) => t.kind),
  column('verdict', 'text', (t) => t.verdict),
  column('fingerprint', 'bytea', (t) => t.fingerprint),
  column('reference_key', 'text', (t) => t.referenceKey),
  column('player_id', 'uuid', (t) => t.playerId),
  column('wallet_id', 'uuid', (t) => t.walletId),
  column('session_id', 'uuid', (t) => t.sessionId),
  column('round_id', 'uuid', (t) => t.roundId),
  column('bet_id', 'uuid', (t) => t.betId),
  column('amount_minor', 'bigint', (t) => t.amountMinor),
  column('bonus_minor', 'bigint', (t) => t.bonusMinor),
  column('jackpot_minor', 'bigint', (t) => t.jackpotMinor),
  column('currency', 'text', (t) => t.currency),
  column('reversed_by_id', 'uuid', (t) => t.reversedById),
  column('refused_limit', 'text', (t) => t.refusedLimit),
  column('provider_time', 'timestamptz', (t) => t.providerTime),
  column('recorded_at', 'timestamptz', (t) => t.recordedAt),
]

export const betColumns: readonly Column<At<BetState>>[] = [
  column('n', 'int', (b) => b.offset),
  column('id', 'uuid', (b) => b.id),
  column('brand_id', 'uuid', (b) => b.brandId),
  column('player_id', 'uuid', (b) => b.playerId),
  column('wallet_id', 'uuid', (b) => b.walletId),
  column('session_id', 'uuid', (b) => b.sessionId),
  column('round_id', 'uuid', (b) => b.roundId),
  column('game_id', 'uuid', (b) => b.gameId),
  column('provider_account_id', 'uuid', (b) => b.providerAccountId),
  column('transaction_id', 'uuid', (b) => b.transactionId),
  column('transaction_key', 'text', (b) => b.transactionKey),
  column('status', 'text', (b) => b.status),
  column('result', 'text', (b) => b.result),
  column('kind', 'text', (b) => b.kind),
  column('currency', 'text', (b) => b.currency),
  column('stake_minor', 'bigint', (b) => b.stakeMinor),
  column('bonus_stake_minor', 'bigint', (b) => b.bonusStakeMinor),
  column('payout_minor', 'bigint', (b) => b.payoutMinor),
  column('jackpot_minor', 'bigint', (b) => b.jackpotMinor),
  column('late', 'boolean', (b) => b.late),
  column('placed_at', 'timestamptz', (b) => b.placedAt),
  column('settled_at', 'timestamptz', (b) => b.settledAt),
  column('version', 'bigint', (b) => b.version),
]

type RoundRow = RoundState & { readonly result: string | null }

export const roundColumns: readonly Column<RoundRow>[] = [
  column('id', 'uuid', (r) => r.id),
  column('brand_id', 'uuid', (r) => r.brandId),
  column('player_id', 'uuid', (r) => r.playerId),
  column('session_id', 'uuid', (r) => r.sessionId),
  column('game_id', 'uuid', (r) => r.gameId),
  column('provider_account_id', 'uuid', (r) => r.providerAccountId),
  column('round_key', 'text', (r) => r.roundKey),
  column('currency', 'text', (r) => r.currency),
  column('status', 'text', (r) => r.status),
  column('started_at', 'timestamptz', (r) => r.startedAt),
  column('completed_at', 'timestamptz', (r) => r.completedAt),
  column('result', 'jsonb', (r) => r.result),
  column('version', 'bigint', (r) => r.version),
]

export const walletColumns: readonly Column<WalletState>[] = [
  column('id', 'uuid', (w) => w.id),
  column('brand_id', 'uuid', (w) => w.brandId),
  column('player_id', 'uuid', (w) => w.playerId),
  column('currency', 'text', (w) => w.currency),
  column('cash_minor', 'bigint', (w) => w.cashMinor),
  column('bonus_minor', 'bigint', (w) => w.bonusMinor),
  column('owed_minor', 'bigint', (w) => w.owedMinor),
  column('counted_day', 'int', (w) => w.counters.day),
  column('day_staked_minor', 'bigint', (w) => w.counters.DAY.stakedMinor),
  column('day_returned_minor', 'bigint', (w) => w.counters.DAY.returnedMinor),
  column('week_staked_minor', 'bigint', (w) => w.counters.WEEK.stakedMinor),
  column('week_returned_minor', 'bigint', (w) => w.counters.WEEK.returnedMinor),
  column('month_staked_minor', 'bigint', (w) => w.counters.MONTH.stakedMinor),
  column('month_returned_minor', 'bigint', (w) => w.counters.MONTH.returnedMinor),
  column('version', 'bigint', (w) => w.version),
  column('created_at', 'timestamptz', (w) => w.createdAt),
]

export const legColumns: readonly Column<At<LegRow>>[] = [
  column('n', 'int', (l) => l.offset),
  column('leg', 'smallint', (l) => l.leg),
  column('brand_id', 'uuid', (l) => l.event.brandId),
  column('player_id', 'uuid', (l) => l.event.playerId),
  column('wallet_id', 'uuid', (l) => l.walletId),
  column('transaction_id', 'uuid', (l) => l.transactionId),
  column('round_id', 'uuid', (l) => l.event.roundId),
  column('bet_id', 'uuid', (l) => l.event.betId),
  column('account', 'text', (l) => l.account),
  column('amount_minor', 'bigint', (l) => l.amountMinor),
  column('currency', 'text', (l) => l.currency),
  column('balance_after', 'bigint', (l) => l.balanceAfter),
  column('wallet_version', 'bigint', (l) => l.walletVersion),
]
