import { afterAll, beforeAll, expect, test } from 'vitest'
import { giftFields, newGift, newHand, onHand } from '../support/evolution-client.ts'
import { type EvolutionScene, expectStatus, openEvolutionScene } from '../support/evolution-scene.ts'

let toCash: EvolutionScene
let toBonus: EvolutionScene

beforeAll(async () => {
  toCash = await openEvolutionScene()
  toBonus = await openEvolutionScene({ freeWinsTo: 'BONUS' })
})
afterAll(() => Promise.all([toCash.app.close(), toBonus.app.close()]))

test('a promo payout pays once, however often it comes, and belongs to no bet (21)', async () => {
  const session = await toCash.player()
  const gift = newGift({ amount: 10.29 })
  expectStatus(await toCash.promo(session, gift), 'OK', '110.290000')
  expectStatus(await toCash.promo(session, gift), 'OK', '110.290000')
  await toCash.expectMoney(session, 11_029n)
  expect(await toCash.bets(session)).toEqual([])
})

test.each([{ amount: 11 }, { type: 'JackpotWin' }, { currency: 'USD' }])(
  'a promo payout again with %o is a conflict without effect',
  async (change) => {
    const session = await toCash.player()
    const gift = newGift()
    await toCash.promo(session, gift)
    const reply = await toCash.promo(session, { ...gift, ...change })
    expect([reply.http, reply.status]).toEqual([400, 'INVALID_PARAMETER'])
    await toCash.expectMoney(session, 11_000n)
  },
)

test('a promo payout of nothing is taken note of', async () => {
  const session = await toCash.player()
  expectStatus(await toCash.promo(session, newGift({ amount: 0 })), 'OK', '100.000000')
  await toCash.expectMoney(session, 10_000n)
})

test('a promo payout is paid to a blocked player, and after the session has expired', async () => {
  const blocked = await toCash.player({ status: 'BLOCKED' })
  expectStatus(await toCash.promo(blocked, newGift()), 'OK', '110.000000')
  const expired = await toCash.player({ expired: true })
  expectStatus(await toCash.promo(expired, newGift()), 'OK', '110.000000')
})

test('a promo payout names a session, its player and its currency, and may name a round', async () => {
  const session = await toCash.player()
  const wrong = { ...session, user: 'somebody-else' }
  expectStatus(await toCash.promo(wrong, newGift()), 'INVALID_SID')
  const dollars = await toCash.promo(session, newGift({ currency: 'USD' }))
  expect([dollars.http, dollars.status]).toEqual([400, 'INVALID_PARAMETER'])
  const hand = newHand()
  await toCash.debit(session, hand)
  const within = { ...giftFields(session, newGift()), game: { id: hand.round } }
  expectStatus(await toCash.call('/promo_payout', within), 'OK', '109.000000')
  await toCash.expectMoney(session, 10_900n)
})

test('a promo payout goes to the bonus where the account says so, and is staked from there', async () => {
  const session = await toBonus.player({ cashMinor: 100n })
  const paid = await toBonus.promo(session, newGift())
  expectStatus(paid, 'OK', '1.000000')
  expect(paid.bonus).toBe('10.000000')
  await toBonus.expectMoney(session, 100n, 1_000n)
  const asked = await toBonus.balance(session)
  expect([asked.balance, asked.bonus]).toEqual(['1.000000', '10.000000'])
  const hand = newHand({ amount: 11 })
  const taken = await toBonus.debit(session, hand)
  expect([taken.status, taken.balance, taken.bonus]).toEqual(['OK', '0.000000', '0.000000'])
  const back = await toBonus.cancel(session, onHand(hand))
  expect([back.status, back.balance, back.bonus]).toEqual(['OK', '1.000000', '10.000000'])
  await toBonus.expectMoney(session, 100n, 1_000n)
})
