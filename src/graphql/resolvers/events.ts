import { eventFilter, isLate } from '../../domain/journal/filter.ts'
import type { JournalEvent } from '../../domain/journal/types.ts'
import { eventsPage } from '../../live/events-page.ts'
import { connection, counted } from '../connections.ts'
import type {
  LedgerAccount,
  BetKind,
  Resolvers,
  SessionCloseReason,
  TransactionKind,
  Verdict,
} from '../generated.ts'
import { toEventWish } from './event-wish.ts'
import {
  activityLink,
  amountOf,
  betEventFields,
  eventFields,
  noted,
  roundEventFields,
  sessionEventFields,
  sessionLink,
  transactionLink,
  walletLink,
} from './event-fields.ts'

const moved = { ...betEventFields, amount: amountOf }

export const eventResolvers = {
  Query: {
    async events(_, { filter, ...page }, ctx) {
      const { and, or, not, ...wish } = await toEventWish(ctx, filter)
      const tree = and || or || not ? { and, or, not } : undefined
      return eventsPage(ctx, eventFilter(ctx, wish), page, { time: wish.recordedAt ?? {}, tree })
    },
  },
  EventConnection: { ...connection<JournalEvent>(), ...counted },
  Event: { __resolveType: ({ type }) => type },
  PlayerRegistered: eventFields,
  PlayerBlocked: eventFields,
  PlayerUnblocked: eventFields,
  TokenRevoked: eventFields,
  WalletOpened: { ...eventFields, wallet: walletLink },
  ActivityRecorded: { ...eventFields, session: sessionLink, activity: activityLink },
  SessionOpened: sessionEventFields,
  SessionClosed: {
    ...sessionEventFields,
    reason: (row) => noted(row, 'reason') as SessionCloseReason | null,
  },
  RoundStarted: roundEventFields,
  RoundCompleted: roundEventFields,
  BetPlaced: {
    ...betEventFields,
    stake: amountOf,
    kind: (row) => noted(row, 'kind') as BetKind | null,
    late: isLate,
  },
  // A settled bet that paid nothing has an event of its own, LossRecorded.
  BetSettled: {
    ...betEventFields,
    payout: amountOf,
    result: ({ amountMinor }) => (amountMinor === null ? null : amountMinor > 0n ? 'WON' : 'LOST'),
  },
  BetRolledBack: { ...betEventFields, refund: amountOf, late: isLate },
  BetVoided: { ...betEventFields, refund: amountOf },
  WinRecorded: { ...betEventFields, payout: amountOf, late: isLate },
  WinRolledBack: { ...moved, late: isLate },
  LossRecorded: { ...betEventFields, stake: amountOf },
  DebtRecorded: moved,
  RollbackRecorded: betEventFields,
  ResultRecorded: { ...betEventFields, kind: (row) => noted(row, 'kind') as TransactionKind | null },
  TransactionDeclined: {
    ...moved,
    kind: (row) => noted(row, 'kind') as TransactionKind | null,
    verdict: (row) => noted(row, 'verdict') as Verdict | null,
  },
  DepositRecorded: { ...eventFields, transaction: transactionLink, amount: amountOf },
  WithdrawalRecorded: { ...eventFields, transaction: transactionLink, amount: amountOf },
  AdjustmentRecorded: {
    ...eventFields,
    transaction: transactionLink,
    amount: amountOf,
    account: (row) => noted(row, 'account') as LedgerAccount | null,
  },
  PromoRecorded: {
    ...eventFields,
    transaction: transactionLink,
    amount: amountOf,
    account: (row) => noted(row, 'paidTo') as LedgerAccount | null,
  },
} satisfies Resolvers
