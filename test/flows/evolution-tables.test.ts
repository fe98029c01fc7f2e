// Several stakes, rounds, sessions and players at one table.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Hand, newHand, onHand } from '../support/evolution-client.ts'
import { type EvolutionScene, expectStatus, openEvolutionScene } from '../support/evolution-scene.ts'

let scene: EvolutionScene

beforeAll(async () => {
  scene = await openEvolutionScene()
})
afterAll(() => scene.app.close())

/** Stakes in one round. */
const handsOf = (amounts: readonly number[]): readonly Hand[] => {
  const { round } = newHand()
  return amounts.map((amount) => newHand({ round, amount }))
}

test('two players with two hands each share a round and know nothing of each other', async () => {
  const [first, second] = [await scene.player(), await scene.player({ cashMinor: 5_000n })]
  const [a, b, c, d] = handsOf([2, 3, 2, 3]) as [Hand, Hand, Hand, Hand]
  expectStatus(await scene.debit(first, a), 'OK', '98.000000')
  expectStatus(await scene.debit(second, b), 'OK', '47.000000')
  expectStatus(await scene.debit(first, c), 'OK', '96.000000')
  expectStatus(await scene.debit(second, d), 'OK', '44.000000')
  expectStatus(await scene.credit(first, onHand(a)), 'OK', '98.000000')
  expectStatus(await scene.credit(first, onHand(c)), 'OK', '100.000000')
  expectStatus(await scene.credit(second, onHand(b)), 'OK', '47.000000')
  expectStatus(await scene.credit(second, onHand(d)), 'OK', '50.000000')
  await scene.expectMoney(first, 10_000n)
  await scene.expectMoney(second, 5_000n)
})

test('a round may begin before another has ended, and end before it', async () => {
  const session = await scene.player()
  const [a, b] = [newHand({ amount: 2 }), newHand({ amount: 2 })]
  await scene.debit(session, a)
  expectStatus(await scene.debit(session, b), 'OK', '96.000000')
  expectStatus(await scene.credit(session, onHand(b)), 'OK', '98.000000')
  expectStatus(await scene.credit(session, onHand(a)), 'OK', '100.000000')
  await scene.expectMoney(session, 10_000n)
})

test('two rounds interleaved at one table end stake by stake, and an ended one is not cancelled', async () => {
  const session = await scene.player()
  const [a1, a2] = handsOf([10, 5]) as [Hand, Hand]
  const [b1, b2] = handsOf([3, 3]) as [Hand, Hand]
  for (const hand of [a1, b1, b2, a2]) expect((await scene.debit(session, hand)).status).toBe('OK')
  await scene.expectMoney(session, 7_900n)
  expectStatus(await scene.cancel(session, b2), 'OK', '82.000000')
  expectStatus(await scene.credit(session, onHand(a2, { amount: 15 })), 'OK', '97.000000')
  expectStatus(await scene.credit(session, onHand(b1)), 'OK', '100.000000')
  expectStatus(await scene.cancel(session, { ...b1, amount: 5 }), 'BET_ALREADY_SETTLED', '100.000000')
  await scene.expectMoney(session, 10_000n)
  const statuses = (await scene.bets(session)).map(({ status }) => status)
  expect(statuses.sort()).toEqual(['OPEN', 'ROLLED_BACK', 'SETTLED', 'SETTLED'])
})

test('one player sits at a table with two sessions, and either speaks for a stake of the other', async () => {
  const here = await scene.player()
  const there = await scene.sessionOf(here)
  expect((await scene.check(there)).status).toBe('OK')
  const [a, b] = handsOf([3, 4]) as [Hand, Hand]
  expectStatus(await scene.debit(here, a), 'OK', '97.000000')
  expectStatus(await scene.debit(there, b), 'OK', '93.000000')
  expectStatus(await scene.debit(there, a), 'BET_ALREADY_EXIST', '93.000000')
  expectStatus(await scene.credit(there, onHand(a)), 'OK', '96.000000')
  expectStatus(await scene.credit(here, onHand(b)), 'OK', '100.000000')
  await scene.expectMoney(here, 10_000n)
})

