import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Protocol, protocol } from '../../../src/domain/money/commit-batch.ts'
import type { Command, Verdict } from '../../../src/domain/money/types.ts'
import { stranger } from '../../support/gaming-table.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { type Random, seeded } from '../../support/random.ts'
import { carefree, readsFirst, unburied, unguarded } from '../../support/sabotage.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(() => world.close())

const processes = 6
const inFlight = 12

/** One bet and what may happen to it, in this order or any other; each command more than once. */
function story(
  random: Random,
  seats: readonly Parameters<typeof world.commands.bet>[0][],
  name: string,
): Command[] {
  const { bet, win, rollback, endRound } = world.commands
  const seat = random.pick(seats)
  const key = (of: string) => `${of} ${name}`
  const roundKey = key('round')
  const placed = bet(seat, { key: key('bet'), roundKey })
  const named = { referenceKey: key('bet'), roundKey }
  const lost = { ...named, key: key('win'), amountMinor: random.pick([0n, 250n]) }
  const won = win(seat, { ...lost, closesRound: random.chance(0.7) })
  // A rollback may come without a token that anybody knows: then no player's lock brings it into line.
  const back = rollback(random.chance(0.5) ? stranger : seat, { ...named, key: key('back') })
  const collision = bet(random.pick(seats), { key: key('bet'), roundKey, amountMinor: 99n })
  const commands: Command[] = [placed]
  if (random.chance(0.8)) commands.push(won)
  if (random.chance(0.6)) commands.push(back)
  if (random.chance(0.2)) commands.push(endRound(seat, { key: key('end'), roundKey }))
  if (random.chance(0.3)) commands.push(collision)
  return random.chance(0.3) ? [...commands, placed] : commands
}

/** Neighbours change places: everything still comes at about its time, so that the processes meet. */
function shuffled(random: Random, commands: readonly Command[], reach = 12): Command[] {
  return commands
    .map((command, index) => ({ command, place: index + random.unit() * reach }))
    .sort((one, other) => one.place - other.place)
    .map(({ command }) => command)
}

interface Run {
  readonly violations: string[]
  readonly verdicts: ReadonlyMap<Verdict, number>
}

/** Every process sends every command of the stories, in an order of its own. */
async function soak(seed: number, stories: number, chosen: Protocol = protocol): Promise<Run> {
  const random = seeded(seed)
  const seats = await world.seats(24)
  // Small batches pass each other by, which large ones hardly do: those have some player in common.
  const opened = Array.from({ length: processes }, () => world.process({ protocol: chosen, batchMax: 3 }))
  const bank = world.process({ streams: 1 })
  await Promise.all(
    seats.map((seat) =>
      bank.send(world.commands.deposit(seat, { key: `opening ${seat.playerId}`, amountMinor: 5_000n })),
    ),
  )
  const commands = Array.from({ length: stories }, (_, n) => story(random, seats, `${seed}.${n}`)).flat()
  const verdicts = new Map<Verdict, number>()
  await Promise.all(
    opened.map(async (process) => {
      const own = shuffled(random, commands)
      const client = async () => {
        for (let next = own.shift(); next; next = own.shift()) {
          const { verdict } = await process.send(next)
          verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
        }
      }
      await Promise.all(Array.from({ length: inFlight }, client))
    }),
  )
  await Promise.all(opened.map((one) => one.close()))
  return { violations: await moneyViolations(world.sql), verdicts }
}

const deadlocks = async () => {
  const [row] = await world.sql<{ deadlocks: bigint }[]>`
    select deadlocks from pg_stat_database where datname = current_database()`
  return row?.deadlocks
}

test('six processes that all send everything, shuffled and repeated, keep the money exact', async () => {
  const before = await deadlocks()
  const seed = Number(process.env['SEED'] ?? 1)
  const { violations, verdicts } = await soak(seed, 300)
  expect({ seed, violations }).toEqual({ seed, violations: [] })
  expect(verdicts.get('RETRY_LATER') ?? 0).toBe(0)
  for (const verdict of [
    'OK',
    'REPLAY',
    'TOMBSTONED',
    'DUPLICATE_CONFLICT',
    'REFERENCE_ROLLED_BACK',
  ] as const)
    expect([verdict, (verdicts.get(verdict) ?? 0) > 20]).toEqual([verdict, true])
  expect(await deadlocks()).toBe(before)
})

describe('the checks find what happens', () => {
  const sabotages: [title: string, sabotage: Partial<Protocol>, found: string][] = [
    [
      'when everything is read before the lock and nothing is guarded',
      { prefetch: readsFirst, write: unguarded },
      'I3 ',
    ],
    ['when a key that is taken is passed over', { write: carefree }, 'I6 '],
    ['when a rollback leaves no tombstone', { decide: unburied }, 'I12 '],
  ]
  const seedsMax = 20

  test.each(sabotages)('%s', async (_title, sabotage, found) => {
    const own = world
    world = await openMoneyWorld()
    try {
      for (let seed = 1; seed <= seedsMax; seed += 1) {
        const { violations } = await soak(seed, 60, { ...protocol, ...sabotage })
        if (violations.some((violation) => violation.startsWith(found))) return
      }
      expect.fail(`"${found}" was not found with ${seedsMax} seeds`)
    } finally {
      await world.close()
      world = own
    }
  })
})

test('reading before the lock breaks nothing while the guards stand: it only costs tries', async () => {
  const { violations } = await soak(77, 40, { ...protocol, prefetch: readsFirst })
  expect(violations).toEqual([])
})
