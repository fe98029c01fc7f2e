import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BetFilter, type BetSortKey, betsBy, betsPage } from '../../src/domain/bets/queries.ts'
import { layDownBets } from '../bench/list-data.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { planOf, readerOf, scansOf, wayOf } from '../support/plans.ts'

let database: TestDatabase
let brandId: string

beforeAll(async () => {
  database = await createTestDatabase()
  const laid = await layDownBets(database.sql, { bets: 5000, players: 500, games: 50, providers: 5 })
  brandId = laid.brandId
  await database.sql`update bets set brand_id = gen_random_uuid() where seq % 3 = 0`
  await database.sql`analyze`
})

afterAll(() => database?.drop())

/** What each filter stands for: one value, that a million bets would have many or few of. */
const filters: Readonly<Record<keyof BetFilter, () => Promise<BetFilter>>> = {
  id: one('id'),
  brand: one('brand_id', 'brand'),
  player: one('player_id', 'player'),
  session: one('session_id', 'session'),
  round: one('round_id', 'round'),
  game: one('game_id', 'game'),
  provider: () => Promise.resolve({ provider: { eq: brandId } }),
  category: () => Promise.resolve({ category: { eq: 'LIVE' } }),
  providerAccount: one('provider_account_id', 'providerAccount'),
  country: () => Promise.resolve({ country: { eq: 'EE' } }),
  transactionKey: one('transaction_key', 'transactionKey'),
  status: () => Promise.resolve({ status: { eq: 'OPEN' } }),
  result: () => Promise.resolve({ result: { eq: 'WON' } }),
  kind: () => Promise.resolve({ kind: { eq: 'REAL' } }),
  currency: () => Promise.resolve({ currency: { eq: 'EUR' } }),
  stake: () => Promise.resolve({ stake: { currency: 'EUR', gteMinor: 900n } }),
  payout: () => Promise.resolve({ payout: { currency: 'EUR', gteMinor: 200n } }),
  multiple: () => Promise.resolve({ multiple: { gte: '1' } }),
  late: () => Promise.resolve({ late: true }),
  placedAt: () => Promise.resolve({ placedAt: { gte: new Date(Date.now() - 10 * 86_400_000) } }),
  settledAt: () => Promise.resolve({ settledAt: { gte: new Date(Date.now() - 10 * 86_400_000) } }),
}

function one(column: string, field = column): () => Promise<BetFilter> {
  return async () => {
    const [row] = await database.sql.unsafe(`select ${column}::text as value from bets limit 1`)
    return { [field]: { eq: String(row?.['value']) } }
  }
}

const indexes: Readonly<Record<BetSortKey, string>> = {
  PLACED_AT: 'bets_brand',
  SETTLED_AT: 'bets_settled_at',
  STAKE: 'bets_stake',
  PAYOUT: 'bets_payout',
  MULTIPLE: 'bets_multiple',
}

/** Filters that lead to bets by an index of their own; in other orders than that index has, what is found is sorted. */
const own: Readonly<Record<string, { readonly index: string; readonly why: string }>> = {
  id: { index: 'bets_pkey', why: 'at most 100 bets' },
  round: { index: 'bets_round', why: 'the bets of at most 100 rounds' },
  session: { index: 'bets_session', why: 'the bets of at most 100 sessions' },
  player: { index: 'bets_player', why: 'the bets of at most 100 players, never those of all' },
  transactionKey: { index: 'bets_pkey', why: 'at most 100 keys, that the transactions have an index for' },
}

const pairs = Object.keys(filters).flatMap((field) =>
  Object.keys(indexes).map((key) => ({ field, key }) as { field: keyof BetFilter; key: BetSortKey }),
)

describe('a page of bets', () => {
  test.for(pairs)('with $field, by $key, goes along an index', async ({ field, key }) => {
    const filter = await filters[field]()
    const found = own[field]
    const inOrder = key === 'PLACED_AT'
    for (const direction of ['ASC', 'DESC'] as const) {
      const plan = await planOf(database.sql, brandId, (ctx) =>
        betsPage(ctx, { page: { first: 20 }, filter, sort: { key, direction } }),
      )
      const along = field === 'game' && inOrder ? 'along bets_game' : `along ${indexes[key]}`
      const expected = found ? `${inOrder ? 'along' : 'sorted after'} ${found.index}` : along
      expect(wayOf(plan, 'bets')).toBe(expected)
    }
  })

  test.for(Object.keys(indexes) as BetSortKey[])('by %s begins right at its cursor', async (key) => {
    const sort = { key, direction: 'DESC' } as const
    const found = await betsPage(readerOf(database.sql, brandId), { page: { first: 20 }, sort })
    const [row] = found.rows
    const after = row ? found.cursor(row) : expect.fail('there are no bets')
    const plan = await planOf(database.sql, brandId, (ctx) =>
      betsPage(ctx, { page: { first: 20, after }, sort }),
    )
    const scans = scansOf(plan, 'bets')
    expect(scans.map((node) => node['Index Name'])).toEqual([indexes[key]])
    expect(scans[0]?.['Index Cond']).toMatch(key === 'PLACED_AT' ? /\(id < / : /ROW\(.*\) < ROW\(/)
  })

  test.for([
    ['PLAYER', 'bets_player'],
    ['SESSION', 'bets_session'],
    ['ROUND', 'bets_round'],
    ['GAME', 'bets_game'],
  ] as const)(
    'of each %s goes along %s, in other orders after sorting its own bets',
    async ([owner, index]) => {
      for (const key of Object.keys(indexes) as BetSortKey[]) {
        const plan = await planOf(database.sql, brandId, (ctx) =>
          betsBy(ctx, owner, [brandId], { page: { first: 20 }, sort: { key, direction: 'DESC' } }),
        )
        expect(wayOf(plan, 'bets')).toBe(`${key === 'PLACED_AT' ? 'along' : 'sorted after'} ${index}`)
      }
    },
  )
})