test('a credit on one stake of a round may pay for several', async () => {
  const session = await scene.player()
  const [a, b] = handsOf([2, 3]) as [Hand, Hand]
  await scene.debit(session, a)
  await scene.debit(session, b)
  expectStatus(await scene.credit(session, onHand(a, { amount: 5 })), 'OK', '100.000000')
  await scene.expectMoney(session, 10_000n)
})

test('a stake of a round is settled and the next one cancelled, and the other way round', async () => {
  const session = await scene.player()
  const [a, b] = handsOf([7, 5]) as [Hand, Hand]
  await scene.debit(session, a)
  await scene.debit(session, b)
  expectStatus(await scene.credit(session, onHand(a)), 'OK', '95.000000')
  expectStatus(await scene.cancel(session, b), 'OK', '100.000000')
  const [c, d] = handsOf([3, 2]) as [Hand, Hand]
  await scene.debit(session, c)
  await scene.debit(session, d)
  expectStatus(await scene.cancel(session, d), 'OK', '97.000000')
  expectStatus(await scene.credit(session, onHand(c)), 'OK', '100.000000')
  await scene.expectMoney(session, 10_000n)
})

test('101 debits and credits follow each other in one round, which stays open', async () => {
  const session = await scene.player()
  for (const hand of handsOf(Array.from({ length: 101 }, () => 12))) {
    expectStatus(await scene.debit(session, hand), 'OK', '88.000000')
    expectStatus(await scene.credit(session, onHand(hand)), 'OK', '100.000000')
  }
  await scene.expectMoney(session, 10_000n)
  const bets = await scene.bets(session)
  expect(bets).toHaveLength(101)
  expect(new Set(bets.map(({ status, round }) => `${status} ${round}`))).toEqual(new Set(['SETTLED OPEN']))
})

test('fifteen stakes are won, lost, settled and cancelled in one round', async () => {
  const session = await scene.player()
  const hands = handsOf(Array.from({ length: 15 }, () => 3))
  for (const hand of hands) expect((await scene.debit(session, hand)).status).toBe('OK')
  await scene.expectMoney(session, 5_500n)
  for (const hand of hands.slice(0, 7)) await scene.credit(session, onHand(hand, { amount: 4 }))
  for (const hand of hands.slice(7, 10)) await scene.credit(session, onHand(hand, { amount: 0 }))
  await scene.credit(session, onHand(hands[10] ?? newHand(), { amount: 5 }))
  await scene.expectMoney(session, 8_800n)
  for (const hand of hands.slice(11)) expect((await scene.cancel(session, hand)).status).toBe('OK')
  await scene.expectMoney(session, 10_000n)
  expect((await scene.bets(session)).map(({ status, result }) => result ?? status).sort()).toEqual([
    ...Array.from({ length: 3 }, () => 'LOST'),
    ...Array.from({ length: 4 }, () => 'ROLLED_BACK'),
    ...Array.from({ length: 8 }, () => 'WON'),
  ])
})

test('a win of 63,727,092.34 is paid and staked again to the cent (22)', async () => {
  const session = await scene.player()
  const hand = newHand({ amount: 10 })
  await scene.debit(session, hand)
  const amount = 63_727_092.34
  expectStatus(await scene.credit(session, onHand(hand, { amount })), 'OK', '63727182.340000')
  const next = newHand({ amount })
  expectStatus(await scene.debit(session, next), 'OK', '90.000000')
  expectStatus(await scene.credit(session, onHand(next, { amount: 10 })), 'OK', '100.000000')
  await scene.expectMoney(session, 10_000n)
})

test.each([0.01, 0.29, 4.35])('%f is taken and paid exactly (22)', async (amount) => {
  const session = await scene.player({ cashMinor: 435n })
  const hand = newHand({ amount })
  await scene.debit(session, hand)
  const minor = BigInt(Math.round(amount * 100))
  await scene.expectMoney(session, 435n - minor)
  await scene.credit(session, onHand(hand))
  await scene.expectMoney(session, 435n)
})
