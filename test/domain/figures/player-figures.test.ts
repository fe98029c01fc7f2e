import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldAll } from '../../../src/domain/figures/fold.ts'
import { playerFigures } from '../../../src/domain/figures/player-figures.ts'
import { openDatabase } from '../../../src/db/connection.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { system } from '../../support/house.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'

let world: MoneyWorld
let database: ReturnType<typeof openDatabase>
let seat: MoneySeat
let brandId: string

/** Noon of a day in May, and earlier days of it. */
const now = new Date('2026-05-20T12:00:00Z')

beforeAll(async () => {
  world = await openMoneyWorld()
  const options = { target: world.database.target, poolMax: 2, statementTimeoutMs: 5000 }
  database = openDatabase({ ...options, applicationName: 'test' })
  seat = await world.seat(100_000n)
  const { commands, sql } = world
  const process = world.process()
  const won = { amountMinor: 900n, jackpotMinor: 100n, closesRound: true }
  await process.send(commands.bet(seat, { key: 'may', roundKey: 'may', amountMinor: 400n }))
  await process.send(commands.win(seat, { key: 'won', roundKey: 'may', referenceKey: 'may', ...won }))
  await process.send(
    commands.bet(seat, { key: 'free', roundKey: 'free', betKind: 'FREE', closesRound: true }),
  )
  await process.send(commands.bet(seat, { key: 'now', roundKey: 'now', closesRound: true }))
  // Whole days begin at seven in the evening, UTC: the first round was on the 13th there, the others are today.
  await sql`update brands set time_zone = 'Etc/GMT-5'`
  await sql`update journal set recorded_at = '2026-05-13T18:59:59Z' where transaction_id in
    (select id from transactions where transaction_key in ('may', 'won'))`
  await sql`update journal set recorded_at = '2026-05-19T19:00:00Z' where transaction_id in
    (select id from transactions where transaction_key in ('free', 'now'))`
  await foldAll(world)
  brandId = commands.bet(seat, { key: 'x' }).brandId
})
afterAll(async () => {
  await database.close()
  await world.close()
})

const none = { bets: 0n, stakeMinor: 0n, bonusStakeMinor: 0n, winMinor: 0n, jackpotMinor: 0n }

const figuresOf = (brandIds: readonly string[], ...days: (number | null)[]) => {
  const actor = { ...system, brandIds: new Set(brandIds) }
  const ctx = { sql: database.sql, db: database.db, log: silentLog, actor, clock: { now: () => now } }
  return playerFigures(ctx, [seat.playerId], days)
}

test("windows are days of the brand's own clock, today included, in their order", async () => {
  const today = {
    ...none,
    currency: 'EUR',
    bets: 1n,
    stakeMinor: 100n,
    biggestWinMinor: null,
    promo: none,
    free: { ...none, bets: 1n, stakeMinor: 100n },
  }
  const all = {
    ...today,
    bets: 2n,
    stakeMinor: 500n,
    winMinor: 800n,
    jackpotMinor: 100n,
    biggestWinMinor: 900n,
  }
  const found = await figuresOf([brandId], null, 1, 7, 8)
  expect(found.get(seat.playerId)).toEqual([[all], [today], [today], [all]])
})

test("a player of a brand that is not the caller's has no figures", async () => {
  expect(await figuresOf([], null)).toEqual(new Map())
})
