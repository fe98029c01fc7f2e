// The stories that a provider of this dialect tells a wallet before it goes live: what is played, and what it costs.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newGift, newHand, onHand } from '../support/evolution-client.ts'
import { type EvolutionScene, expectStatus, openEvolutionScene } from '../support/evolution-scene.ts'

let scene: EvolutionScene

beforeAll(async () => {
  scene = await openEvolutionScene()
})
afterAll(() => scene.app.close())

test('a check keeps the session, whose balance can be asked', async () => {
  const session = await scene.player()
  const check = await scene.check(session)
  expect([check.http, check.status, check.body['sid']]).toEqual([200, 'OK', session.token])
  const balance = await scene.balance(session)
  expectStatus(balance, 'OK', '100.000000')
  expect(balance.bonus).toBe('0.000000')
})

test('a debit takes its stake and its credit pays and settles it, while the round goes on (1)', async () => {
  const session = await scene.player()
  const hand = newHand({ amount: 2 })
  const uuid = randomUUID()
  const reply = await scene.debit(session, hand, uuid)
  expectStatus(reply, 'OK', '98.000000')
  expect(reply.body['uuid']).toBe(uuid)
  expectStatus(await scene.credit(session, onHand(hand, { amount: 4.35 })), 'OK', '102.350000')
  await scene.expectMoney(session, 10_235n)
  expect(await scene.bets(session)).toEqual([
    { status: 'SETTLED', result: 'WON', stake: 200n, payout: 435n, late: false, round: 'OPEN' },
  ])
})

test('a credit of zero settles its bet as lost (18)', async () => {
  const session = await scene.player()
  const hand = newHand({ amount: 3 })
  await scene.debit(session, hand)
  expectStatus(await scene.credit(session, onHand(hand, { amount: 0 })), 'OK', '97.000000')
  await scene.expectMoney(session, 9_700n)
  expect(await scene.bets(session)).toMatchObject([{ status: 'SETTLED', result: 'LOST', payout: 0n }])
})

describe('a debit again', () => {
  test('is told that the bet is there, and takes nothing (2)', async () => {
    const session = await scene.player()
    const hand = newHand()
    await scene.debit(session, hand)
    expectStatus(await scene.debit(session, hand), 'BET_ALREADY_EXIST', '99.000000')
    await scene.expectMoney(session, 9_900n)
    expect(await scene.calls(`debit:${hand.refId}`)).toEqual([
      { verdict: 'OK', effect: 'EFFECT' },
      { verdict: 'REPLAY', effect: 'DUPLICATE' },
    ])
    expectStatus(await scene.credit(session, onHand(hand)), 'OK', '100.000000')
    await scene.expectMoney(session, 10_000n)
  })

  test('under another id is the same, since the refId is', async () => {
    const session = await scene.player()
    const hand = newHand()
    await scene.debit(session, hand)
    expectStatus(await scene.debit(session, onHand(hand)), 'BET_ALREADY_EXIST', '99.000000')
    await scene.expectMoney(session, 9_900n)
  })

  test.each([{ amount: 2 }, { round: 'another-round' }, { table: 'reel_quest_ii' }])(
    'with %o is a conflict without effect (3)',
    async (change) => {
      const session = await scene.player()
      const hand = newHand()
      await scene.debit(session, hand)
      const reply = await scene.debit(session, { ...hand, ...change })
      expect([reply.http, reply.status, reply.balance]).toEqual([400, 'INVALID_PARAMETER', undefined])
      await scene.expectMoney(session, 9_900n)
    },
  )

  test('of another player is a conflict without effect on either (3)', async () => {
    const [first, second] = [await scene.player(), await scene.player()]
    const hand = newHand()
    await scene.debit(first, hand)
    expect((await scene.debit(second, hand)).status).toBe('INVALID_PARAMETER')
    await scene.expectMoney(first, 9_900n)
    await scene.expectMoney(second, 10_000n)
  })

  test('that was refused for want of funds is refused again, and never comes to be', async () => {
    const session = await scene.player({ cashMinor: 50n })
    const hand = newHand()
    expectStatus(await scene.debit(session, hand), 'INSUFFICIENT_FUNDS', '0.500000')
    await scene.promo(session, newGift())
    expectStatus(await scene.debit(session, hand), 'INSUFFICIENT_FUNDS', '10.500000')
    expectStatus(await scene.debit(session, newHand()), 'OK', '9.500000')
  })
})

