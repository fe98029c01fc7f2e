// The money floor's words: commands in, outcomes out. Dialects and mutations speak only these.
import type { InferSelectModel } from 'drizzle-orm'
import type { transactions } from '../../db/tables/money.ts'
import type { NewAuditEntry } from '../audit/types.ts'
import type { Actor } from '../context.ts'
import type { LimitKind, LimitLevel } from '../players/types.ts'
import type { NewProviderCall } from '../providers/types.ts'
import type { Period } from '../wallets/counters.ts'

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

interface TokenCommand extends CommandBase {
  readonly providerAccountId: string
  readonly providerId: string
  /** SHA-256 of the game token. */
  readonly tokenHash: Buffer
  /** The player the call names besides the token, when it does: it must be the session's. */
  readonly playerExternalId?: string
  readonly roundKey?: string
}

interface ProviderCommand extends TokenCommand {
  /** An opaque text the dialect builds; unique per provider account and player. */
  readonly roundKey: string
}

/** The account of a wallet that money without a real stake is paid to. */
export type PaidTo = 'CASH' | 'BONUS'

export interface BetCommand extends ProviderCommand {
  readonly kind: 'BET'
  /** The session's game when absent. */
  readonly gameCode?: string
  readonly amountMinor: bigint
  readonly currency: string
  /** FREE (the operator's gift) and PROMO (the supplier's): no real debit; kept out of turnover and GGR. */
  readonly betKind: 'REAL' | 'FREE' | 'PROMO'
  readonly closesRound: boolean
}

export interface WinCommand extends ProviderCommand {
  readonly kind: 'WIN'
  readonly amountMinor: bigint
  readonly currency: string
  /** The transaction key of the bet it pays; the last bet of the round (by session and roundKey) when absent. */
  readonly referenceKey?: string
  /** The part of the amount that a jackpot pays, at most all of it. */
  readonly jackpotMinor?: bigint
  /** Where a win of a bet without a real stake goes; CASH when absent. */
  readonly freeWinsTo?: PaidTo
  /** Settles its bet, whether or not the round goes on. A win of zero always does. */
  readonly settlesBet?: boolean
  /** What a win of a bet that is settled does: it is paid and flagged late, or refused. PAY when absent. */
  readonly afterSettlement?: 'PAY' | 'REFUSE'
  readonly closesRound: boolean
}

export interface RollbackCommand extends ProviderCommand {
  readonly kind: 'ROLLBACK'
  /** The transaction key of the bet or win to reverse. */
  readonly referenceKey: string
  /** What the caller takes the whole of it to be, when it says so: BAD_REQUEST when it is not. */
  readonly wholeMinor?: bigint
  /** What a rollback of a bet that has been settled does. */
  readonly afterWin: 'REVERSE_REFERENCED' | 'REFUSE'
  /**
   * What a rollback that finds nothing to reverse is told: OK, or why (REFERENCE_UNKNOWN, ALREADY_SETTLED). The
   * tombstone of an unknown reference is left in either case. ACCEPT when absent.
   */
  readonly unmatched?: 'ACCEPT' | 'REFUSE'
  /** WHEN_QUIET: only if it leaves no bet of the round open. */
  readonly closesRound: boolean | 'WHEN_QUIET'
}

export interface EndRoundCommand extends ProviderCommand {
  readonly kind: 'END_ROUND'
}

