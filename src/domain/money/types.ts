// The money floor's words: commands in, outcomes out. Dialects and mutations speak only these.
import type { InferSelectModel } from 'drizzle-orm'
import type { transactions } from '../../db/tables/money.ts'
import type { NewAuditEntry } from '../audit/types.ts'
import type { Actor } from '../context.ts'
import type { NewProviderCall } from '../providers/types.ts'

export const verdicts = [
  'OK',
  'REPLAY',
  'FUNDS',
  'LIMIT',
  'PLAYER_BLOCKED',
  'PLAYER_UNKNOWN',
  'SESSION_INVALID',
  'SESSION_EXPIRED',
  'CURRENCY',
  'GAME',
  'DUPLICATE_CONFLICT',
  'REFERENCE_UNKNOWN',
  'REFERENCE_ROLLED_BACK',
  'ALREADY_SETTLED',
  'TOMBSTONED',
  'BAD_SIGNATURE',
  'BAD_REQUEST',
  'RETRY_LATER',
] as const

export type Verdict = (typeof verdicts)[number]

/** A transaction as it is read. */
export type Transaction = Omit<InferSelectModel<typeof transactions>, 'fingerprint'>

interface CommandBase {
  /** The provider account, or the brand for the platform's own commands: the scope of the transaction key. */
  readonly scopeId: string
  readonly brandId: string
  /** Unique in the scope for ever, all kinds in one key space; 1 to 128 bytes, no NUL. */
  readonly transactionKey: string
  /** SHA-256 over what makes two calls the same call (lib/fingerprint). */
  readonly fingerprint: Buffer
  readonly actor: Pick<Actor, 'kind' | 'id'>
  /** The request id of the cause. */
  readonly trace: string
  readonly receivedAt: Date
  /** When the provider says it happened: kept, never decided upon. */
  readonly providerTime?: Date
}

interface ProviderCommand extends CommandBase {
  readonly providerAccountId: string
  readonly providerId: string
  /** SHA-256 of the game token. */
  readonly tokenHash: Buffer
  /** The player the call names besides the token, when it does: it must be the session's. */
  readonly playerExternalId?: string
  /** An opaque text the dialect builds; unique per provider account and player. */
  readonly roundKey: string
}

export interface BetCommand extends ProviderCommand {
  readonly kind: 'BET'
  readonly gameCode: string
  readonly amountMinor: bigint
  readonly currency: string
  /** FREE: no real debit; counted apart. */
  readonly betKind: 'REAL' | 'FREE'
  readonly closesRound: boolean
}

export interface WinCommand extends ProviderCommand {
  readonly kind: 'WIN'
  readonly gameCode: string
  readonly amountMinor: bigint
  readonly currency: string
  /** The transaction key of the bet it pays. */
  readonly referenceKey: string
  readonly closesRound: boolean
}

export interface RollbackCommand extends ProviderCommand {
  readonly kind: 'ROLLBACK'
  /** The transaction key of the bet or win to reverse. */
  readonly referenceKey: string
  /** What a rollback of a bet that has been settled does. */
  readonly afterWin: 'REVERSE_REFERENCED' | 'REFUSE'
  readonly closesRound: boolean
}

export interface EndRoundCommand extends ProviderCommand {
  readonly kind: 'END_ROUND'
}

interface CashCommand extends CommandBase {
  readonly playerId: string
  readonly amountMinor: bigint
  readonly currency: string
}

/** Money in from the cashier. Opens the wallet of its currency when the player has none. */
export interface DepositCommand extends CashCommand {
  readonly kind: 'DEPOSIT'
}

/** Money out to the cashier; FUNDS when the cash does not cover it. */
export interface WithdrawCommand extends CashCommand {
  readonly kind: 'WITHDRAWAL'
}

export type Command =
  | BetCommand
  | WinCommand
  | RollbackCommand
  | EndRoundCommand
  | DepositCommand
  | WithdrawCommand

/** What a command came to, decided under the lock and answered only once it is committed. */
export interface Outcome {
  readonly verdict: Verdict
  /** For REPLAY: the verdict that the first call got. */
  readonly first?: Verdict
  readonly transactionId?: string
  readonly brandId: string
  readonly playerId?: string
  readonly playerExternalId?: string
  readonly walletId?: string
  readonly sessionId?: string
  readonly roundId?: string
  readonly betId?: string
  /** Cash after the command, whenever the wallet is known (also with a refusal). */
  readonly balanceMinor?: bigint
  readonly currency?: string
}

/** Rows of other nouns that must be written in the command's own transaction. */
export interface Attachments {
  /** A provider call row (snake_case columns of provider_calls), rendered reply included. */
  readonly providerCall?: NewProviderCall
  readonly audit?: NewAuditEntry
  /** The entry's id, when the caller must know it before it is written. */
  readonly auditId?: string
}

/** One command handed to the commit streams. */
export interface Submission {
  readonly command: Command
  /**
   * Called synchronously once the outcome is decided, before the commit; may be called again when the batch is
   * tried again, so it must be pure but for its return value.
   */
  attach?(outcome: Outcome): Attachments
}

/**
 * Resolves once the batch with this command is committed (or with RETRY_LATER, when its outcome could not be
 * made certain in time; asking again with the same key is then safe). Never rejects for anything the rules decide.
 */
export type Submit = (submission: Submission) => Promise<Outcome>
