import { afterAll, beforeAll, expect, test } from 'vitest'
import { newHand, onHand } from '../support/evolution-client.ts'
import { type EvolutionScene, expectStatus, openEvolutionScene } from '../support/evolution-scene.ts'

let scene: EvolutionScene

beforeAll(async () => {
  scene = await openEvolutionScene()
})
afterAll(() => scene.app.close())

test('a debit takes its stake and its credit pays and settles it, while the round goes on (1)', async () => {
  const session = await scene.player()
  const hand = newHand({ amount: 2 })
  expectStatus(await scene.debit(session, hand), 'OK', '98.000000')
  expectStatus(await scene.credit(session, onHand(hand, { amount: 4.35 })), 'OK', '102.350000')
  await scene.expectMoney(session, 10_235n)
  expect(await scene.bets(session)).toEqual([
    { status: 'SETTLED', result: 'WON', stake: 200n, payout: 435n, late: false, round: 'OPEN' },
  ])
})
