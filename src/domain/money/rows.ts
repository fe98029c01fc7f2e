// From the columns of the prefetch to the state's rows. A prefix tells joined tables apart.
import type { Limit } from '../players/types.ts'
import type { Counters } from '../wallets/counters.ts'
import type { BetState, RoundState, SessionState, TransactionState, WalletState } from './state.ts'

type Row = Record<string, unknown>

const text = (row: Row, name: string) => row[name] as string
const maybe = (row: Row, name: string) => (row[name] ?? null) as string | null
const int = (row: Row, name: string) => row[name] as bigint
const moment = (row: Row, name: string) => new Date(text(row, name))
const maybeMoment = (row: Row, name: string) => (row[name] ? moment(row, name) : null)

export function readTransaction(row: Row): TransactionState {
  return {
    scopeId: text(row, 'scope_id'),
    transactionKey: text(row, 'transaction_key'),
    id: text(row, 'id'),
    brandId: text(row, 'brand_id'),
    providerAccountId: maybe(row, 'provider_account_id'),
    kind: text(row, 'kind') as TransactionState['kind'],
    verdict: text(row, 'verdict'),
    fingerprint: row['fingerprint'] as Buffer,
    referenceKey: maybe(row, 'reference_key'),
    playerId: maybe(row, 'player_id'),
    walletId: maybe(row, 'wallet_id'),
    sessionId: maybe(row, 'session_id'),
    roundId: maybe(row, 'round_id'),
    betId: maybe(row, 'bet_id'),
    amountMinor: (row['amount_minor'] ?? null) as bigint | null,
    bonusMinor: (row['bonus_minor'] ?? null) as bigint | null,
    jackpotMinor: (row['jackpot_minor'] ?? null) as bigint | null,
    currency: maybe(row, 'currency'),
    reversedById: maybe(row, 'reversed_by_id'),
    refusedLimit: maybe(row, 'refused_limit'),
    providerTime: maybeMoment(row, 'provider_time'),
    recordedAt: moment(row, 'recorded_at'),
  }
}

export function readBet(row: Row, prefix: '' | 'b_'): BetState {
  const at = (name: string) => `${prefix}${name}`
  return {
    id: text(row, at('id')),
    brandId: text(row, at('brand_id')),
    playerId: text(row, at('player_id')),
    walletId: text(row, at('wallet_id')),
    sessionId: text(row, at('session_id')),
    roundId: text(row, at('round_id')),
    gameId: text(row, at('game_id')),
    providerAccountId: text(row, at('provider_account_id')),
    transactionId: text(row, at('transaction_id')),
    transactionKey: text(row, at('transaction_key')),
    status: text(row, at('status')) as BetState['status'],
    result: maybe(row, at('result')) as BetState['result'],
    kind: text(row, at('kind')) as BetState['kind'],
    currency: text(row, at('currency')),
    stakeMinor: int(row, at('stake_minor')),
    bonusStakeMinor: int(row, at('bonus_stake_minor')),
    payoutMinor: int(row, at('payout_minor')),
    jackpotMinor: int(row, at('jackpot_minor')),
    late: row[at('late')] as boolean,
    placedAt: moment(row, at('placed_at')),
    settledAt: maybeMoment(row, at('settled_at')),
    version: int(row, at('version')),
  }
}

export function readRound(row: Row, prefix: '' | 'r_'): RoundState {
  const at = (name: string) => `${prefix}${name}`
  return {
    id: text(row, at('id')),
    brandId: text(row, at('brand_id')),
    playerId: text(row, at('player_id')),
    sessionId: text(row, at('session_id')),
    gameId: text(row, at('game_id')),
    providerAccountId: text(row, at('provider_account_id')),
    roundKey: text(row, at('round_key')),
    currency: text(row, at('currency')),
    status: text(row, at('status')) as RoundState['status'],
    startedAt: moment(row, at('started_at')),
    completedAt: maybeMoment(row, at('completed_at')),
    version: int(row, at('version')),
  }
}

export function readWallet(row: Row, prefix: '' | 'w_'): WalletState {
  const at = (name: string) => `${prefix}${name}`
  return {
    id: text(row, at('id')),
    brandId: text(row, at('brand_id')),
    playerId: text(row, at('player_id')),
    currency: text(row, at('currency')),
    cashMinor: int(row, at('cash_minor')),
    bonusMinor: int(row, at('bonus_minor')),
    owedMinor: int(row, at('owed_minor')),
    counters: readCounters(row, prefix),
    version: int(row, at('version')),
    createdAt: moment(row, at('created_at')),
  }
}

function readCounters(row: Row, prefix: '' | 'w_'): Counters {
  const sums = (period: string) => ({
    stakedMinor: int(row, `${prefix}${period}_staked_minor`),
    returnedMinor: int(row, `${prefix}${period}_returned_minor`),
  })
  const day = Number(row[`${prefix}counted_day`])
  return { day, DAY: sums('day'), WEEK: sums('week'), MONTH: sums('month') }
}

export const readLimit = (row: Row): Limit => ({
  id: text(row, 'id'),
  brandId: text(row, 'brand_id'),
  playerId: maybe(row, 'player_id'),
  gameId: maybe(row, 'game_id'),
  kind: text(row, 'kind') as Limit['kind'],
  period: maybe(row, 'period') as Limit['period'],
  currency: text(row, 'currency'),
  amountMinor: int(row, 'amount_minor'),
  effectiveFrom: moment(row, 'effective_from'),
  pendingMinor: (row['pending_minor'] ?? null) as bigint | null,
  pendingFrom: maybeMoment(row, 'pending_from'),
})

export function readCommandRow(row: Row): { tokenHash: string; session: SessionState } {
  return {
    tokenHash: (row['token_hash'] as Buffer).toString('hex'),
    session: {
      id: text(row, 's_id'),
      brandId: text(row, 's_brand_id'),
      playerId: text(row, 's_player_id'),
      walletId: text(row, 's_wallet_id'),
      providerAccountId: text(row, 's_provider_account_id'),
      accountStatus: text(row, 's_account_status') as SessionState['accountStatus'],
      gameId: text(row, 's_game_id'),
      gameStatus: text(row, 's_game_status') as SessionState['gameStatus'],
      currency: text(row, 's_currency'),
      status: text(row, 's_status') as SessionState['status'],
      expiresAt: moment(row, 's_expires_at'),
    },
  }
}
