// What resolvers hand to each other for types of the schema that are no rows.
import type { Answer, Ids } from '../domain/audit/mutation.ts'
import type { AuditEntry } from '../domain/audit/types.ts'
import type { BetSum } from '../domain/bets/queries.ts'
import type { Bet } from '../domain/bets/types.ts'
import type { SessionSums } from '../domain/figures/session-figures.ts'
import type { PlayerFigures as FiguresOfPlayer } from '../domain/figures/player-figures.ts'
import type { Place } from '../domain/journal/queries.ts'
import type { JournalEvent } from '../domain/journal/types.ts'
import type { Change, Preview } from '../domain/money/preview.ts'
import type { StoryRow } from '../domain/money/story.ts'
import type { BetState, RoundState, WalletState } from '../domain/money/state.ts'
import type { StuckRound, StuckRoundSum } from '../domain/money/stuck-rounds.ts'
import type { TransactionSum } from '../domain/money/transaction-lists.ts'
import type { Transaction } from '../domain/money/types.ts'
import type { PlayerSum } from '../domain/players/queries.ts'
import type { Activity, LimitRow as Limit, Player } from '../domain/players/types.ts'
import type { HealthWindow } from '../domain/providers/call-health.ts'
import type { ProviderAccount, ProviderCall } from '../domain/providers/types.ts'
import type { Reconciliation, ReconciliationItem } from '../domain/reconciliation/types.ts'
import type { Round } from '../domain/rounds/types.ts'
import type { Found } from '../domain/search/types.ts'
import type { BetSums } from '../domain/sessions/bet-sums.ts'
import type { Session } from '../domain/sessions/types.ts'
import type { BalancesAt } from '../domain/wallets/balances.ts'
import type { LedgerSum, LegPlace } from '../domain/wallets/ledger-queries.ts'
import type { StatementKey, StatementSum as SumRow } from '../domain/wallets/statement-sums.ts'
import type { LedgerEntry } from '../domain/wallets/types.ts'
import type { Edge, Kind, ListPage, Page, Totals } from '../lib/page.ts'
import type { BetStage, LimitKind, LimitLevel, LimitPeriod, PlayerWindow } from './generated.ts'

export type { Viewer } from '../domain/operators/viewer.ts'

export interface MoneyValue {
  readonly minor: bigint
  readonly currency: string
}

/** Null when there is no amount. */
export const money = (minor: bigint | null, currency: string | null): MoneyValue | null =>
  minor === null || currency === null ? null : { minor, currency }

export interface PlayerFigures extends FiguresOfPlayer {
  readonly window: PlayerWindow
}

export interface ProviderHealth {
  readonly account: ProviderAccount
  readonly window: HealthWindow
}

export interface WalletBalance extends BalancesAt {
  readonly at: string
  readonly currency: string
}

export interface WalletStatement extends StatementKey {
  readonly currency: string
}

export interface StatementSum extends SumRow {
  readonly currency: string
}

export interface LimitRow extends Limit {
  /** The player that it is looked at for, when it is every player's. */
  readonly forPlayerId?: string
}

export interface PendingLimitRow {
  readonly amount: MoneyValue | null
  readonly effectiveFrom: Date
}

export interface ReachedLimitRow {
  readonly level: LimitLevel
  readonly kind: LimitKind
  readonly period: LimitPeriod | null
  readonly amount: MoneyValue | null
  readonly used: MoneyValue | null
}

export interface ActorRow {
  readonly kind: 'OPERATOR' | 'PROVIDER_ACCOUNT' | 'SYSTEM'
  /** The key of the operator or the provider account. */
  readonly id: string | null
}

export interface RoundTotals {
  readonly betCount: number
  readonly stakeMinor: bigint
  readonly payoutMinor: bigint
  readonly currency: string
}

export interface SessionFigures extends SessionSums {
  readonly currency: string
  readonly durationSeconds: number
}

export type BetTotals = Totals<BetSum>
export type RoundListTotals = Totals<BetSums>
export type SessionTotals = Totals<BetSums>
export type StuckRoundTotals = Totals<StuckRoundSum>
export type TransactionTotals = Totals<TransactionSum>
export type LedgerEntryTotals = Totals<LedgerSum>
export type ProviderCallTotals = Kind
export type PlayerTotals = Totals<PlayerSum>

export type WalletPreviewRow = Change<WalletState>
export type BetPreviewRow = Change<BetState>
export type RoundPreviewRow = Change<RoundState>
export type MoneyChangeRow = Change<MoneyValue> & { readonly before: MoneyValue }

/** What a search found; the thing itself is read only when it is selected. */
export interface SearchHitRow extends Pick<Found, 'matched' | 'value' | 'exact'> {
  readonly type: string
  readonly key: string
}

/** A stage of a bet; its source is read only when it is selected. */
export interface Stage {
  readonly stage: BetStage
  readonly at: Date | string | null
  readonly source: StageSource | null
}

export type StageSource =
  | { readonly kind: 'CALL'; readonly id: string }
  | { readonly kind: 'ENTRY'; readonly place: LegPlace }
  | { readonly kind: 'EVENT'; readonly place: Place }

export type PageInfoValue = Page<unknown>

export type ActivityPage = ListPage<Activity>
export type AuditEntryPage = ListPage<AuditEntry>
export type BetPage = ListPage<Bet, BetSum>
export type JournalEventPage = ListPage<JournalEvent>
export type LedgerEntryPage = ListPage<LedgerEntry, LedgerSum>
export type PlayerPage = ListPage<Player, PlayerSum>
export type ProviderCallPage = ListPage<ProviderCall>
export type ReconciliationPage = ListPage<Reconciliation>
export type ReconciliationItemPage = ListPage<ReconciliationItem>
export type RoundPage = ListPage<Round, BetSums>
export type SessionPage = ListPage<Session, BetSums>
export type StoryEntryPage = ListPage<StoryRow>
export type StuckRoundPage = ListPage<StuckRound, StuckRoundSum>
export type TransactionPage = ListPage<Transaction, TransactionSum>

export type ActivityEdge = Edge<Activity>
export type AuditEntryEdge = Edge<AuditEntry>
export type BetEdge = Edge<Bet>
export type JournalEventEdge = Edge<JournalEvent>
export type LedgerEntryEdge = Edge<LedgerEntry>
export type PlayerEdge = Edge<Player>
export type ProviderCallEdge = Edge<ProviderCall>
export type ReconciliationEdge = Edge<Reconciliation>
export type ReconciliationItemEdge = Edge<ReconciliationItem>
export type RoundEdge = Edge<Round>
export type SessionEdge = Edge<Session>
export type StoryEntryEdge = Edge<StoryRow>
export type StuckRoundEdge = Edge<StuckRound>
export type TransactionEdge = Edge<Transaction>

/** What a verb answered: the payload is looked up by its ids. */
export interface Answered extends Answer<Ids> {
  readonly gameToken?: string | null
  /** Of `createToken`. */
  readonly secret?: string | null
  /** Of a command's dry run. */
  readonly preview?: Preview
  /** Of `placeBet`. */
  readonly pending?: boolean
}

export interface UserErrorRow {
  readonly code: string
  readonly message: string
  readonly field: readonly string[] | null
  readonly currentVersion: bigint | null
}