/** A gift to the session's player that belongs to no bet: a tournament prize, the end of a free-round campaign. */
export interface PromoCommand extends TokenCommand {
  readonly kind: 'PROMO'
  readonly amountMinor: bigint
  readonly currency: string
  readonly paidTo: PaidTo
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

/**
 * A correction by an operator: more (above zero) or less on one of the wallet's accounts. FUNDS when cash or bonus
 * would fall below zero, or a debt (OWED) rise above it. Opens the wallet when money is given to a new currency.
 */
export interface AdjustCommand extends CashCommand {
  readonly kind: 'ADJUSTMENT'
  readonly account: 'CASH' | 'BONUS' | 'OWED'
  /** Only while the wallet has this version, zero while there is none; else RETRY_LATER with the current one. */
  readonly expectedVersion?: bigint
}

/**
 * An operator's end of a round that hangs. CLOSE_ROUND settles its open bets as they stand, lost when nothing was
 * paid; VOID_ROUND gives back the stakes of those on which nothing was paid. REFERENCE_UNKNOWN when the player has no
 * such round, ALREADY_SETTLED when it is completed.
 */
export interface ResolveRoundCommand extends CommandBase {
  readonly kind: 'CLOSE_ROUND' | 'VOID_ROUND'
  readonly playerId: string
  readonly roundId: string
  /** Only while none of its bets is open; else RETRY_LATER. */
  readonly whenQuiet?: true
}

export type Command =
  | BetCommand
  | WinCommand
  | RollbackCommand
  | EndRoundCommand
  | PromoCommand
  | DepositCommand
  | WithdrawCommand
  | AdjustCommand
  | ResolveRoundCommand

/** The limit that a bet was refused for. The amounts are known to the first answer only, not to its repetitions. */
export interface LimitReached {
  readonly level: LimitLevel
  readonly kind: LimitKind
  readonly period?: Period
  readonly limitMinor?: bigint
  readonly usedMinor?: bigint
}

/** What a command came to, decided under the lock and answered only once it is committed. */
export interface Outcome {
  readonly verdict: Verdict
  /** For REPLAY: the verdict that the first call got. */
  readonly first?: Verdict
  /** For LIMIT, and for the REPLAY of one. */
  readonly limit?: LimitReached
  /** For RETRY_LATER, when the command expected another one. */
  readonly currentVersion?: bigint
  readonly transactionId?: string
  readonly brandId: string
  readonly playerId?: string
  readonly playerExternalId?: string
  readonly walletId?: string
  readonly sessionId?: string
  readonly roundId?: string
  readonly betId?: string
  /** What may be staked after the command, cash and bonus, whenever the wallet is known (also with a refusal). */
  readonly balanceMinor?: bigint
  /** The part of it that is bonus. */
  readonly bonusMinor?: bigint
  readonly currency?: string
}

/** Rows of other nouns that must be written in the command's own transaction. */
export interface Attachments {
  /** A provider call row (snake_case columns of provider_calls), rendered reply included. */
  readonly providerCall?: NewProviderCall
  readonly audit?: NewAuditEntry
  /** The entry's id, when the caller must know it before it is written. */
  readonly auditId?: string
  /** What came out of a round that the command completes, as its provider reports it. */
  readonly roundResult?: { readonly roundId: string; readonly result: Readonly<Record<string, unknown>> }
}

/** One command handed to the commit streams. */
export interface Submission {
  readonly command: Command
  /**
   * Called synchronously once the outcome is decided, before the commit; may be called again when the batch is
   * tried again, so it must be pure but for its return value.
   */
  readonly attach?: (outcome: Outcome) => Attachments
}

/** Several commands of one player that take effect together or not at all; attached to as one. */
export interface UnitSubmission {
  readonly commands: readonly [Command, ...Command[]]
  /** As of Submission, with an outcome for each command. */
  readonly attach?: (outcomes: readonly Outcome[]) => Attachments
}

/**
 * Submits commands as one. An outcome for each when all take effect (or did before: REPLAY). When one is refused, none
 * takes effect and its outcome stands alone; where refusals are remembered, it is, so the same unit is refused again.
 */
export type SubmitUnit = (unit: UnitSubmission) => Promise<readonly Outcome[]>

/**
 * Resolves once the batch with this command is committed (or with RETRY_LATER, when its outcome could not be
 * made certain in time; asking again with the same key is then safe). Never rejects for anything the rules decide.
 */
export type Submit = (submission: Submission) => Promise<Outcome>
