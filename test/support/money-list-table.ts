// The lists that add up money: what a filter lets pass over the bare rows of their tables, and what these come to, by
// brute force.
import { formatDecimal } from '../../src/lib/money.ts'
import { ofRounds, played } from './noun-list-table.ts'
import { choice, id, money, type NounList, type Row, text, time } from './noun-lists.ts'

export interface MoneyList extends Omit<NounList, 'sorts'> {
  /** What `totals` is asked for. */
  readonly asks: string
  /** What totals of one currency are told apart by. */
  readonly by?: readonly [field: string, column: string]
  readonly sums: (rows: readonly Row[], currency: string | null) => object
}

const currencies = ['EUR', 'JPY']

const amount = (minor: bigint, currency: string | null) =>
  currency === null ? null : { amount: formatDecimal(minor, currency) }

const sum = (rows: readonly Row[], column: string): bigint =>
  rows.reduce((total, row) => total + BigInt(String(row[column] ?? 0)), 0n)

const transactions: MoneyList = {
  list: 'transactions',
  type: 'Transaction',
  rows: `select t.*, a.provider_id from transactions t
    left join provider_accounts a on a.id = t.provider_account_id where t.brand_id = any($1)`,
  fields: {
    id: id('id', 'Transaction'),
    brand: id('brand_id', 'Brand'),
    providerAccount: id('provider_account_id', 'ProviderAccount'),
    provider: id('provider_id', 'Provider'),
    round: id('round_id', 'Round'),
    bet: id('bet_id', 'Bet'),
    kind: choice('kind'),
    verdict: choice('verdict'),
    currency: choice('currency'),
    amount: money('amount_minor', currencies),
    transactionKey: text('transaction_key'),
    referenceKey: text('reference_key'),
    recordedAt: time('recorded_at'),
    player: id('player_id', 'Player'),
    session: id('session_id', 'Session'),
    wallet: id('wallet_id', 'Wallet'),
  },
  asks: 'currency kind count declined amount { amount }',
  by: ['kind', 'kind'],
  sums(rows, currency) {
    const accepted = rows.filter((row) => row['verdict'] === 'OK')
    return {
      count: String(rows.length),
      declined: String(rows.length - accepted.length),
      amount: amount(sum(accepted, 'amount_minor'), currency),
    }
  },
}

const ledgerEntries: MoneyList = {
  list: 'ledgerEntries',
  type: 'LedgerEntry',
  rows: `select t.*, concat(t.lane, '.', t.seq, '.', t.leg) as id from ledger_entries t where t.brand_id = any($1)`,
  fields: {
    brand: id('brand_id', 'Brand'),
    round: id('round_id', 'Round'),
    bet: id('bet_id', 'Bet'),
    transaction: id('transaction_id', 'Transaction'),
    account: choice('account'),
    currency: choice('currency'),
    amount: money('amount_minor', currencies),
    recordedAt: time('recorded_at'),
    player: id('player_id', 'Player'),
    wallet: id('wallet_id', 'Wallet'),
  },
  asks: 'currency account count credit { amount } debit { amount } amount { amount }',
  by: ['account', 'account'],
  sums(rows, currency) {
    const added = rows.filter((row) => Number(row['amount_minor']) > 0)
    const [credit, all] = [sum(added, 'amount_minor'), sum(rows, 'amount_minor')]
    return {
      count: String(rows.length),
      credit: amount(credit, currency),
      debit: amount(credit - all, currency),
      amount: amount(all, currency),
    }
  },
}

/** The rows with what the bets of each come to. */
const withBets = (table: string, column: string) => `select t.*, g.provider_id, g.category, b.*
  from ${table} t join games g on g.id = t.game_id cross join lateral (
    select count(*) as bets, sum(stake_minor) as stake, sum(payout_minor) as payout,
      sum(case when status = 'SETTLED' and kind = 'REAL' then stake_minor end) as turnover,
      sum(case when status = 'SETTLED' and kind = 'REAL' then stake_minor - payout_minor + jackpot_minor end) as ggr
    from bets x where x.${column} = t.id
  ) b where t.brand_id = any($1)`

const ofBets = {
  asks: `currency count openCount betCount
    stake { amount } payout { amount } turnover { amount } ggr { amount }`,
  sums: (rows: readonly Row[], currency: string | null) => ({
    count: String(rows.length),
    openCount: String(rows.filter((row) => row['status'] === 'OPEN').length),
    betCount: String(sum(rows, 'bets')),
    stake: amount(sum(rows, 'stake'), currency),
    payout: amount(sum(rows, 'payout'), currency),
    turnover: amount(sum(rows, 'turnover'), currency),
    ggr: amount(sum(rows, 'ggr'), currency),
  }),
}

const rounds: MoneyList = {
  ...ofBets,
  list: 'rounds',
  type: 'Round',
  rows: withBets('rounds', 'round_id'),
  fields: ofRounds,
}

const sessions: MoneyList = {
  ...ofBets,
  list: 'sessions',
  type: 'Session',
  rows: withBets('sessions', 'session_id'),
  fields: {
    ...played,
    id: id('id', 'Session'),
    closeReason: choice('close_reason'),
    expiresAt: time('expires_at'),
    closedAt: time('closed_at'),
  },
}

export const moneyLists: readonly MoneyList[] = [transactions, ledgerEntries, rounds, sessions]

/** By currency, those without one last; then by what they are told apart by. */
export function totalsOf({ by, sums }: MoneyList, rows: readonly Row[]): object[] {
  const told = (row: Row) => (by ? String(row[by[1]]) : '')
  const currencyOf = (row: Row) => row['currency'] as string | null
  const groups = Map.groupBy(rows, (row) => `${currencyOf(row) ?? '~'} ${told(row)}`)
  return [...groups.keys()].toSorted().map((key) => {
    const group = groups.get(key) ?? []
    const [first] = group
    const currency = first ? currencyOf(first) : null
    return { currency, ...(by && first && { [by[0]]: told(first) }), ...sums(group, currency) }
  })
}
