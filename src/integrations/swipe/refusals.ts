import type { Verdict } from '../../domain/money/types.ts'
import type { Movement } from './terms.ts'

type Code =
  | 'account_blocked'
  | 'bet_limit'
  | 'currency_not_supported'
  | 'game_not_found'
  | 'insufficient_funds'
  | 'loss_limit'
  | 'session_expired'
  | 'session_not_found'

/** How a refusal is told. The message may be shown to the player; the code is shown in the player's language. */
export interface Refusal {
  readonly status: 400 | 401 | 404 | 500
  readonly message: string
  readonly code?: Code
  /** Offers the player to load the game again, which opens another session. */
  readonly action?: 'refresh'
}

type Refusals = Readonly<Record<Verdict, Refusal>>

const wrong: Refusal = { status: 400, message: 'The request cannot be accepted' }
/** A bet is refunded and everything else is asked again. */
const later: Refusal = { status: 500, message: 'Something went wrong, try again later' }
const noSession: Refusal = { status: 404, message: 'There is no such session', code: 'session_not_found' }

/** What a bet is told that reaches a limit on losses; all other limits are on stakes. */
export const lossLimit: Refusal = {
  status: 400,
  message: 'A loss limit has been reached',
  code: 'loss_limit',
}

const bet: Refusals = {
  // Nothing to refuse: these two are told by what they stand for.
  OK: later,
  REPLAY: later,
  FUNDS: { status: 400, message: 'The balance is too low', code: 'insufficient_funds' },
  LIMIT: { status: 400, message: 'A betting limit has been reached', code: 'bet_limit' },
  PLAYER_BLOCKED: { status: 400, message: 'The account is blocked', code: 'account_blocked' },
  PLAYER_UNKNOWN: noSession,
  SESSION_INVALID: noSession,
  SESSION_EXPIRED: {
    status: 400,
    message: 'The session is over',
    code: 'session_expired',
    action: 'refresh',
  },
  CURRENCY: { status: 400, message: 'The currency is not supported', code: 'currency_not_supported' },
  GAME: { status: 400, message: 'The game is not available', code: 'game_not_found' },
  DUPLICATE_CONFLICT: wrong,
  REFERENCE_UNKNOWN: wrong,
  REFERENCE_ROLLED_BACK: wrong,
  ALREADY_SETTLED: wrong,
  // The refund came first: a status that is not followed by another.
  TOMBSTONED: wrong,
  BAD_SIGNATURE: { status: 401, message: 'The signature is wrong' },
  BAD_REQUEST: wrong,
  RETRY_LATER: later,
}

/** A win or a refund is asked again until it is taken: what only ever stops bets is no reason to name there. */
const afterwards: Refusals = {
  ...bet,
  FUNDS: later,
  LIMIT: later,
  PLAYER_BLOCKED: later,
  SESSION_EXPIRED: later,
  GAME: later,
}

export const refusals: Readonly<Record<Movement | 'BALANCE', Refusals>> = {
  BET: bet,
  WIN: afterwards,
  ROLLBACK: afterwards,
  BALANCE: bet,
}
