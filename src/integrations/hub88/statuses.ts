import type { Verdict } from '../../domain/money/types.ts'
import type { Answer } from '../dialect.ts'

/** Two path sets of one dialect: Hub88's own, and that of Caleta, who speaks the same with some other words. */
export type Family = 'HUB88' | 'CALETA'
export type OperationKind = 'BET' | 'WIN' | 'ROLLBACK' | 'READ'

type Status =
  | 'RS_OK'
  | `RS_ERROR_${
      | 'UNKNOWN'
      | 'INVALID_PARTNER'
      | 'INVALID_TOKEN'
      | 'INVALID_GAME'
      | 'WRONG_CURRENCY'
      | 'NOT_ENOUGH_MONEY'
      | 'USER_DISABLED'
      | 'INVALID_SIGNATURE'
      | 'TOKEN_EXPIRED'
      | 'WRONG_SYNTAX'
      | 'WRONG_TYPES'
      | 'DUPLICATE_TRANSACTION'
      | 'TRANSACTION_DOES_NOT_EXIST'
      | 'TRANSACTION_ROLLED_BACK'
      | 'LIMIT_REACHED'
      | 'BET_LIMIT_EXCEEDED'}`

type Statuses = Readonly<Record<Exclude<Verdict, 'REPLAY'>, Status>>

const bet: Statuses = {
  OK: 'RS_OK',
  FUNDS: 'RS_ERROR_NOT_ENOUGH_MONEY',
  LIMIT: 'RS_ERROR_LIMIT_REACHED',
  PLAYER_BLOCKED: 'RS_ERROR_USER_DISABLED',
  PLAYER_UNKNOWN: 'RS_ERROR_INVALID_TOKEN',
  SESSION_INVALID: 'RS_ERROR_INVALID_TOKEN',
  SESSION_EXPIRED: 'RS_ERROR_TOKEN_EXPIRED',
  CURRENCY: 'RS_ERROR_WRONG_CURRENCY',
  GAME: 'RS_ERROR_INVALID_GAME',
  DUPLICATE_CONFLICT: 'RS_ERROR_DUPLICATE_TRANSACTION',
  REFERENCE_UNKNOWN: 'RS_ERROR_TRANSACTION_DOES_NOT_EXIST',
  REFERENCE_ROLLED_BACK: 'RS_ERROR_TRANSACTION_ROLLED_BACK',
  ALREADY_SETTLED: 'RS_ERROR_DUPLICATE_TRANSACTION',
  // The rollback came first. A known error: the provider discards the bet and sends no further rollback.
  TOMBSTONED: 'RS_ERROR_DUPLICATE_TRANSACTION',
  BAD_SIGNATURE: 'RS_ERROR_INVALID_SIGNATURE',
  BAD_REQUEST: 'RS_ERROR_WRONG_TYPES',
  RETRY_LATER: 'RS_ERROR_UNKNOWN',
}

/**
 * Some answers end the provider's retries of a win or a rollback for ever. What only ever stops bets is therefore
 * UNKNOWN here, whatever the core may say one day: asking again is harmless, a payment lost is not.
 */
const onlyBets = {
  FUNDS: 'RS_ERROR_UNKNOWN',
  LIMIT: 'RS_ERROR_UNKNOWN',
  PLAYER_BLOCKED: 'RS_ERROR_UNKNOWN',
  SESSION_EXPIRED: 'RS_ERROR_UNKNOWN',
  GAME: 'RS_ERROR_UNKNOWN',
} as const

const statuses: Readonly<Record<OperationKind, Statuses>> = {
  BET: bet,
  WIN: {
    ...bet,
    ...onlyBets,
    // A voided bet, or a win whose rollback came first.
    ALREADY_SETTLED: 'RS_ERROR_TRANSACTION_ROLLED_BACK',
    TOMBSTONED: 'RS_ERROR_TRANSACTION_ROLLED_BACK',
  },
  ROLLBACK: {
    ...bet,
    ...onlyBets,
    // The stake is back with the player already, whoever brought it there.
    REFERENCE_ROLLED_BACK: 'RS_OK',
    ALREADY_SETTLED: 'RS_OK',
    TOMBSTONED: 'RS_OK',
  },
  READ: bet,
}

/** The status an answer is rendered as. A replay repeats the first call's. */
export function statusOf(family: Family, kind: OperationKind, answer: Answer): Status {
  if (answer.accountDisabled) return family === 'HUB88' ? 'RS_ERROR_INVALID_PARTNER' : 'RS_ERROR_UNKNOWN'
  if (answer.verdict === 'BAD_REQUEST' && answer.fault === 'SYNTAX') return 'RS_ERROR_WRONG_SYNTAX'
  const verdict = answer.verdict === 'REPLAY' ? answer.first : answer.verdict
  if (verdict === undefined || verdict === 'REPLAY') return 'RS_ERROR_UNKNOWN'
  const status = statuses[kind][verdict]
  return status === 'RS_ERROR_LIMIT_REACHED' && family === 'CALETA' ? 'RS_ERROR_BET_LIMIT_EXCEEDED' : status
}
