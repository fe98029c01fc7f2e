import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderApp, startProviderApp } from '../support/provider-app.ts'
import { betFields, refundFields, type SwipeClient, swipeClient, winFields } from '../support/swipe-client.ts'
import { expectCash, expectOk, openSwipeScene, type SwipeScene } from '../support/swipe-scene.ts'

// Two servers on one database: sameness and order cannot rest on what one process remembers.
let scene: SwipeScene
let second: ProviderApp
let clients: readonly SwipeClient[]

beforeAll(async () => {
  scene = await openSwipeScene()
  second = await startProviderApp(scene.app.database)
  clients = [scene, swipeClient(second.url, scene.world.accountCode, scene.secret)]
})
afterAll(async () => {
  await second.close()
  await scene.app.close()
})

const client = (index: number): SwipeClient => clients[index % 2] ?? scene
const fifty = Array.from({ length: 50 }, (_, index) => index)

test('fifty identical bets at once are one debit and fifty equal answers (23)', async () => {
  const session = await scene.player()
  const bet = betFields(session)
  const replies = await Promise.all(fifty.map((index) => client(index).bet(bet)))
  for (const reply of replies) expectOk(reply, '99.00')
  expect(new Set(replies.map((reply) => reply.text)).size).toBe(1)
  await expectCash(scene, session, 9_900n)
  const calls = await scene.calls(bet.txID)
  expect(calls.filter((call) => call.effect === 'EFFECT')).toHaveLength(1)
})

test('fifty bets at once on cash for thirty: thirty are taken and the balance is zero (24)', async () => {
  const session = await scene.player({ cashMinor: 3_000n })
  const replies = await Promise.all(fifty.map((index) => client(index).bet(betFields(session))))
  const taken = replies.filter((reply) => reply.http === 200).map((reply) => Number(reply.body['balance']))
  expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index))
  const declined = replies.filter((reply) => reply.body['code'] === 'insufficient_funds')
  expect(declined).toHaveLength(20)
  await expectCash(scene, session, 0n, 3_000n)
})

test('fifty bets and their refunds at once leave nothing behind, whichever comes first (25)', async () => {
  const session = await scene.player()
  const bets = fifty.map(() => betFields(session))
  const pairs = await Promise.all(
    bets.flatMap((bet, index) => {
      const calls = [() => client(index).bet(bet), () => client(index + 1).refund(refundFields(bet))]
      return (index % 2 ? calls.toReversed() : calls).map((send) => send())
    }),
  )
  for (const { http } of pairs) expect([200, 400]).toContain(http)
  await expectCash(scene, session, 10_000n)
  expect(await scene.bets(session)).not.toContainEqual(expect.objectContaining({ status: 'OPEN' }))
})

test('wins and refunds of the same bets at once end with the win refused or the stake back as well (26)', async () => {
  const session = await scene.player()
  const bets = fifty.map(() => betFields(session))
  for (const bet of bets) await scene.bet(bet)
  const wins = await Promise.all(
    bets.map(async (bet, index) => {
      const refunding = client(index).refund(refundFields(bet))
      const { http } = await client(index + 1).win(winFields(bet))
      expect((await refunding).http).toBe(200)
      return http
    }),
  )
  const paid = wins.filter((http) => http === 200).length
  expect(wins.filter((http) => http === 400)).toHaveLength(50 - paid)
  await expectCash(scene, session, 10_000n + BigInt(paid) * 200n)
})
