// What the scenarios need of a dialect: how its requests are built and signed, how its replies are read, and which
// answers it accepts in each situation. An independent reading of the public protocol; nothing here knows a server.

/** A player in a session, as the wallet under test knows them. */
export interface Seat {
  /** The seat's name in the world, such as `main`. */
  readonly name: string
  readonly user: string
  /** What names the session in calls: a token, a session id. */
  readonly token: string
  /** A session of the same player that takes bets, when `token` does not. */
  readonly liveToken: string
}

/** One provider transaction. Sending it twice repeats it under the same id. */
export interface Transaction {
  readonly kind: 'BET' | 'WIN' | 'ROLLBACK' | 'PROMO'
  readonly seat: Seat
  readonly id: string
  readonly roundId: string
  /** Binds a bet and what settles it, in dialects that have such an id beside the transaction's. */
  readonly tie: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly gameCode: string
  readonly closesRound: boolean
  readonly isFree: boolean
  /** The bet of a win; what a rollback reverses. */
  readonly names?: Transaction
}

export interface WireRequest {
  readonly method: 'GET' | 'POST'
  /** Below the wallet's URL, with the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What the reply must echo, where the dialect wants it. */
  readonly attemptId?: string
}

export interface WireResponse {
  readonly status: number
  readonly text: string
}

/** A reply as the dialect reads it. */
export interface Reply {
  /** What came, in a few words, such as `RS_OK` or `400 insufficient_funds`. */
  readonly said: string
  /** All that it may be called in a list of accepted answers. */
  readonly words: readonly string[]
  readonly balanceMinor?: bigint
  /** The wallet's own id of the transaction. */
  readonly walletId?: string
  /** Why it breaks the dialect's form whatever it says. */
  readonly malformed?: string
}

/** A request that stands for one fault or oddity, and the answers that it may get. */
export interface Variant {
  readonly what: string
  readonly request: WireRequest
  readonly expected: Situation
}

/** What a reply is judged in; each dialect lists the answers that it accepts there. */
export const situations = [
  'ok',
  'betAgain',
  'winAgain',
  'conflict',
  'winUnknown',
  'rollbackUnknown',
  'betAfterRollback',
  'rollbackAgain',
  'rollbackTwice',
  'rollbackAfterWin',
  'winAfterRollback',
  'betExpired',
  'funds',
  'blocked',
  'currency',
  'signature',
  'syntax',
  'types',
  'winAfterClose',
  'secondWin',
  'promoAgain',
  'limit',
  'rollbackOfDeclined',
  'betIdAsWin',
  'winOfAnother',
  'rollbackOfRollback',
  'betAfterClose',
] as const

export type Situation = (typeof situations)[number]

/** Speaks for one provider: holds its key. */
export interface Speaker {
  balance(seat: Seat, gameCode: string, currency: string): WireRequest
  send(transaction: Transaction): WireRequest
  read(request: WireRequest, response: WireResponse, currency: string): Reply
  /** A bet whose authenticity does not hold, in several ways. */
  forged(bet: () => Transaction): readonly Variant[]
  /** Bets that are authentic although they look unusual. */
  unusual(bet: () => Transaction): readonly { readonly transaction: Transaction; readonly variant: Variant }[]
  /** Authentic bets that cannot be understood. */
  broken(bet: () => Transaction): readonly Variant[]
}

export interface KitDialect {
  readonly name: string
  /** What the key file holds, for the help. */
  readonly keyIs: string
  /** Throws a Problem when the text is no key. */
  open(key: string): Speaker
  readonly accepts: Readonly<Record<Situation, readonly string[]>>
  /** What a rollback of a bet that was won does to the money; EITHER where no public text says. */
  readonly rollbackAfterWin: 'REVERSES' | 'REFUSES' | 'EITHER'
  /** Whether a refusal for lack of money must tell the balance. */
  readonly fundsTellsBalance: boolean
  /** Whether a win names its bet by transaction id. */
  readonly winNamesBet: boolean
  /** How a player wins without a stake: after a free bet, or by a payout of its own. */
  readonly freePlay: 'FREE_BET' | 'PROMO_PAYOUT'
  /** Whether the win of a free bet pays; EITHER where it may be told now and paid when a campaign ends. */
  readonly freeWins: 'PAY' | 'EITHER'
  /** Scenarios that the dialect has no words for, with the reason. */
  readonly notApplicable: Readonly<Record<number, string>>
  /** Scenarios whose answer no public text of the dialect gives: what is accepted is our reading. */
  readonly ours: readonly number[]
}