describe('a credit', () => {
  test('again is told OK and pays nothing (4)', async () => {
    const session = await scene.player()
    const hand = newHand()
    await scene.debit(session, hand)
    const credit = onHand(hand, { amount: 2 })
    await scene.credit(session, credit)
    expectStatus(await scene.credit(session, credit), 'OK', '101.000000')
    await scene.expectMoney(session, 10_100n)
  })

  test('under another id finds its bet settled, after a zero too (19)', async () => {
    const session = await scene.player()
    for (const amount of [2, 0]) {
      const hand = newHand({ amount: 2 })
      await scene.debit(session, hand)
      await scene.credit(session, onHand(hand, { amount }))
      const reply = await scene.credit(session, onHand(hand, { amount: 2 }))
      expectStatus(reply, 'BET_ALREADY_SETTLED', amount ? '100.000000' : '98.000000')
    }
    await scene.expectMoney(session, 9_800n)
  })

  test('of an id that settled another refId is a conflict without effect', async () => {
    const session = await scene.player()
    const [first, second] = [newHand(), newHand()]
    await scene.debit(session, first)
    await scene.debit(session, second)
    const credit = onHand(first)
    await scene.credit(session, credit)
    const reply = await scene.credit(session, { ...credit, refId: second.refId, round: second.round })
    expect([reply.http, reply.status]).toEqual([400, 'INVALID_PARAMETER'])
    await scene.expectMoney(session, 9_900n)
  })

  test('with a refId that is unknown pays nothing, and may come again after its debit (5)', async () => {
    const session = await scene.player()
    const hand = newHand({ amount: 2 })
    const credit = onHand(hand)
    expectStatus(await scene.credit(session, credit), 'BET_DOES_NOT_EXIST', '100.000000')
    await scene.debit(session, hand)
    expectStatus(await scene.credit(session, credit), 'OK', '100.000000')
    await scene.expectMoney(session, 10_000n)
  })

  test("of another player's bet, or of another round, pays nothing (33)", async () => {
    const [owner, stranger] = [await scene.player(), await scene.player()]
    const hand = newHand()
    await scene.debit(owner, hand)
    expectStatus(await scene.credit(stranger, onHand(hand)), 'BET_DOES_NOT_EXIST', '100.000000')
    const elsewhere = onHand(hand, { round: 'another-round' })
    expectStatus(await scene.credit(owner, elsewhere), 'BET_DOES_NOT_EXIST', '99.000000')
    await scene.expectMoney(owner, 9_900n)
    await scene.expectMoney(stranger, 10_000n)
  })
})

describe('a cancel', () => {
  test.each([{ id: 'of its debit' }, { id: 'of its own' }])(
    'with the id $id gives the stake back, once (8)',
    async ({ id }) => {
      const session = await scene.player()
      const hand = newHand({ amount: 3 })
      await scene.debit(session, hand)
      const cancel = id === 'of its debit' ? hand : onHand(hand)
      expectStatus(await scene.cancel(session, cancel), 'OK', '100.000000')
      expectStatus(await scene.cancel(session, cancel), 'BET_ALREADY_SETTLED', '100.000000')
      expectStatus(await scene.cancel(session, onHand(hand)), 'BET_ALREADY_SETTLED', '100.000000')
      await scene.expectMoney(session, 10_000n)
      expect(await scene.bets(session)).toMatchObject([{ status: 'ROLLED_BACK', round: 'OPEN' }])
    },
  )

  test.each([0, 2])('after a credit of %i finds the bet settled (9)', async (amount) => {
    const session = await scene.player()
    const hand = newHand({ amount: 2 })
    await scene.debit(session, hand)
    await scene.credit(session, onHand(hand, { amount }))
    const balance = amount ? '100.000000' : '98.000000'
    expectStatus(await scene.cancel(session, hand), 'BET_ALREADY_SETTLED', balance)
    expect(await scene.bets(session)).toMatchObject([{ status: 'SETTLED' }])
  })

  test('leaves nothing to a credit that comes after it (10)', async () => {
    const session = await scene.player()
    const hand = newHand()
    await scene.debit(session, hand)
    await scene.cancel(session, hand)
    const credit = onHand(hand, { amount: 300 })
    expectStatus(await scene.credit(session, credit), 'BET_ALREADY_SETTLED', '100.000000')
    await scene.expectMoney(session, 10_000n)
  })

  test('of a refId that is unknown keeps its debit and credit out for ever (6, 7)', async () => {
    const session = await scene.player()
    const hand = newHand()
    expectStatus(await scene.cancel(session, hand), 'BET_DOES_NOT_EXIST', '100.000000')
    expectStatus(await scene.cancel(session, hand), 'BET_DOES_NOT_EXIST', '100.000000')
    expectStatus(await scene.debit(session, hand), 'FINAL_ERROR_ACTION_FAILED', '100.000000')
    expectStatus(await scene.credit(session, onHand(hand)), 'BET_ALREADY_SETTLED', '100.000000')
    await scene.expectMoney(session, 10_000n)
    expect(await scene.bets(session)).toEqual([])
  })

  test('of a debit that was declined has nothing to give back (31)', async () => {
    const session = await scene.player()
    const hand = newHand({ amount: 300 })
    expectStatus(await scene.debit(session, hand), 'INSUFFICIENT_FUNDS', '100.000000')
    expectStatus(await scene.cancel(session, hand), 'BET_DOES_NOT_EXIST', '100.000000')
    await scene.expectMoney(session, 10_000n)
  })

  test('that names the id of a cancel or a credit names nothing (34)', async () => {
    const session = await scene.player()
    const hand = newHand()
    await scene.debit(session, hand)
    const credit = onHand(hand)
    await scene.credit(session, credit)
    for (const refId of [credit.id, `credit:${credit.id}`]) {
      const reply = await scene.cancel(session, onHand(hand, { refId }))
      expectStatus(reply, 'BET_DOES_NOT_EXIST', '100.000000')
    }
    await scene.expectMoney(session, 10_000n)
  })
})
