// The lists of nouns but bets and money: what each must give over the rows of its tables.
import * as fc from 'fast-check'
import { choice, flag, id, int, money, type NounList, type Row, text, time } from './noun-lists.ts'

const ofGame = `(select g.provider_id from games g where g.id = t.game_id) as provider_id,
  (select g.category from games g where g.id = t.game_id) as category`

export const played = {
  brand: id('brand_id', 'Brand'),
  player: id('player_id', 'Player'),
  game: id('game_id', 'Game'),
  provider: id('provider_id', 'Provider'),
  category: choice('category'),
  providerAccount: id('provider_account_id', 'ProviderAccount'),
  status: choice('status'),
  currency: choice('currency'),
}

export const ofRounds = {
  ...played,
  id: id('id', 'Round'),
  session: id('session_id', 'Session'),
  roundKey: text('round_key'),
  startedAt: time('started_at'),
  completedAt: time('completed_at'),
}

export const ms = (value: unknown) => (value instanceof Date ? value.getTime() : Number.NEGATIVE_INFINITY)

const added = (rows: readonly Row[], column: string) =>
  String(rows.reduce((sum, row) => sum + BigInt(String(row[column])), 0n))

const ofPlayers: readonly NounList[] = [
  {
    list: 'players',
    type: 'Player',
    rows: `select t.*, t.id in (select player_id from bets) as played, w.cash_minor, w.bonus_minor, w.owed_minor,
      f.blocked_at from players t join wallets w on w.player_id = t.id and w.currency = 'EUR'
      join player_profiles f on f.player_id = t.id where t.brand_id = any($1)`,
    fields: {
      id: id('id', 'Player'),
      brand: id('brand_id', 'Brand'),
      externalId: text('external_id'),
      status: choice('status'),
      country: text('country'),
      blockedAt: time('blocked_at'),
      excluded: flag((row) => ms(row['excluded_until']) > Date.now()),
      cash: money('cash_minor'),
      bonus: money('bonus_minor'),
      owes: flag((row) => Number(row['owed_minor']) < 0),
      played: flag((row) => row['played'] === true),
    },
    sorts: { REGISTERED_AT: () => 0, EXTERNAL_ID: (row) => String(row['external_id']) },
    totals: {
      asks: 'currency count cash { minorUnits currency } bonus { minorUnits } owed { minorUnits }',
      rows: 'select t.*, t.player_id as id from wallets t where t.brand_id = any($1)',
      of: (wallets) =>
        ['EUR', 'JPY'].flatMap((currency) => {
          const own = wallets.filter((row) => row['currency'] === currency)
          if (own.length === 0) return []
          return [
            {
              currency,
              count: String(own.length),
              cash: { minorUnits: added(own, 'cash_minor'), currency },
              bonus: { minorUnits: added(own, 'bonus_minor') },
              owed: { minorUnits: added(own, 'owed_minor') },
            },
          ]
        }),
    },
  },
  {
    list: 'sessions',
    type: 'Session',
    rows: `select t.*, ${ofGame} from sessions t where t.brand_id = any($1)`,
    fields: {
      ...played,
      id: id('id', 'Session'),
      closeReason: choice('close_reason'),
      country: text('country'),
      ip: text('ip'),
      device: text('device'),
      closedAt: time('closed_at'),
      expiresAt: time('expires_at'),
    },
    sorts: { OPENED_AT: () => 0, CLOSED_AT: (row) => ms(row['closed_at']) },
  },
]

const totalsOfCalls: NonNullable<NounList['totals']> = {
  asks: 'operation verdict count { value precision }',
  rows: 'select t.id, t.operation, t.verdict from provider_calls t where t.brand_id = any($1)',
  of: (calls) =>
    [...Map.groupBy(calls, ({ operation, verdict }) => `${String(operation)} ${String(verdict)}`)]
      .toSorted(([a, these], [b, those]) => those.length - these.length || (a < b ? -1 : 1))
      .map(([kind, { length: value }]) => {
        const [operation, verdict] = kind.split(' ')
        return { operation, verdict, count: { value, precision: 'EXACT' } }
      }),
}

const ofPlay = (start: number): readonly NounList[] => [
  {
    list: 'rounds',
    type: 'Round',
    rows: `select t.*, ${ofGame} from rounds t where t.brand_id = any($1)`,
    fields: {
      ...ofRounds,
      minutesOpen: () =>
        fc.constantFrom(1, 525_600).map((value) => ({
          value,
          matches: (row: Row) => row['status'] === 'OPEN' && value === 1,
        })),
    },
    sorts: { STARTED_AT: () => 0, COMPLETED_AT: (row) => ms(row['completed_at']) },
    narrowed: { startedAt: { gte: new Date(start).toISOString() } },
  },
  {
    list: 'providerCalls',
    type: 'ProviderCall',
    rows: `select t.*, a.provider_id from provider_calls t
      join provider_accounts a on a.id = t.provider_account_id where t.brand_id = any($1)`,
    fields: {
      id: id('id', 'ProviderCall'),
      brand: id('brand_id', 'Brand'),
      player: id('player_id', 'Player'),
      session: id('session_id', 'Session'),
      round: id('round_id', 'Round'),
      bet: id('bet_id', 'Bet'),
      transaction: id('transaction_id', 'Transaction'),
      provider: id('provider_id', 'Provider'),
      operation: text('operation'),
      path: text('path'),
      effect: choice('effect'),
      verdict: choice('verdict'),
      attemptKey: text('attempt_key'),
      requestId: text('request_id'),
      httpStatus: int('http_status'),
      latencyUs: int('latency_us'),
      receivedAt: time('received_at'),
    },
    totals: totalsOfCalls,
    sorts: { RECEIVED_AT: () => 0, LATENCY: (row) => Number(row['latency_us']) },
    narrowed: { receivedAt: { gte: new Date(start).toISOString() } },
  },
  {
    list: 'activities',
    type: 'Activity',
    rows: 'select t.* from activities t where t.brand_id = any($1)',
    fields: {
      id: id('id', 'Activity'),
      brand: id('brand_id', 'Brand'),
      player: id('player_id', 'Player'),
      session: id('session_id', 'Session'),
      type: choice('type'),
      ip: text('ip'),
      device: text('device'),
      country: text('country'),
      recordedAt: time('recorded_at'),
      occurredAt: time('occurred_at'),
    },
    sorts: { RECORDED_AT: () => 0 },
  },
]

/** Those that need narrowing for an order get it from a moment before all rows. */
export const nounLists = (start: number): readonly NounList[] => [...ofPlayers, ...ofPlay(start)]
