import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Command, Outcome } from '../../../src/domain/money/types.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../../support/money-world.ts'

let world: MoneyWorld
let process: Process
beforeAll(async () => {
  world = await openMoneyWorld()
  process = world.process()
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
})

const verdicts = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ verdict, first }) => (first ? `${verdict} ${first}` : verdict))

const submit = async (...commands: [Command, ...Command[]]) =>
  verdicts(await process.submitUnit({ commands }))

const keysOf = async (prefix: string) => {
  const rows = await world.sql<{ key: string; verdict: string }[]>`
    select transaction_key as key, verdict from transactions where transaction_key like ${`${prefix}%`} order by 1`
  return rows.map(({ key, verdict }) => `${key} ${verdict}`)
}

/** One call that stakes and pays. */
const betAndWin = (seat: MoneySeat, key: string, stake: bigint, payout: bigint): [Command, Command] => [
  world.commands.bet(seat, { key, roundKey: key, amountMinor: stake }),
  world.commands.win(seat, {
    key: `${key} win`,
    roundKey: key,
    referenceKey: key,
    amountMinor: payout,
    closesRound: true,
  }),
]

test('a bet and its win in one take effect together, and once', async () => {
  const seat = await world.seat(100n)
  const unit = betAndWin(seat, 'one', 100n, 250n)
  expect(await submit(...unit)).toEqual(['OK', 'OK'])
  expect(await world.cash(seat)).toBe(250n)
  expect(await submit(...unit)).toEqual(['REPLAY OK', 'REPLAY OK'])
  expect(await world.cash(seat)).toBe(250n)
})

test('a unit whose middle command is refused leaves nothing but that refusal, and is refused again', async () => {
  const seat = await world.seat(100n)
  const bet = (key: string, amountMinor: bigint) => world.commands.bet(seat, { key, amountMinor })
  const unit = [bet('mid 1', 80n), bet('mid 2', 80n), bet('mid 3', 10n)] as const
  expect(await submit(...unit)).toEqual(['FUNDS'])
  expect(await keysOf('mid')).toEqual(['mid 2 FUNDS'])
  expect(await world.cash(seat)).toBe(100n)
  await process.send(world.commands.deposit(seat, { key: 'more' }))
  expect(await submit(...unit)).toEqual(['REPLAY FUNDS'])
  expect(await keysOf('mid')).toEqual(['mid 2 FUNDS'])
  expect(await world.cash(seat)).toBe(200n)
})

test('a unit of which part was done before does the rest', async () => {
  const seat = await world.seat(100n)
  const [bet, win] = betAndWin(seat, 'half', 100n, 30n)
  await process.send(bet)
  expect(await submit(bet, win)).toEqual(['REPLAY OK', 'OK'])
  expect(await world.cash(seat)).toBe(30n)
})

test('what is attached is told the outcomes of the whole unit, or the refusal alone', async () => {
  const seat = await world.seat(100n)
  const told: string[][] = []
  const attach = (outcomes: readonly Outcome[]) => {
    told.push(verdicts(outcomes))
    return {}
  }
  await process.submitUnit({ commands: betAndWin(seat, 'told', 60n, 0n), attach })
  await process.submitUnit({ commands: betAndWin(seat, 'told 2', 60n, 0n), attach })
  expect(told).toEqual([['OK', 'OK'], ['FUNDS']])
})

test('fifty units in parallel, cash for thirty, are thirty whole ones, over two processes', async () => {
  const seat = await world.seat(30n * 7n)
  const other = world.process()
  const pair = (n: number): [Command, Command] => [
    world.commands.bet(seat, { key: `many ${n} a`, roundKey: `many ${n}`, amountMinor: 3n }),
    world.commands.bet(seat, { key: `many ${n} b`, roundKey: `many ${n}`, amountMinor: 4n }),
  ]
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => (n % 2 ? process : other).submitUnit({ commands: pair(n) })),
  )
  const whole = answers.filter((outcomes) => outcomes.length === 2)
  expect(whole).toHaveLength(30)
  expect(await world.cash(seat)).toBe(0n)
  const rows = await world.sql<{ bets: string }[]>`
    select count(*)::text as bets from bets where player_id = ${seat.playerId} group by round_id`
  expect(rows.map(({ bets }) => bets)).toEqual(Array.from({ length: 30 }, () => '2'))
})
