import { openDatabase } from '../../../src/db/connection.ts'
import { monthOf, monthStart, seqFloorOf } from '../../../src/db/partitions.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { invariants } from '../../../src/domain/invariants/list.ts'
import { runInvariants } from '../../../src/domain/invariants/run-invariants.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { createTestDatabase } from '../../support/database.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { partitionOf } from '../../support/old-months.ts'
import { seeded } from '../../support/random.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(() => world.close())

/** Plays rounds of every kind until it is told to stop. */
async function play(seat: MoneySeat, name: string, stopped: () => boolean, clock?: Clock): Promise<number> {
  const process = world.process({ streams: 1, ...(clock && { clock }) })
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

test('a database that is away leaves everything unchecked, and nobody waits for it', async () => {
  const gone = await createTestDatabase()
  await gone.drop()
  const options = { poolMax: 1, statementTimeoutMs: 1000, applicationName: 'pitboss test' }
  const database = openDatabase({ target: gone.target, ...options })
  const results = await runInvariants(database)
  await database.close()
  expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['UNCHECKED']))
  expect(new Set(results.map(({ first }) => first.join()))).toEqual(
    new Set([expect.stringMatching(/^database .* does not exist$/)]),
  )
})

/** Retention as it is half-way: what stands for the rows is written, the rows are still there. */
const stands = `
  insert into lane_floors select distinct on (lane) lane, seq, id, recorded_at from journal
    where seq < $seq order by lane, seq desc;
  insert into ledger_openings
    select wallet_id, account, min(brand_id::text)::uuid, min(player_id::text)::uuid, min(currency), sum(amount_minor),
      max(wallet_version) from ledger_entries where seq < $seq group by wallet_id, account;
  insert into retention_drops (partition_name, table_name, below_seq, started_at) values
    ('${partitionOf('journal', 0)}', 'journal', $seq, now()),
    ('${partitionOf('ledger_entries', 0)}', 'ledger_entries', $seq, now());`
const goes = `delete from journal where seq < $seq; delete from ledger_entries where seq < $seq;`

test('every invariant holds while retention takes the oldest rows away, and afterwards', async () => {
  const seat = await world.seat(100_000n)
  await play(seat, 'before', () => true)
  // A month begins: numbers go on from a later day in every lane.
  const seq = seqFloorOf(monthStart(monthOf(new Date()) + 1))
  await world.sql`update sessions set expires_at = expires_at + interval '40 days'`
  const later = { now: () => new Date(Date.now() + 32 * 86_400_000) }
  await play(seat, 'after', () => true, later)
  for (const text of [stands, goes]) {
    await world.sql.unsafe(text.replaceAll('$seq', String(seq))).simple()
    const results = await runInvariants(world)
    expect(results.filter(({ verdict }) => verdict !== 'HOLDS')).toEqual([])
  }
  await world.sql`update ledger_openings set amount_minor = amount_minor + 1 where account = 'CASH'
    and wallet_id = ${seat.walletId}`
  const results = await runInvariants(world)
  const broken = results.filter(({ verdict }) => verdict !== 'HOLDS').map(({ id }) => id)
  expect(broken).toEqual(['I2', 'I3', 'I5'])
})
