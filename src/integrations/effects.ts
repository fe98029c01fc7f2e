import type { Verdict } from '../domain/money/types.ts'
import type { NewProviderCall } from '../domain/providers/types.ts'

const byVerdict: Readonly<Record<Verdict, NewProviderCall['effect']>> = {
  OK: 'EFFECT',
  REPLAY: 'DUPLICATE',
  FUNDS: 'DECLINED',
  LIMIT: 'DECLINED',
  PLAYER_BLOCKED: 'DECLINED',
  PLAYER_UNKNOWN: 'DECLINED',
  SESSION_INVALID: 'DECLINED',
  SESSION_EXPIRED: 'DECLINED',
  CURRENCY: 'DECLINED',
  GAME: 'DECLINED',
  REFERENCE_UNKNOWN: 'DECLINED',
  REFERENCE_ROLLED_BACK: 'DECLINED',
  ALREADY_SETTLED: 'DECLINED',
  TOMBSTONED: 'DECLINED',
  DUPLICATE_CONFLICT: 'REJECTED',
  BAD_SIGNATURE: 'REJECTED',
  BAD_REQUEST: 'REJECTED',
  RETRY_LATER: 'REJECTED',
}

/** What a verdict means for the call's row. A read has no effect, unless it could not be answered. */
export const effectOf = (verdict: Verdict, read: boolean): NewProviderCall['effect'] =>
  read && byVerdict[verdict] !== 'REJECTED' ? 'READ' : byVerdict[verdict]
