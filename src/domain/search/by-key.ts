// By the keys that transactions and rounds have with their providers, as they stand or as people quote them.
import { Parameters, readValues } from '../../db/rows.ts'
import { isUuid } from '../../lib/uuid.ts'
import { type Found, lastOf, type SearchContext, type Wish } from './types.ts'

/** What keys of an operator's own commands begin with: then come the operator's id and the idempotency key. */
const ofBrand = ['deposit', 'withdrawal', 'adjustment', 'close-round', 'void-round']
const ofAccount = ['bet']

/** The text as it stands counts in every dialect; ids are written in small letters by most. */
function spellings({ text }: Wish): string[] {
  const small = text.toLowerCase()
  return small !== text && isUuid(small) ? [text, small] : [text]
}

/** Every transaction of a bet leads to the bet too. */
export async function findByTransactionKey(ctx: SearchContext, wish: Wish): Promise<Found[]> {
  const parameters = new Parameters()
  const scope = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const keys = spellings(wish).flatMap((text) => [
    ['', text] as const,
    ...ctx
      .quoteKeys(text)
      .flatMap(({ dialect, transactionKeys }) => transactionKeys.map((key) => [dialect, key] as const)),
  ])
  const quoted = [
    parameters.addArray(
      'text',
      keys.map(([dialect]) => dialect),
    ),
    parameters.addArray(
      'text',
      keys.map(([, key]) => key),
    ),
    parameters.addArray(
      'text',
      keys.map(([, key]) => lastOf(key, wish.beginnings)),
    ),
  ].join(', ')
  const limit = parameters.add('int4', wish.limit)
  const [own, placed] = [parameters.addArray('text', ofBrand), parameters.addArray('text', ofAccount)]
  const typed = parameters.add('text', wish.text)
  const text = `/* search: by transaction key */
with quoted as materialized (select q.dialect, q.low, q.high from unnest(${quoted}) q(dialect, low, high)),
places as materialized (
  select a.id as scope, q.low, q.high from provider_accounts a join quoted q on q.dialect in ('', a.dialect)
  where a.brand_id = any(${scope})
  union all
  select b.id, q.low, q.high from unnest(${scope}) b(id) join quoted q on q.dialect = ''
),
owned as materialized (
  select o.brand_id as scope, concat(v.verb, ':', o.operator_id, ':', ${typed}) as key
  from operator_brands o cross join unnest(${own}) v(verb) where o.brand_id = any(${scope})
  union all
  select a.id, concat(v.verb, ':', o.operator_id, ':', ${typed}) from provider_accounts a
  join operator_brands o on o.brand_id = a.brand_id cross join unnest(${placed}) v(verb)
  where a.brand_id = any(${scope}) and a.engine_url is not null
)
select r.id, r.bet_id, r.transaction_key, 'TRANSACTION_KEY', true from places p cross join lateral (
  select t.id, t.bet_id, t.transaction_key from transactions t
  where t.scope_id = p.scope and t.transaction_key = p.low and t.brand_id = any(${scope})
) r
union all
select r.id, r.bet_id, r.transaction_key, 'IDEMPOTENCY_KEY', true from owned p cross join lateral (
  select t.id, t.bet_id, t.transaction_key from transactions t
  where t.scope_id = p.scope and t.transaction_key = p.key and t.brand_id = any(${scope})
) r
union all (
  select r.id, r.bet_id, r.transaction_key, 'TRANSACTION_KEY', false from places p cross join lateral (
    select t.id, t.bet_id, t.transaction_key from transactions t
    where t.scope_id = p.scope and t.transaction_key > p.low and t.transaction_key <= p.high
    and t.brand_id = any(${scope}) order by t.transaction_key limit ${limit}
  ) r where p.high <> p.low order by r.transaction_key limit ${limit}
)`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return (rows as unknown as [string, string | null, string, Found['matched'], boolean][]).flatMap(
    ([id, betId, value, matched, exact]) => {
      const found = { matched, value, exact }
      const bet = betId === null ? [] : [{ type: 'Bet', id: betId, ...found } as const]
      return [...bet, { type: 'Transaction', id, ...found } as const]
    },
  )
}

/** A key that a dialect makes of the whole id and something else counts as the whole. */
export async function findByRoundKey(ctx: SearchContext, wish: Wish): Promise<Found[]> {
  const parameters = new Parameters()
  const scope = parameters.addArray('uuid', [...ctx.actor.brandIds])
  const starts = spellings(wish).flatMap((text) => [
    { dialect: '', low: text, high: lastOf(text, wish.beginnings), whole: false },
    ...ctx
      .quoteKeys(text)
      .flatMap(({ dialect, roundKeyStart: low }) =>
        low === undefined ? [] : [{ dialect, low, high: lastOf(low, true), whole: true }],
      ),
  ])
  const arrays = [
    parameters.addArray(
      'text',
      starts.map(({ dialect }) => dialect),
    ),
    parameters.addArray(
      'text',
      starts.map(({ low }) => low),
    ),
    parameters.addArray(
      'text',
      starts.map(({ high }) => high),
    ),
    parameters.addArray(
      'bool',
      starts.map(({ whole }) => whole),
    ),
  ].join(', ')
  const limit = parameters.add('int4', wish.limit)
  const text = `/* search: by round key */
select r.id, r.round_key, s.whole or r.round_key = s.low as exact
from provider_accounts a join unnest(${arrays}) s(dialect, low, high, whole) on s.dialect in ('', a.dialect)
cross join lateral (
  select t.id, t.round_key from rounds t
  where t.provider_account_id = a.id and t.round_key >= s.low and t.round_key <= s.high
  and t.brand_id = any(${scope}) order by t.round_key limit ${limit}
) r where a.brand_id = any(${scope}) order by exact desc, r.round_key, r.id`
  const rows = await readValues(ctx.sql, text, parameters.values)
  return (rows as unknown as [string, string, boolean][]).map(([id, value, exact]) => ({
    type: 'Round',
    id,
    matched: 'ROUND_KEY',
    value,
    exact,
  }))
}
