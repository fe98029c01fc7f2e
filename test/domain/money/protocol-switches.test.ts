// The rules of the money protocol, each tried on the same story twice: as it is, and switched off.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLane } from '../../../src/db/lane.ts'
import { type Protocol, protocol } from '../../../src/domain/money/commit-batch.ts'
import { prefetch } from '../../../src/domain/money/prefetch.ts'
import { stranger } from '../../support/gaming-table.ts'
import { holdBatch } from '../../support/hold-batch.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import * as sabotage from '../../support/sabotage.ts'
import { until } from '../../support/until.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(() => world.close())

let stories = 0
const name = () => {
  stories += 1
  return `story ${stories}`
}

/** What the books of these players have wrong. */
async function wrongOf(seats: readonly MoneySeat[]): Promise<string[]> {
  const ids = seats.flatMap(({ playerId, walletId }) => [playerId, walletId])
  const found = await moneyViolations(world.sql)
  const bets = await world.sql<{ id: string }[]>`
    select id from bets where player_id = any(${seats.map(({ playerId }) => playerId)}::text[]::uuid[])`
  return found.filter((what) => [...ids, ...bets.map(({ id }) => id)].some((id) => what.includes(id)))
}

async function winStory(chosen: Partial<Protocol>) {
  const seat = await world.seat()
  const at = name()
  const named = { roundKey: at, referenceKey: `bet ${at}` }
  let tries = 0
  const write: Protocol['write'] = (...given) => {
    tries += 1
    return (chosen.write ?? protocol.write)(...given)
  }
  const process = world.process({ streams: 1, protocol: { ...protocol, ...chosen, write } })
  await process.send(world.commands.bet(seat, { roundKey: at, key: `bet ${at}` }))
  const batch = await holdBatch(
    world.database.target,
    world.commands.rollback(seat, { ...named, key: `back ${at}` }),
  )
  tries = 0
  const outcome = process.send(world.commands.win(seat, { ...named, key: `win ${at}`, amountMinor: 250n }))
  await world.blocked()
  await batch.commit()
  const { verdict } = await outcome
  return { verdict, tries, cash: await world.cash(seat), wrong: (await wrongOf([seat])).length > 0 }
}

describe('a win that waits while the bet is rolled back', () => {
  const right = { verdict: 'REFERENCE_ROLLED_BACK', cash: 1000n, wrong: false }

  test('is refused, at the first try: what is read is what stands once the lock is there', async () => {
    expect(await winStory({})).toEqual({ ...right, tries: 1 })
  })

  test.each([
    ['locking and reading are one statement', sabotage.locksAndReads, 1250n],
    ['reading comes before locking', sabotage.readsFirst, 1150n],
  ])('is paid when %s and nothing is guarded; with guards it costs a try', async (_title, switched, cash) => {
    expect(await winStory({ prefetch: switched, write: sabotage.unguarded })).toMatchObject({
      verdict: 'OK',
      cash,
      wrong: true,
    })
    expect(await winStory({ prefetch: switched })).toEqual({ ...right, tries: 2 })
  })
})

async function clockStory(write: Protocol['write']) {
  const seat = await world.seat()
  const at = name()
  const processes = [0, -5_000].map((skewMs) =>
    world.process({
      streams: 1,
      protocol: { ...protocol, write },
      clock: { now: () => new Date(Date.now() + skewMs) },
    }),
  )
  for (let n = 0; n < 4; n += 1)
    await processes[n % 2]?.send(world.commands.bet(seat, { key: `${at} ${n}`, roundKey: at }))
  const events = await world.sql<{ version: bigint }[]>`
    select player_version as version from journal where player_id = ${seat.playerId}
    order by recorded_at, lane, seq`
  const versions = events.map(({ version }) => version)
  return { inOrder: versions.every((version, n) => version === BigInt(n + 1)), count: versions.length }
}

describe('two processes whose clocks differ, on one player', () => {
  test('are told apart by the clock of the database: by time is by version', async () => {
    expect(await clockStory(protocol.write)).toEqual({ inOrder: true, count: 6 })
  })

  test('with stamps of their own, whoever sorts by time has the player out of order', async () => {
    expect(await clockStory(sabotage.ownClock)).toEqual({ inOrder: false, count: 6 })
  })
})

const deadlocks = async () => {
  const [row] = await world.sql<{ count: bigint }[]>`
    select deadlocks as count from pg_stat_database where datname = current_database()`
  return row?.count ?? 0n
}

