import { seqFloorOf } from '../../../src/db/partitions.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lane, openLane } from '../../../src/db/lane.ts'
import { StatementBuilder } from '../../../src/db/statement.ts'
import {
  type Append,
  appendJournal,
  guarded,
  journalGuards,
  type PlacedEvent,
} from '../../../src/domain/journal/append.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'

let world: MoneyWorld
let lane: Lane
beforeAll(async () => {
  world = await openMoneyWorld()
  lane = await openLane(world.database.target)
})
afterAll(async () => {
  await lane.close()
  await world.close()
})

const placed = (playerId: string | null, playerVersion: bigint | null): PlacedEvent => ({
  type: 'ActivityRecorded',
  brandId: null,
  ...(playerId ? { playerId } : {}),
  playerVersion,
  occurredAt: new Date(),
  actor: { kind: 'SYSTEM', id: null },
  trace: 'test',
  facts: { amount: '1', "quote's": '"\\' },
})

function append(given: Partial<Append>) {
  const whole: Append = { lane: lane.number, events: [], players: [], lastUs: 0n, now: new Date(), ...given }
  const builder = new StatementBuilder()
  appendJournal(builder, whole)
  return lane.run(builder.build('test: append', guarded(journalGuards(builder, whole))))
}

interface Row {
  readonly seq: bigint
  readonly prev: bigint
  readonly us: bigint
}
const rows = () => world.sql<Row[]>`
  select seq, prev, (extract(epoch from recorded_at) * 1000000)::bigint as us from journal
  where lane = ${lane.number} order by seq`

const player = async ({ playerId }: MoneySeat) => {
  const [row] = await world.sql<{ version: bigint; us: bigint }[]>`
    select version, (extract(epoch from last_at) * 1000000)::bigint as us from players where id = ${playerId}`
  return row ?? expect.fail('no such player')
}

test('the first row of a lane begins its day, later ones follow without a hole, a new day begins anew', async () => {
  const today = new Date('2026-11-20T23:59:59.000Z')
  const tomorrow = new Date('2026-11-21T00:00:01.000Z')
  const yesterday = new Date('2026-11-19T12:00:00.000Z')
  const three = [placed(null, null), placed(null, null), placed(null, null)]
  await append({ events: three, now: today })
  await append({ events: three.slice(1), now: today })
  await append({ events: three.slice(2), now: tomorrow })
  // A clock that steps back changes nothing.
  await append({ events: three.slice(2), now: yesterday })
  const [first, next] = [seqFloorOf(today), seqFloorOf(tomorrow)]
  expect((await rows()).map(({ seq, prev }) => [seq, prev])).toEqual([
    [first, 0n],
    [first + 1n, first],
    [first + 2n, first + 1n],
    [first + 3n, first + 2n],
    [first + 4n, first + 3n],
    [next, first + 4n],
    [next + 1n, next],
  ])
})

test('stamps rise in a lane and behind those of the players, whatever the clock says', async () => {
  const seat = await world.seat(0n)
  // The player's newest row was stamped by a server whose clock is an hour ahead.
  const ahead = BigInt(Date.now() + 3_600_000) * 1000n + 7n
  const events = [placed(seat.playerId, 1n), placed(seat.playerId, 2n)]
  const move = { id: seat.playerId, from: 0n, to: 2n }
  await append({ events, players: [move], lastUs: ahead })
  expect((await rows()).slice(-2).map(({ us }) => us)).toEqual([ahead + 1n, ahead + 2n])
  expect(await player(seat)).toEqual({ version: 2n, us: ahead + 3n })
  await append({ events: [placed(null, null)] })
  expect((await rows()).at(-1)?.us).toBe(ahead + 3n)
})

test('a player who has moved meanwhile undoes everything', async () => {
  const seat = await world.seat(0n)
  const before = await rows()
  const events = [placed(seat.playerId, 6n)]
  await expect(append({ events, players: [{ id: seat.playerId, from: 5n, to: 6n }] })).rejects.toMatchObject({
    code: '22012',
  })
  expect(await rows()).toEqual(before)
  expect((await player(seat)).version).toBe(0n)
})

test('facts and texts arrive as they were', async () => {
  await append({ events: [{ ...placed(null, null), trace: '{"a\\",NULL}' }] })
  const [row] = await world.sql`select trace, facts from journal order by recorded_at desc, seq desc limit 1`
  expect(row).toEqual({ trace: '{"a\\",NULL}', facts: { amount: '1', "quote's": '"\\' } })
})
