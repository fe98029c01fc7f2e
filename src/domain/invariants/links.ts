// Links that no foreign key holds, since foreign keys cost too much on the hot inserts: what is named exists and
// belongs to the same player.
import { currencies } from '../../lib/money.ts'
import { byId, byLane, inPart } from './parts.ts'
import type { Invariant } from './types.ts'

const id = 'LINKS'

/** What the row t lacks, as words: a link is empty, or leads to a row for which the condition holds. */
const lost = (links: readonly (readonly [column: string, table: string, condition?: string])[]) =>
  `concat_ws(', ', ${links
    .map(
      ([column, table, condition]) => `
      case when t.${column} is not null and not exists (
        select from ${table} o where o.id = t.${column}${condition ? ` and ${condition}` : ''})
        then '${column} ' || t.${column} end`,
    )
    .join(',')})`

const samePlayer = 'o.player_id = t.player_id'
const sameMoney = `${samePlayer} and o.currency = t.currency`
const sameBrand = 'o.brand_id = t.brand_id'

const byRow = (table: string, noun: string, links: Parameters<typeof lost>[0]): Invariant => ({
  id,
  says: `what a ${noun} names is there, and of the same player`,
  over: table,
  check: byId(
    table,
    `select case when x.lost <> '' then format('${noun} %s names %s', x.id, x.lost) end as who
     from (select t.id, ${lost(links)} as lost from ${table} t where t.id > $1::uuid and t.id <= $2::uuid) x`,
  ),
})

const player = ['player_id', 'players', sameBrand] as const
const account = ['provider_account_id', 'provider_accounts', sameBrand] as const
const game = ['game_id', 'games'] as const

const legs: Invariant = {
  id,
  says: 'a leg is of a wallet of its player and currency; a stake in play names its bet',
  over: 'ledger_entries',
  // What many legs have in common is looked up once.
  check: byLane(`
    select case when x.lost <> '' then format('lane %s seq %s: a leg names %s', $1, x.seq, x.lost)
      when x.strays > 0 then format('lane %s seq %s: a stake is of no bet', $1, x.seq) end as who
    from (select t.seq, t.strays,
        ${lost([player, ['wallet_id', 'wallets', sameMoney], ['bet_id', 'bets', samePlayer]])} as lost
      from (
        select min(t.seq) as seq, t.brand_id, t.player_id, t.wallet_id, t.currency, t.bet_id,
          count(*) filter (where t.account = 'STAKES' and t.bet_id is null) as strays
        from ledger_entries t where ${inPart('t')}
        group by t.brand_id, t.player_id, t.wallet_id, t.currency, t.bet_id) t) x`),
}

const eventLinks = [
  ['brand_id', 'brands'],
  player,
  ['session_id', 'sessions', samePlayer],
  game,
  account,
  ['round_id', 'rounds', samePlayer],
  ['bet_id', 'bets', samePlayer],
] as const

const eventColumns = eventLinks.map(([column]) => `t.${column}`).join(', ')

const events: Invariant = {
  id,
  says: 'what an event names is there, and of the same player',
  over: 'journal',
  check: byLane(`
    select case when x.lost <> '' then format('lane %s seq %s: an event names %s', $1, x.seq, x.lost) end as who
    from (select t.seq, ${lost(eventLinks)} as lost
      from (select min(t.seq) as seq, ${eventColumns} from journal t where ${inPart('t')}
        group by ${eventColumns}) t) x`),
}

const knownCurrencies: Invariant = {
  id: 'I20',
  says: 'the minor unit of every wallet is known',
  over: 'wallets',
  check: byId(
    'wallets',
    `select case when w.currency not in (${currencies.map((code) => `'${code}'`).join(', ')}) then
       format('wallet %s of player %s is in %s', w.id, w.player_id, w.currency) end as who
     from wallets w where w.id > $1::uuid and w.id <= $2::uuid`,
  ),
}

export const links: readonly Invariant[] = [
  knownCurrencies,
  byRow('bets', 'bet', [
    player,
    ['wallet_id', 'wallets', sameMoney],
    ['session_id', 'sessions', samePlayer],
    ['round_id', 'rounds', `${sameMoney} and o.provider_account_id = t.provider_account_id`],
    game,
    account,
  ]),
  byRow('rounds', 'round', [player, ['session_id', 'sessions', samePlayer], game, account]),
  byRow('sessions', 'session', [player, ['wallet_id', 'wallets', sameMoney], game, account]),
  byRow('transactions', 'transaction', [
    player,
    ['wallet_id', 'wallets', samePlayer],
    ['session_id', 'sessions', samePlayer],
    ['round_id', 'rounds', samePlayer],
    ['bet_id', 'bets', samePlayer],
    account,
  ]),
  legs,
  events,
]