async function crossStory(write: Protocol['write']) {
  const before = await deadlocks()
  const at = name()
  const applicationName = `crosswise ${at}`
  const processes = [0, 1].map(() =>
    world.process({ streams: 1, applicationName, protocol: { ...protocol, write } }),
  )
  await until(() => processes.every((process) => process.ready()))
  for (let round = 0; round < 20; round += 1) {
    const keys = Array.from({ length: 60 }, (_, n) => `${at} ${round} ${n}`)
    const crosswise = processes.map((process, n) => {
      const ordered = n === 0 ? keys : keys.toReversed()
      const commands = ordered.map((key) =>
        world.commands.rollback(stranger, { key: `back ${key}`, referenceKey: key }),
      )
      return Promise.all(commands.map((command) => process.send(command)))
    })
    await Promise.all(crosswise)
  }
  await Promise.all(processes.map((process) => process.close()))
  // What a backend has counted is known to all once it has ended.
  await until(async () => {
    const rows = await world.sql`select from pg_stat_activity where application_name = ${applicationName}`
    return rows.length === 0
  })
  return (await deadlocks()) > before
}

describe('the same keys, written crosswise by two processes', () => {
  beforeAll(async () => {
    // Locks are given up after 500 ms: without this nobody would look for a deadlock before.
    const [row] = await world.sql<{ name: string }[]>`select current_database() as name`
    await world.sql.unsafe(`alter database ${row?.name} set deadlock_timeout = '20ms'`)
  })

  test('are waited for in one order: there is no deadlock', async () => {
    expect(await crossStory(protocol.write)).toBe(false)
  })

  test('in the order of their coming lock each other out', async () => {
    // Who meets whom is chance: the story is told until it happens once.
    let met = false
    for (let times = 0; times < 20 && !met; times += 1) met = await crossStory(sabotage.unsorted)
    expect(met).toBe(true)
  })
})

/** Whether others were answered meanwhile, or waited for it. */
async function stillStory(chosen: Partial<Protocol>): Promise<'answered' | 'waiting'> {
  const [held, ...others] = await Promise.all(Array.from({ length: 11 }, () => world.seat()))
  const process = world.process({ streams: 2, protocol: { ...protocol, ...chosen } })
  const batch = await holdBatch(
    world.database.target,
    world.commands.bet(held ?? expect.fail('no player'), { key: name() }),
  )
  // If there were a lock that all share, it would hold that too.
  const alongside = await world.sql.reserve()
  await alongside`begin`
  await alongside.unsafe(sabotage.takeSharedLock)
  const outcomes = Promise.all(
    others.map((seat) => process.send(world.commands.bet(seat, { key: `beside ${seat.playerId}` }))),
  )
  const end = await Promise.race([
    outcomes.then(() => 'answered' as const),
    world.blocked().then(() => 'waiting' as const),
  ])
  await alongside`rollback`
  alongside.release()
  await batch.commit().catch(() => undefined)
  expect((await outcomes).map(({ verdict }) => verdict)).toEqual(others.map(() => 'OK'))
  return end
}

describe('a process that stands still between its two bursts', () => {
  test('holds nobody up but its own players', async () => {
    expect(await stillStory({})).toBe('answered')
  })

  test('would hold up everybody with a lock that all share', async () => {
    expect(await stillStory({ prefetch: sabotage.sharing })).toBe('waiting')
  })
})

describe('a look for transactions by their keys', () => {
  interface Plan {
    readonly 'Relation Name'?: string
    readonly 'Actual Loops': number
    readonly Plans?: readonly Plan[]
  }

  const probes = (plan: Plan): number =>
    (plan['Relation Name']?.startsWith('transactions') ? plan['Actual Loops'] : 0) +
    (plan.Plans ?? []).reduce((sum, one) => sum + probes(one), 0)

  /** How many partitions of the keys are looked into. */
  async function probed(text: string, parameters: readonly (string | number | bigint)[]): Promise<number> {
    const lane = await openLane(world.database.target)
    try {
      const { rows } = await lane.run({ text: `explain (analyze, format json) ${text}`, parameters })
      const plan = rows[0]?.['QUERY PLAN']
      const [{ Plan: top } = expect.fail('no plan')] = (
        typeof plan === 'string' ? JSON.parse(plan) : plan
      ) as { Plan: Plan }[]
      return probes(top)
    } finally {
      await lane.close()
    }
  }

  const count = 5
  const plan = () =>
    prefetch(
      Array.from({ length: count }, (_, n) =>
        world.commands.rollback(stranger, { key: `probe ${n}`, referenceKey: `probe ${n} of` }),
      ),
    )

  test.each(['lock', 'transactions'] as const)('goes to one partition for each: %s', async (kind) => {
    const { statement } = plan().find((one) => one.kind === kind) ?? expect.fail('not planned')
    expect(await probed(statement.text, (statement.parameters ?? []) as string[])).toBe(2 * count)
  })

  test('would go to all partitions by anything but the key as it is', async () => {
    const { statement } = plan().find((one) => one.kind === 'transactions') ?? expect.fail('not planned')
    const text = statement.text.replace('transaction_key = k.name', `transaction_key || '' = k.name`)
    expect(await probed(text, (statement.parameters ?? []) as string[])).toBe(16 * 2 * count)
  })
})
