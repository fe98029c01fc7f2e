import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScopedContext } from '../../../src/domain/context.ts'
import { ledgerEntriesByTransactions } from '../../../src/domain/money/queries.ts'
import { type MoneyWorld, openMoneyWorld, type Process } from '../../support/money-world.ts'

let world: MoneyWorld
let process: Process
beforeAll(async () => {
  world = await openMoneyWorld()
  process = world.process({ streams: 1 })
})
afterAll(() => world.close())

/** The accounts and amounts of each transaction's entries, by its key. */
async function entriesByKey(): Promise<Record<string, string[]>> {
  const rows = await world.sql<{ id: string; key: string; roundId: string; lane: number; seq: bigint }[]>`
    select id, transaction_key as key, round_id as "roundId", lane, seq from transactions order by id`
  const brands = await world.sql<{ id: string }[]>`select id from brands`
  const ctx = { sql: world.sql, actor: { brandIds: new Set(brands.map(({ id }) => id)) } }
  const entries = await ledgerEntriesByTransactions(ctx as unknown as ScopedContext, rows)
  const told = entries.map((some) => some.map(({ account, amountMinor }) => `${account} ${amountMinor}`))
  return Object.fromEntries(rows.map(({ key }, index) => [key, told[index] ?? []]))
}

test('a transaction has the entries that it made, with a bet or without, in a round or in none', async () => {
  const seat = await world.seat()
  const { bet, win, promo, withdraw, endRound } = world.commands
  const round = { roundKey: 'round' }
  for (const command of [
    bet(seat, { ...round, key: 'first bet' }),
    bet(seat, { ...round, key: 'second bet' }),
    win(seat, { ...round, key: 'win', referenceKey: 'first bet', amountMinor: 250n }),
    promo(seat, { key: 'gift' }),
    promo(seat, { ...round, key: 'gift in a round', paidTo: 'BONUS' }),
    endRound(seat, { ...round, key: 'end' }),
    withdraw(seat, { key: 'withdrawal' }),
  ])
    expect((await process.send(command)).verdict).toBe('OK')
  const entries = await entriesByKey()
  expect(entries).toEqual({
    'opening 1': ['CASHIER -1000', 'CASH 1000'],
    'first bet': ['CASH -100', 'STAKES 100'],
    'second bet': ['CASH -100', 'STAKES 100'],
    win: ['HOUSE -250', 'CASH 250'],
    gift: ['PROMOTIONS -100', 'CASH 100'],
    'gift in a round': ['PROMOTIONS -100', 'BONUS 100'],
    end: ['STAKES -100', 'HOUSE 100', 'STAKES -100', 'HOUSE 100'],
    withdrawal: ['CASH -100', 'CASHIER 100'],
  })
})
