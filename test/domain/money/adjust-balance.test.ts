import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adjustBalance, type AdjustBalanceInput } from '../../../src/domain/money/adjust-balance.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse } from '../../support/house.ts'
import { newPlayer } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const correction = (id: string, change: Partial<AdjustBalanceInput>): AdjustBalanceInput => ({
  idempotencyKey: uuidv7(),
  player: { id },
  account: 'CASH',
  amount: '5.00',
  currency: 'EUR',
  reason: 'a prize that was not paid',
  ...change,
})

const walletOf = async (playerId: string) => {
  const [row] = await house.sql`
    select cash_minor as cash, bonus_minor as bonus, owed_minor as owed from wallets
    where player_id = ${playerId} and currency = 'EUR'`
  return row
}

describe('adjustBalance', () => {
  it('gives and takes on cash and bonus, against the adjustments, with its reason', async () => {
    const { id } = await newPlayer(house)
    const actor = house.operator('GAME_OPS')
    const adjust = (change: Partial<AdjustBalanceInput>) =>
      adjustBalance(house.as(actor), correction(id, change), house.submit)
    await adjust({})
    await adjust({ account: 'BONUS', amount: '2.00' })
    const last = await adjust({ amount: '-1.50', reason: 'paid twice' })
    expect(await walletOf(id)).toEqual({ cash: 350n, bonus: 200n, owed: 0n })
    expect((await eventsOf(house, id)).slice(-3)).toEqual([
      { type: 'AdjustmentRecorded', facts: { account: 'CASH' } },
      { type: 'AdjustmentRecorded', facts: { account: 'BONUS' } },
      { type: 'AdjustmentRecorded', facts: { account: 'CASH' } },
    ])
    const legs = await house.sql`
      select account, amount_minor as amount from ledger_entries
      where transaction_id = ${last.ids?.transactionId ?? ''} order by leg`
    expect([...legs]).toEqual([
      { account: 'ADJUSTMENTS', amount: 150n },
      { account: 'CASH', amount: -150n },
    ])
    expect((await entriesOf(house, actor)).at(-1)).toMatchObject({
      action: 'adjustBalance',
      outcome: 'ALLOWED',
      subject_id: id,
      reason: 'paid twice',
      after: { account: 'CASH', amount: '-1.50', currency: 'EUR' },
    })
  })

  it('happens once under its key, and another input is refused', async () => {
    const { id } = await newPlayer(house)
    const ctx = house.as(house.operator('ADMIN'))
    const input = correction(id, {})
    const first = await adjustBalance(ctx, input, house.submit)
    expect(await adjustBalance(ctx, input, house.submit)).toEqual({ ...first, replayed: true })
    const other = await adjustBalance(ctx, { ...input, amount: '6.00' }, house.submit)
    expect(other).toMatchObject({ ids: null, userError: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    expect(await walletOf(id)).toEqual({ cash: 500n, bonus: 0n, owed: 0n })
  })

  it.each<[string, string, Partial<AdjustBalanceInput>]>([
    ['cash below zero', 'INSUFFICIENT_FUNDS', { amount: '-0.01' }],
    ['bonus below zero', 'INSUFFICIENT_FUNDS', { account: 'BONUS', amount: '-0.01' }],
    ['a debt above zero', 'INSUFFICIENT_FUNDS', { account: 'OWED', amount: '0.01' }],
    ['nothing', 'BAD_AMOUNT', { amount: '0.00' }],
    ['a fraction of a cent', 'BAD_AMOUNT', { amount: '-0.001' }],
    ['an unknown currency', 'INPUT_INVALID', { currency: 'ZZZ' }],
    ['no reason', 'INPUT_INVALID', { reason: ' ' }],
    ['an unknown player', 'PLAYER_UNKNOWN', { player: { brandCode: 'demo', externalId: 'nobody' } }],
  ])('refuses %s: %s, and moves no money', async (_, code, change) => {
    const { id } = await newPlayer(house)
    const actor = house.operator('GAME_OPS')
    const answer = await adjustBalance(house.as(actor), correction(id, change), house.submit)
    expect(answer).toMatchObject({ ids: null, userError: { code } })
    expect(await walletOf(id)).toEqual({ cash: 0n, bonus: 0n, owed: 0n })
    expect(await entriesOf(house, actor)).toMatchObject([{ outcome: 'REFUSED', code }])
  })

  it.each(['FRAUD_ANALYST', 'SUPPORT', 'ANALYST', 'AUDITOR', 'SERVICE'] as const)(
    'is forbidden to %s',
    async (role) => {
      const { id } = await newPlayer(house)
      const before = await digestOf(house)
      const ctx = house.as(house.operator(role))
      await expect(adjustBalance(ctx, correction(id, {}), house.submit)).rejects.toThrow('BETS_CORRECT')
      expect(await digestOf(house)).toBe(before)
    },
  )
})
