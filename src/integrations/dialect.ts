// What a provider's dialect is: it verifies, translates to commands, and renders answers. It never decides about
// money, never touches the database, and never throws for anything that a stranger can send.
import type { Command, Outcome, Verdict } from '../domain/money/types.ts'
import type { ReceivedCall } from '../domain/providers/call-row.ts'
import type { NewProviderCall, ProviderAccount } from '../domain/providers/types.ts'

export type SignatureResult = Exclude<NewProviderCall['signature'], 'UNCHECKED'>

/** What a call asks for. Reads name what to look up; everything that moves money is a command. */
export type Operation =
  | { readonly kind: 'COMMAND'; readonly command: Command }
  | { readonly kind: 'BALANCE'; readonly tokenHash: Buffer; readonly playerExternalId?: string }
  | { readonly kind: 'CHECK_TOKEN'; readonly tokenHash: Buffer; readonly token: string }
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

/** What an answer is rendered from; an Outcome is one. */
export interface Answer extends Partial<Pick<Outcome, 'playerExternalId' | 'balanceMinor' | 'currency'>> {
  readonly verdict: Verdict
  /** For REPLAY: the verdict that the first call got. */
  readonly first?: Verdict
  /** Why a BAD_REQUEST is one: not readable at all, or readable with a wrong value. */
  readonly fault?: 'SYNTAX' | 'TYPE'
  /** The provider account is switched off: nothing is looked at, everything may be asked again. */
  readonly accountDisabled?: boolean
  /** For PLAYER. */
  readonly country?: string
  readonly registeredAt?: Date
  /** For CHECK_TOKEN. */
  readonly token?: string
}

/** A path of the dialect. */
export interface Route {
  /** The operation's name in provider calls. */
  readonly operation: string
  verify(call: ReceivedCall, account: ProviderAccount): SignatureResult
  /** Never throws: what cannot be understood is an operation REFUSED. */
  parse(call: ReceivedCall, account: ProviderAccount): ParsedCall
  /** The attempt's id of a call that is not to be trusted, to be echoed and nothing else. */
  echoOf(call: ReceivedCall): string | undefined
  /** The reply's text. Pure. */
  render(answer: Answer, attemptKey: string | undefined): string
}

export interface Dialect {
  readonly name: string
  /** Names of the request headers worth keeping, in lower case. */
  readonly headers: readonly string[]
  /** Those that carry a signature: kept once it is valid, as the proof of who said it. */
  readonly signatureHeaders: readonly string[]
  /** Whether its amounts can say the currency's smallest unit. */
  canCount(currency: string): boolean
  /** Whether a text is a public key that this dialect can verify with. */
  canVerify(publicKey: string): boolean
  /** The route of a path below the account's URL, such as `/transaction/bet`; undefined is a 404. */
  route(path: string): Route | undefined
}
