import { ledgerEntriesPage } from '../../domain/wallets/ledger-lists.ts'
import type { LedgerEntryFilter, LedgerSum } from '../../domain/wallets/ledger-queries.ts'
import { legKey } from '../../domain/wallets/ledger-queries.ts'
import type { LedgerEntry } from '../../domain/wallets/types.ts'
import { globalId } from '../../lib/global-id.ts'
import { connection, counted, idOf, summed } from '../connections.ts'
import type { LedgerAccount, Resolvers } from '../generated.ts'
import { toRequest } from '../requests.ts'

type Arguments = Parameters<typeof toRequest<LedgerEntryFilter, 'RECORDED_AT'>>[0]

const types = {
  brand: ['Brand'],
  player: ['Player'],
  wallet: ['Wallet'],
  round: ['Round'],
  bet: ['Bet'],
  transaction: ['Transaction'],
}

export const toLedgerEntries = (args: Arguments) =>
  toRequest<LedgerEntryFilter, 'RECORDED_AT'>(args, 'RECORDED_AT', types)

const balance = ({ currency }: LedgerEntry, minor: bigint | null) =>
  minor === null ? null : { minor, currency }

export const walletResolvers = {
  Query: {
    ledgerEntries: (_, args, ctx) => ledgerEntriesPage(ctx, toLedgerEntries(args)),
  },
  Player: {
    wallets: (row, _, { loaders }) => loaders.walletsByPlayer.load(row.id),
    ledgerEntries: (row, args, { loaders }) =>
      loaders.ledgerEntriesByPlayer.load(row.id, toLedgerEntries(args)),
  },
  Wallet: {
    id: idOf('Wallet'),
    brand: (row, _, { loaders }) => loaders.brandById.load(row.brandId),
    player: (row, _, { loaders }) => loaders.playerById.load(row.playerId),
    cash: ({ cashMinor: minor, currency }) => ({ minor, currency }),
    bonus: ({ bonusMinor: minor, currency }) => ({ minor, currency }),
    owed: ({ owedMinor: minor, currency }) => ({ minor, currency }),
    ledgerEntries: (row, args, { loaders }) =>
      loaders.ledgerEntriesByWallet.load(row.id, toLedgerEntries(args)),
  },
  LedgerEntry: {
    id: (row) => globalId('LedgerEntry', legKey(row)),
    amount: ({ amountMinor: minor, currency }) => ({ minor, currency }),
    balanceBefore: (row) =>
      balance(row, row.balanceAfter === null ? null : row.balanceAfter - row.amountMinor),
    balanceAfter: (row) => balance(row, row.balanceAfter),
    wallet: (row, _, { loaders }) => loaders.walletById.load(row.walletId),
    player: (row, _, { loaders }) => loaders.playerById.load(row.playerId),
    event: ({ lane, seq }, _, { loaders }) => loaders.eventByPlace.load({ lane, seq }),
  },
  LedgerEntryConnection: { ...connection<LedgerEntry>(), ...counted, ...summed<LedgerSum>() },
  LedgerEntryTotals: {
    account: ({ by }) => by as LedgerAccount,
    credit: ({ creditMinor: minor, currency }) => ({ minor, currency }),
    debit: ({ debitMinor: minor, currency }) => ({ minor, currency }),
    amount: ({ amountMinor: minor, currency }) => ({ minor, currency }),
  },
} satisfies Resolvers
