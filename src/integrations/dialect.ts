// What a provider's dialect is: it verifies, translates to commands, and renders answers. It never decides about
// money, never touches the database, and never throws for anything that a stranger can send.
import type { Command, Outcome, Verdict } from '../domain/money/types.ts'
import type { ReceivedCall } from '../domain/providers/call-row.ts'
import type { NewProviderCall, OpenAccount } from '../domain/providers/types.ts'
import type { SessionTerms } from '../domain/sessions/session-terms.ts'

export type SignatureResult = Exclude<NewProviderCall['signature'], 'UNCHECKED'>

interface TokenRead {
  readonly tokenHash: Buffer
  /** The player the call names besides the token, when it does: it must be the session's. */
  readonly playerExternalId?: string
}

/** What a call asks for. Reads name what to look up; everything that moves money is a command. */
export type Operation =
  | CompleteOperation
  /** A command of a call that leaves currency and game to its session: what that says completes it. Never throws. */
  | {
      readonly kind: 'OF_SESSION'
      readonly tokenHash: Buffer
      complete(terms: SessionTerms | undefined): CompleteOperation
    }

export type CompleteOperation =
  | { readonly kind: 'COMMAND'; readonly command: Command }
  | (TokenRead & { readonly kind: 'BALANCE'; readonly currency?: string })
  | (TokenRead & { readonly kind: 'CHECK_TOKEN'; readonly token: string })
  | { readonly kind: 'PLAYER'; readonly playerExternalId: string }
  /** Not understood, or impossible in this dialect. */
  | { readonly kind: 'REFUSED'; readonly answer: Answer; readonly field?: string }

export interface ParsedCall {
  readonly operation: Operation
  /** The provider's id of this attempt, echoed in the reply. */
  readonly attemptKey?: string
  readonly transactionKey?: string
  readonly providerTime?: Date
  /** Values that must never be stored or logged. */
  readonly secrets: readonly string[]
}

type Told = 'playerExternalId' | 'transactionId' | 'balanceMinor' | 'bonusMinor' | 'currency' | 'limit'

/** What an answer is rendered from; an Outcome is one. */
export interface Answer extends Partial<Pick<Outcome, Told>> {
  readonly verdict: Verdict
  /** For REPLAY: the verdict that the first call got. */
  readonly first?: Verdict
  /** Why a BAD_REQUEST is one: not readable at all, or readable with a wrong value. */
  readonly fault?: 'SYNTAX' | 'TYPE'
  /** The field that a BAD_REQUEST is about. */
  readonly field?: string
  /** The provider account is switched off: nothing is told, everything may be asked again. */
  readonly accountDisabled?: boolean
  /** For PLAYER. */
  readonly country?: string
  readonly registeredAt?: Date
  /** For CHECK_TOKEN. */
  readonly token?: string
}

/** A reply as HTTP carries it; its text is JSON. */
export interface Reply {
  readonly status: number
  readonly text: string
}

/** A method and path of the dialect. */
export interface Route {
  /** The operation's name in provider calls. */
  readonly operation: string
  verify(call: ReceivedCall, account: OpenAccount): SignatureResult
  /** Never throws: what cannot be understood is an operation REFUSED. */
  parse(call: ReceivedCall, account: OpenAccount): ParsedCall
  /** The attempt's id of a call that is not to be trusted, to be echoed and nothing else. */
  echoOf(call: ReceivedCall): string | undefined
  /** Pure, and total: it is rendered inside the money transaction. */
  render(answer: Answer, attemptKey: string | undefined): Reply
}

export interface Dialect {
  readonly name: string
  /** Names of the request headers worth keeping, in lower case. */
  readonly headers: readonly string[]
  /** Those that carry a signature: kept once it is valid, as the proof of who said it. */
  readonly signatureHeaders: readonly string[]
  /** Whether its amounts can say the currency's smallest unit. */
  readonly canCount: (currency: string) => boolean
  /** What its signatures are verified with: the provider's public keys, or secrets shared with it. */
  readonly verifiesWith: 'PUBLIC_KEY' | 'SHARED_SECRET'
  /** Whether a text is a key or secret that this dialect can verify with. */
  readonly canVerify: (key: string) => boolean
  /** Its bets are placed from here and played by the provider's game engine, at an address of the account's own. */
  readonly callsEngine?: boolean
  /** The transaction keys that an id which people quote may stand in, where the dialect builds keys of ids. */
  readonly transactionKeysOf?: (id: string) => readonly string[]
  /** What the key of a round begins with that has this id, where there is more in the key than the id. */
  readonly roundKeyStartOf?: (id: string) => string
  /** The route of a method and path below the account's URL, such as `/transaction/bet`; undefined is a 404. */
  route(method: 'GET' | 'POST', path: string): Route | undefined
}
