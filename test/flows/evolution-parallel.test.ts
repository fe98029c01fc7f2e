import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type EvolutionClient,
  evolutionClient,
  newGift,
  newHand,
  onHand,
} from '../support/evolution-client.ts'
import { type EvolutionScene, openEvolutionScene } from '../support/evolution-scene.ts'
import { type ProviderApp, startProviderApp } from '../support/provider-app.ts'

// Two servers on one database: sameness and order cannot rest on what one process remembers.
let scene: EvolutionScene
let second: ProviderApp
let clients: readonly EvolutionClient[]

beforeAll(async () => {
  scene = await openEvolutionScene()
  second = await startProviderApp(scene.app.database)
  clients = [scene, evolutionClient(second.url, scene.world.accountCode, scene.authToken)]
})
afterAll(async () => {
  await second.close()
  await scene.app.close()
})

const client = (index: number): EvolutionClient => clients[index % 2] ?? scene

const fifty = Array.from({ length: 50 }, (_, index) => index)

const count = (statuses: readonly (string | undefined)[]) =>
  Object.fromEntries([...new Set(statuses)].map((one) => [one, statuses.filter((it) => it === one).length]))

test('fifty identical debits at once are one debit and fifty good answers (23)', async () => {
  const session = await scene.player()
  const hand = newHand()
  const replies = await Promise.all(fifty.map((index) => client(index).debit(session, hand, randomUUID())))
  expect(count(replies.map(({ status }) => status))).toEqual({ OK: 1, BET_ALREADY_EXIST: 49 })
  expect(new Set(replies.map(({ balance }) => balance))).toEqual(new Set(['99.000000']))
  await scene.expectMoney(session, 9_900n)
})

test('fifty debits at once on cash for thirty: thirty are taken and the balance is zero (24)', async () => {
  const session = await scene.player({ cashMinor: 3_000n })
  const replies = await Promise.all(fifty.map((index) => client(index).debit(session, newHand())))
  expect(count(replies.map(({ status }) => status))).toEqual({ OK: 30, INSUFFICIENT_FUNDS: 20 })
  await scene.expectMoney(session, 0n)
})

test('fifty debits and their cancels at once leave nothing behind, whichever comes first (25)', async () => {
  const session = await scene.player()
  const hands = fifty.map(() => newHand())
  const pairs = await Promise.all(
    hands.map(async (hand, index) => {
      const [here, there] = [client(index), client(index + 1)]
      const cancelFirst = index % 2 ? there.cancel(session, hand) : undefined
      const debit = here.debit(session, hand)
      const cancel = cancelFirst ?? there.cancel(session, hand)
      return `${(await debit).status} ${(await cancel).status}`
    }),
  )
  for (const pair of pairs) expect(['OK OK', 'FINAL_ERROR_ACTION_FAILED BET_DOES_NOT_EXIST']).toContain(pair)
  await scene.expectMoney(session, 10_000n)
  const bets = await scene.bets(session)
  expect(bets).toHaveLength(pairs.filter((pair) => pair === 'OK OK').length)
  expect(bets.filter(({ status }) => status !== 'ROLLED_BACK')).toEqual([])
})

test('a credit and a cancel of the same stake at once: one of them is the end of it (26)', async () => {
  const session = await scene.player()
  const hands = fifty.map(() => newHand())
  for (const hand of hands) await scene.debit(session, hand)
  const ends = await Promise.all(
    hands.map(async (hand, index) => {
      const credit = client(index).credit(session, onHand(hand, { amount: 2 }))
      const cancel = client(index + 1).cancel(session, hand)
      return `${(await credit).status} ${(await cancel).status}`
    }),
  )
  for (const end of ends) expect(['OK BET_ALREADY_SETTLED', 'BET_ALREADY_SETTLED OK']).toContain(end)
  const won = ends.filter((end) => end.startsWith('OK')).length
  await scene.expectMoney(session, 5_000n + BigInt(won) * 200n + BigInt(50 - won) * 100n)
})

test('fifty credits of one stake at once, each with an id of its own, pay it once', async () => {
  const session = await scene.player()
  const hand = newHand()
  await scene.debit(session, hand)
  const replies = await Promise.all(
    fifty.map((index) => client(index).credit(session, onHand(hand, { amount: 2 }))),
  )
  expect(count(replies.map(({ status }) => status))).toEqual({ OK: 1, BET_ALREADY_SETTLED: 49 })
  await scene.expectMoney(session, 10_100n)
})

test('fifty identical promo payouts at once are paid once', async () => {
  const session = await scene.player()
  const gift = newGift()
  const replies = await Promise.all(fifty.map((index) => client(index).promo(session, gift)))
  expect(count(replies.map(({ status }) => status))).toEqual({ OK: 50 })
  await scene.expectMoney(session, 11_000n)
})
