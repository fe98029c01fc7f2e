import { setTimeout as nap } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Command, Outcome } from '../../../src/domain/money/types.ts'
import { holdBatch } from '../../support/hold-batch.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../../support/money-world.ts'

let world: MoneyWorld
let waiter: Process
beforeAll(async () => {
  world = await openMoneyWorld()
  waiter = world.process({ streams: 1 })
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
})

/** Longer than a lock is waited for before its player is passed by. */
const longMs = 800

/** Another process holds the player; the command comes, waits, and is passed by until the player is free. */
async function whileHeld(seat: MoneySeat, key: string, sent: Command): Promise<Outcome> {
  const batch = await holdBatch(world.database.target, world.commands.bet(seat, { key }))
  const outcome = waiter.send(sent)
  await nap(longMs)
  await batch.commit()
  return outcome
}

describe('a player whom others hold for long is not taken for one who does not exist:', () => {
  test('a deposit is recorded once the player is free', async () => {
    const seat = await world.seat()
    const deposit = world.commands.deposit(seat, { key: 'deposit', amountMinor: 600n })
    const outcome = await whileHeld(seat, 'bet 1', deposit)
    expect(outcome).toMatchObject({ verdict: 'OK', balanceMinor: 1500n })
  })

  test('a round is voided once its player is free', async () => {
    const seat = await world.seat()
    const { roundId = '' } = await waiter.send(world.commands.bet(seat, { key: 'bet 2', roundKey: 'v' }))
    const resolve = world.commands.resolve(seat, { key: 'void', kind: 'VOID_ROUND', roundId })
    expect(await whileHeld(seat, 'bet 3', resolve)).toMatchObject({ verdict: 'OK', roundId })
    expect(await world.cash(seat)).toBe(900n)
  })
})

test('a bet that meets a batch with a held player waits for its own player all the same', async () => {
  const [long, short] = [await world.seat(), await world.seat()]
  const holds = await Promise.all([
    holdBatch(world.database.target, world.commands.bet(long, { key: 'bet 4' })),
    holdBatch(world.database.target, world.commands.bet(short, { key: 'bet 5' })),
  ])
  const first = waiter.send(world.commands.bet(long, { key: 'bet 6' }))
  // From here on the first bet is passed by, batch after batch, and the second one goes along with it.
  await nap(longMs)
  const second = waiter.send(world.commands.bet(short, { key: 'bet 7' }))
  await nap(longMs)
  for (const hold of holds) await hold.commit()
  expect((await first).verdict).toBe('OK')
  expect((await second).verdict).toBe('OK')
})
