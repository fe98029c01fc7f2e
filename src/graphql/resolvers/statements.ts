import { exactText } from '../../lib/exact-moment.ts'
import { Problem } from '../../lib/problem.ts'
import type { GraphContext } from '../context.ts'
import type { Resolvers } from '../generated.ts'
import type { WalletBalance, WalletStatement } from '../mappers.ts'
import { toLedgerEntries } from './wallets.ts'

/** How many entries are summed up at most: some two seconds of the database. */
const summedMax = 500_000n

async function balance({ loaders }: GraphContext, key: Omit<WalletStatement, 'from' | 'to'>, at: string) {
  const found = await loaders.balancesByMoment.load({ walletId: key.walletId, at })
  if (!found) throw new Error('the wallet that was just read is not there')
  return { ...found, at, currency: key.currency }
}

const opening = (statement: WalletStatement, ctx: GraphContext) => balance(ctx, statement, statement.from)
const closing = (statement: WalletStatement, ctx: GraphContext) => balance(ctx, statement, statement.to)

async function sums(statement: WalletStatement, ctx: GraphContext) {
  const { walletId, from, to, currency } = statement
  const [first, last] = await Promise.all([opening(statement, ctx), closing(statement, ctx)])
  if (!first.balances) return null
  const entries = last.version - first.version
  if (entries > summedMax)
    throw new Problem('BAD_USER_INPUT', `${entries} entries lie between, more than ${summedMax}`, 'from')
  const found = await ctx.loaders.sumsByStatement.load({ walletId, from, to })
  return found.map((one) => ({ ...one, currency }))
}

const minorOf = ({ balances, currency }: WalletBalance, key: 'cashMinor' | 'bonusMinor' | 'owedMinor') =>
  balances && { minor: balances[key], currency }

export const statementResolvers = {
  Wallet: {
    balanceAt: ({ id: walletId, currency }, { at }, ctx) =>
      balance(ctx, { walletId, currency }, exactText(at)),
    statement({ id: walletId, currency }, { from, to }) {
      const statement = { walletId, currency, from: exactText(from), to: exactText(to) }
      if (statement.to < statement.from) throw new Problem('BAD_USER_INPUT', 'to lies before from', 'to')
      return statement
    },
  },
  WalletBalance: {
    cash: (row) => minorOf(row, 'cashMinor'),
    bonus: (row) => minorOf(row, 'bonusMinor'),
    owed: (row) => minorOf(row, 'owedMinor'),
    lastEntry: ({ lastEntry }, _, { loaders }) => lastEntry && loaders.ledgerEntryByPlace.load(lastEntry),
    unknownBecause: ({ balances }) => (balances ? null : 'NO_LONGER_KEPT'),
  },
  WalletStatement: {
    opening: (row, _, ctx) => opening(row, ctx),
    closing: (row, _, ctx) => closing(row, ctx),
    async entryCount(row, _, ctx) {
      const [first, last] = await Promise.all([opening(row, ctx), closing(row, ctx)])
      return first.balances && last.version - first.version
    },
    sums: (row, _, ctx) => sums(row, ctx),
    ledgerEntries({ walletId, from, to }, args, { loaders }) {
      const { filter, ...request } = toLedgerEntries(args)
      const between = { after: from, upTo: to }
      return loaders.ledgerEntriesByWallet.load(walletId, { ...request, filter: { ...filter, between } })
    },
  },
  StatementSum: {
    cash: ({ cashMinor: minor, currency }) => ({ minor, currency }),
    bonus: ({ bonusMinor: minor, currency }) => ({ minor, currency }),
    owed: ({ owedMinor: minor, currency }) => ({ minor, currency }),
  },
} satisfies Resolvers
