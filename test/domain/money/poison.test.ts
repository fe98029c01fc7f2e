import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Protocol, protocol } from '../../../src/domain/money/commit-batch.ts'
import type { Command, Verdict } from '../../../src/domain/money/types.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
})

const throwing: Protocol = {
  ...protocol,
  decide(state, command, at) {
    if (command.transactionKey.startsWith('broken rule')) throw new Error('a bug in a rule')
    return protocol.decide(state, command, at)
  },
  write(lane, state, pile, now) {
    if ([...pile.transactions.keys()].some((key) => key.includes('broken row')))
      throw new Error('a bug in a row')
    return protocol.write(lane, state, pile, now)
  },
}

/** One command in a hundred that cannot be written or decided; the key says why. */
const poisons: ((seat: MoneySeat, n: number) => Command)[] = [
  (seat, n) => world.commands.bet(seat, { key: `a zero byte \0 ${n}` }),
  (seat, n) => world.commands.bet(seat, { key: `free ${n}`, betKind: 'FREE', amountMinor: 10n ** 19n }),
  (seat, n) => world.commands.deposit(seat, { key: `too much ${n}`, amountMinor: 2n ** 63n }),
  (seat, n) => world.commands.bet(seat, { key: `broken rule ${n}` }),
  (seat, n) => world.commands.bet(seat, { key: `broken row ${n}` }),
]

test('one bad command in a hundred is told to come again, and none of its neighbours', async () => {
  const seats = await Promise.all(Array.from({ length: 10 }, () => world.seat(100_000n)))
  const process = world.process({ protocol: throwing })
  const innocent: Promise<Verdict>[] = []
  const poisoned: Promise<Verdict>[] = []
  const verdictOf = async (command: Command) => (await process.send(command)).verdict
  for (let n = 0; n < 1000; n += 1) {
    const seat = seats[n % seats.length]
    if (!seat) break
    const poison = n % 100 === 50 ? poisons[Math.floor(n / 100) % poisons.length] : undefined
    if (poison) poisoned.push(verdictOf(poison(seat, n)))
    else innocent.push(verdictOf(world.commands.bet(seat, { key: `good ${n}`, roundKey: `${n % 40}` })))
  }
  expect(new Set(await Promise.all(poisoned))).toEqual(new Set(['RETRY_LATER']))
  expect(poisoned).toHaveLength(10)
  expect(new Set(await Promise.all(innocent))).toEqual(new Set(['OK']))
  expect(await Promise.all(seats.map((seat) => world.cash(seat)))).toEqual([
    91_000n,
    ...Array<bigint>(9).fill(90_000n),
  ])
})

test('a bug between the two bursts leaves no lock behind', async () => {
  const seat = await world.seat()
  const process = world.process({ streams: 1, protocol: throwing })
  expect((await process.send(world.commands.bet(seat, { key: 'broken row' }))).verdict).toBe('RETRY_LATER')
  const [row] = await world.sql`
    select id from players where id = ${seat.playerId} for no key update skip locked`
  expect(row).toEqual({ id: seat.playerId })
  expect((await process.send(world.commands.bet(seat, { key: 'good' }))).verdict).toBe('OK')
})
