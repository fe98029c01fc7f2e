import type { Verdict } from '../../domain/money/types.ts'
import type { Answer } from '../dialect.ts'
import type { Request } from './operations.ts'

type Status =
  | 'OK'
  | 'TEMPORARY_ERROR'
  | 'INVALID_TOKEN_ID'
  | 'INVALID_SID'
  | 'INVALID_PARAMETER'
  | 'ACCOUNT_LOCKED'
  | 'INSUFFICIENT_FUNDS'
  | 'CASINO_LIMIT_EXCEEDED_STAKE'
  | 'CASINO_LIMIT_EXCEEDED_TURNOVER'
  | 'CASINO_LIMIT_EXCEEDED_LOSS'
  | 'BET_ALREADY_EXIST'
  | 'BET_ALREADY_SETTLED'
  | 'BET_DOES_NOT_EXIST'
  | 'FINAL_ERROR_ACTION_FAILED'

type Statuses = Readonly<Record<Exclude<Verdict, 'REPLAY'>, Status>>

const debit: Statuses = {
  OK: 'OK',
  FUNDS: 'INSUFFICIENT_FUNDS',
  // When it is not known which limit it was; else one of ofLimits.
  LIMIT: 'CASINO_LIMIT_EXCEEDED_STAKE',
  PLAYER_BLOCKED: 'ACCOUNT_LOCKED',
  PLAYER_UNKNOWN: 'INVALID_SID',
  SESSION_INVALID: 'INVALID_SID',
  SESSION_EXPIRED: 'INVALID_SID',
  CURRENCY: 'INVALID_PARAMETER',
  GAME: 'INVALID_PARAMETER',
  // Not BET_ALREADY_EXIST, which would tell the provider that this stake has been taken.
  DUPLICATE_CONFLICT: 'INVALID_PARAMETER',
  REFERENCE_UNKNOWN: 'BET_DOES_NOT_EXIST',
  REFERENCE_ROLLED_BACK: 'BET_ALREADY_SETTLED',
  ALREADY_SETTLED: 'BET_ALREADY_SETTLED',
  // The cancel came first.
  TOMBSTONED: 'FINAL_ERROR_ACTION_FAILED',
  BAD_SIGNATURE: 'INVALID_TOKEN_ID',
  BAD_REQUEST: 'INVALID_PARAMETER',
  RETRY_LATER: 'TEMPORARY_ERROR',
}

/**
 * Final answers end the provider's retries. What only ever stops debits is therefore temporary for what pays or gives
 * back, whatever the core may say one day: asking again is harmless, a payment lost is not.
 */
const payment: Statuses = {
  ...debit,
  FUNDS: 'TEMPORARY_ERROR',
  LIMIT: 'TEMPORARY_ERROR',
  PLAYER_BLOCKED: 'TEMPORARY_ERROR',
  SESSION_EXPIRED: 'TEMPORARY_ERROR',
  GAME: 'TEMPORARY_ERROR',
}

const statuses: Readonly<Record<Request, Statuses>> = {
  CHECK: debit,
  BALANCE: debit,
  DEBIT: debit,
  CREDIT: payment,
  CANCEL: payment,
  PROMO_PAYOUT: payment,
}

/** What a call is told that was carried out before: the provider's word for it, where it has one and expects it. */
const doneBefore: Partial<Readonly<Record<Request, Status>>> = {
  DEBIT: 'BET_ALREADY_EXIST',
  CANCEL: 'BET_ALREADY_SETTLED',
}

const ofLimits: Readonly<Record<NonNullable<Answer['limit']>['kind'], Status>> = {
  STAKE_PER_BET: 'CASINO_LIMIT_EXCEEDED_STAKE',
  STAKE_PER_ROUND: 'CASINO_LIMIT_EXCEEDED_STAKE',
  STAKE: 'CASINO_LIMIT_EXCEEDED_TURNOVER',
  LOSS: 'CASINO_LIMIT_EXCEEDED_LOSS',
}

/** The status an answer is rendered as. A replay of a refusal repeats it. */
export function statusOf(request: Request, { verdict, first, limit }: Answer): Status {
  if (request === 'DEBIT' && limit && (first ?? verdict) === 'LIMIT') return ofLimits[limit.kind]
  if (verdict !== 'REPLAY') return statuses[request][verdict]
  if (first === undefined || first === 'REPLAY') return 'TEMPORARY_ERROR'
  if (first === 'OK') return doneBefore[request] ?? 'OK'
  return statuses[request][first]
}

export function httpStatusOf(status: Status): number {
  if (status === 'INVALID_TOKEN_ID') return 401
  return status === 'INVALID_PARAMETER' ? 400 : 200
}
