import { afterAll, beforeAll, expect, test } from 'vitest'
import { invariants } from '../../../src/domain/invariants/list.ts'
import { runInvariants } from '../../../src/domain/invariants/run-invariants.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { seeded } from '../../support/random.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(() => world.close())

/** Plays rounds of every kind until it is told to stop. */
async function play(seat: MoneySeat, name: string, stopped: () => boolean): Promise<number> {
  const process = world.process({ streams: 1 })
  const random = seeded(name.length)
  const { bet, win, rollback, endRound } = world.commands
  let rounds = 0
  for (; !stopped() || rounds < 20; rounds += 1) {
    const key = (of: string) => `${of} ${name} ${rounds}`
    const named = { roundKey: key('round'), referenceKey: key('bet') }
    const placed = bet(seat, { key: key('bet'), roundKey: named.roundKey, amountMinor: 5n })
    const won = win(seat, { ...named, key: key('win'), amountMinor: random.pick([0n, 4n, 7n]) })
    const back = rollback(seat, { ...named, key: key('back'), afterWin: 'REVERSE_REFERENCED' })
    const orders = [
      [placed, won],
      [placed, back, won],
      [back, placed],
      [placed, won, back],
      [placed, placed],
    ]
    for (const command of random.pick(orders)) await process.send(command)
    if (random.chance(0.5)) await process.send(endRound(seat, { key: key('end'), roundKey: named.roundKey }))
  }
  return rounds
}

test('every invariant holds while three processes write, and counts what it saw', async () => {
  const seats = await Promise.all([world.seat(100_000n), world.seat(100_000n), world.seat(100_000n)])
  let stopped = false
  const playing = Promise.all(seats.map((seat, index) => play(seat, `story ${index}`, () => stopped)))
  try {
    for (let run = 0; run < 3; run += 1) {
      const results = await runInvariants(world)
      expect(results.filter(({ verdict }) => verdict !== 'HOLDS')).toEqual([])
      expect(results.map(({ id }) => id)).toEqual(invariants.map(({ id }) => id))
    }
  } finally {
    stopped = true
    await playing
  }
  const results = await runInvariants(world)
  const [counted] = await world.sql<{ bets: bigint }[]>`select count(*) as bets from bets`
  const seen = results.filter(({ says }) => says.startsWith('a bet is in one of')).map(({ rows }) => rows)
  expect(seen).toEqual([Number(counted?.bets)])
})
