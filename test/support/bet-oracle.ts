// What lists of bets must say, by brute force over the bets that a factory made: which bets a filter of the schema
// lets pass, their order, and their sums. It reads the filter as its descriptions say, and knows no SQL.
import { globalId } from '../../src/lib/global-id.ts'
import { formatDecimal, parseDecimal } from '../../src/lib/money.ts'
import type { MadeBet } from './factory.ts'

interface Range<Value> {
  readonly gte?: Value | null
  readonly lt?: Value | null
  readonly lte?: Value | null
}

type Matches = (value: never, bet: MadeBet) => boolean

interface Choice extends Range<string> {
  readonly eq?: string | null
  readonly in?: readonly string[] | null
  readonly startsWith?: string | null
}

const absent = (value: unknown): value is null | undefined => value === null || value === undefined

/** Where there is no value, nothing matches but a filter that says nothing. */
const choice =
  (of: (bet: MadeBet) => string | undefined) =>
  ({ eq, in: among, startsWith }: Choice, bet: MadeBet): boolean => {
    const own = of(bet)
    if (absent(eq) && absent(among) && absent(startsWith)) return true
    if (own === undefined) return false
    return (
      (absent(eq) || own === eq) &&
      (absent(among) || among.includes(own)) &&
      (absent(startsWith) || own.startsWith(startsWith))
    )
  }

const money =
  (of: (bet: MadeBet) => bigint) =>
  ({ currency, gte, lte }: Range<string> & { readonly currency: string }, bet: MadeBet): boolean =>
    bet.seat.currency === currency &&
    (absent(gte) || of(bet) >= parseDecimal(gte, currency)) &&
    (absent(lte) || of(bet) <= parseDecimal(lte, currency))

const time =
  (of: (bet: MadeBet) => Date | undefined) =>
  ({ gte, lt }: Range<string>, bet: MadeBet): boolean => {
    if (absent(gte) && absent(lt)) return true
    const own = of(bet)?.getTime()
    if (own === undefined) return false
    return (absent(gte) || own >= Date.parse(gte)) && (absent(lt) || own < Date.parse(lt))
  }

/** Exactly: payout / stake against a decimal, both sides multiplied by what makes them whole. */
function multiple({ gte, lte }: Range<string>, { stakeMinor, payoutMinor }: MadeBet): boolean {
  if (absent(gte) && absent(lte)) return true
  if (stakeMinor === 0n) return false
  const difference = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.')
    return payoutMinor * 10n ** BigInt(fraction.length) - BigInt(whole + fraction) * stakeMinor
  }
  return (absent(gte) || difference(gte) >= 0n) && (absent(lte) || difference(lte) <= 0n)
}

const id = (type: string, key: (bet: MadeBet) => string) => choice((bet) => globalId(type, key(bet)))

export const statusOf = ({ outcome }: MadeBet): string =>
  outcome === 'WON' || outcome === 'LOST' ? 'SETTLED' : outcome
export const settledAtOf = (bet: MadeBet): Date | undefined =>
  statusOf(bet) === 'SETTLED' ? new Date(bet.placedAt.getTime() + 1000) : undefined

const fields: Readonly<Record<string, Matches>> = {
  id: id('Bet', (bet) => bet.id),
  brand: id('Brand', ({ seat }) => seat.brand.id),
  player: id('Player', ({ seat }) => seat.playerId),
  session: id('Session', ({ seat }) => seat.sessionId),
  round: id('Round', ({ roundId }) => roundId),
  game: id('Game', ({ seat }) => seat.gameId),
  provider: id('Provider', ({ seat }) => seat.providerId),
  providerAccount: id('ProviderAccount', ({ seat }) => seat.accountId),
  category: choice(({ seat }) => seat.category),
  country: choice(({ seat }) => seat.country),
  transactionKey: choice(({ transactionKey }) => transactionKey),
  status: choice(statusOf),
  result: choice((bet) => (statusOf(bet) === 'SETTLED' ? bet.outcome : undefined)),
  kind: choice(({ kind }) => kind),
  currency: choice(({ seat }) => seat.currency),
  stake: money(({ stakeMinor }) => stakeMinor),
  payout: money(({ payoutMinor }) => payoutMinor),
  multiple,
  late: (value: boolean) => !value,
  placedAt: time(({ placedAt }) => placedAt),
  settledAt: time(settledAtOf),
}

export type BetTree = Readonly<Record<string, unknown>>

/** Whether the bet matches a filter as it is sent to the schema. */
export function matchesBet(filter: BetTree, bet: MadeBet): boolean {
  return Object.entries(filter).every(([field, value]) => {
    if (absent(value)) return true
    if (field === 'and') return (value as BetTree[]).every((one) => matchesBet(one, bet))
    if (field === 'or') return (value as BetTree[]).some((one) => matchesBet(one, bet))
    if (field === 'not') return !matchesBet(value as BetTree, bet)
    const matches = fields[field]
    if (!matches) throw new Error(`there is no filter ${field}`)
    return matches(value as never, bet)
  })
}

const sign = (difference: bigint) => (difference === 0n ? 0 : difference < 0n ? -1 : 1)
const none = -1n

const orders: Readonly<Record<string, (a: MadeBet, b: MadeBet) => number>> = {
  PLACED_AT: () => 0,
  SETTLED_AT: (a, b) => (settledAtOf(a)?.getTime() ?? -1) - (settledAtOf(b)?.getTime() ?? -1),
  STAKE: (a, b) => sign(a.stakeMinor - b.stakeMinor),
  PAYOUT: (a, b) => sign(a.payoutMinor - b.payoutMinor),
  MULTIPLE(a, b) {
    if (a.stakeMinor === 0n || b.stakeMinor === 0n) {
      return sign((a.stakeMinor === 0n ? none : 0n) - (b.stakeMinor === 0n ? none : 0n))
    }
    return sign(a.payoutMinor * b.stakeMinor - b.payoutMinor * a.stakeMinor)
  },
}

export const betSortKeys = Object.keys(orders)

/** By the key, then by the bytes of the id; all of it turned around when descending. */
export function sortedBets(bets: readonly MadeBet[], key: string, direction: string): MadeBet[] {
  const order = orders[key]
  if (!order) throw new Error(`there is no order ${key}`)
  const rising = bets.toSorted((a, b) => order(a, b) || (a.id < b.id ? -1 : 1))
  return direction === 'ASC' ? rising : rising.toReversed()
}

/** As `totals { currency count stake { amount } … }` answers. */
export function totalsOf(bets: readonly MadeBet[]): object[] {
  const groups = Map.groupBy(bets, ({ seat }) => seat.currency)
  return [...groups.keys()].toSorted().map((currency) => {
    const all = groups.get(currency) ?? []
    const counted = all.filter((bet) => statusOf(bet) === 'SETTLED' && bet.kind === 'REAL')
    const sum = (of: readonly MadeBet[], amount: (bet: MadeBet) => bigint) => ({
      amount: formatDecimal(
        of.reduce((total, bet) => total + amount(bet), 0n),
        currency,
      ),
    })
    return {
      currency,
      count: String(all.length),
      stake: sum(all, (bet) => bet.stakeMinor),
      payout: sum(all, (bet) => bet.payoutMinor),
      jackpot: sum(all, (bet) => bet.jackpotMinor),
      turnover: sum(counted, (bet) => bet.stakeMinor),
      ggr: sum(counted, (bet) => bet.stakeMinor - bet.payoutMinor + bet.jackpotMinor),
    }
  })
}
