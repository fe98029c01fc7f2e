import type { PreviewedLeg } from '../../domain/money/preview.ts'
import { eventType } from '../event-types.ts'
import type { Resolvers } from '../generated.ts'
import type { MoneyChangeRow, WalletPreviewRow } from '../mappers.ts'

type Balance = 'cashMinor' | 'bonusMinor' | 'owedMinor'

const change =
  (balance: Balance) =>
  ({ before, after }: WalletPreviewRow): MoneyChangeRow => ({
    before: { minor: before?.[balance] ?? 0n, currency: after.currency },
    after: { minor: after[balance], currency: after.currency },
  })

const money = ({ currency }: PreviewedLeg, minor: bigint) => ({ minor, currency })

export const previewResolvers = {
  MoneyPreview: {
    ledgerEntries: ({ legs }) => legs,
    round: ({ rounds }) => rounds[0] ?? null,
  },
  WalletPreview: {
    wallet: ({ before }, _, { loaders }) => before && loaders.walletById.load(before.id),
    version: ({ before }) => before?.version ?? 0n,
    currency: ({ after }) => after.currency,
    cash: change('cashMinor'),
    bonus: change('bonusMinor'),
    owed: change('owedMinor'),
  },
  LedgerEntryPreview: {
    amount: (leg) => money(leg, leg.amountMinor),
    balanceBefore: (leg) =>
      leg.balanceAfter === null ? null : money(leg, leg.balanceAfter - leg.amountMinor),
    balanceAfter: (leg) => (leg.balanceAfter === null ? null : money(leg, leg.balanceAfter)),
    eventType: ({ event }) => eventType(event.type),
    wallet: ({ walletId }, _, { loaders }) => loaders.walletById.load(walletId),
    bet: ({ event }, _, { loaders }) => (event.betId ? loaders.betById.load(event.betId) : null),
  },
  BetPreview: {
    bet: ({ after }, _, { loaders }) => loaders.betById.load(after.id),
    statusBefore: ({ before, after }) => (before ?? after).status,
    statusAfter: ({ after }) => after.status,
    resultAfter: ({ after }) => after.result,
  },
  RoundPreview: {
    round: ({ after }, _, { loaders }) => loaders.roundById.load(after.id),
    statusBefore: ({ before, after }) => (before ?? after).status,
    statusAfter: ({ after }) => after.status,
  },
} satisfies Resolvers
