import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appRole } from '../../../src/db/grants.ts'
import { openVerbLane } from '../../../src/domain/journal/open-verb-lane.ts'
import type { NewEvent } from '../../../src/domain/journal/types.ts'
import type { VerbLane } from '../../../src/domain/journal/verb-lane.ts'
import { Problem } from '../../../src/lib/problem.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { until } from '../../support/until.ts'

let world: MoneyWorld
let verbs: VerbLane
let commits = 0
beforeAll(async () => {
  world = await openMoneyWorld()
  await world.sql`create table notes (note text primary key)`
  await world.sql`grant all on notes to ${world.sql(appRole)}`
  const options = { role: appRole, applicationName: 'verbs under test', onCommit: () => void (commits += 1) }
  verbs = openVerbLane(world.database.target, options)
})
afterAll(async () => {
  await verbs.close()
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
})

const cause = { actor: { kind: 'SYSTEM', id: null }, requestId: 'request 1' } as const
const event = (playerId: string | undefined, type: NewEvent['type'] = 'ActivityRecorded'): NewEvent => ({
  type,
  brandId: null,
  ...(playerId ? { playerId } : {}),
  occurredAt: new Date('2026-03-01T12:00:00.000Z'),
})
const noted = async (note: string) => (await world.sql`select note from notes where note = ${note}`).length
const insert = 'insert into notes (note) values ($1)'
const journalOf = async (playerId: string) => {
  const rows = await world.sql<{ type: string; player_version: bigint; trace: string }[]>`
    select type, player_version, trace from journal where player_id = ${playerId} order by player_version`
  return rows.map((row) => `${row.player_version} ${row.type} ${row.trace}`)
}
const terminate = () => world.sql`
  select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'verbs under test' and datname = current_database()`

test('what is read at once is of one moment, and nothing can be written', async () => {
  const seat = await world.seat(1000n)
  const cash = { text: `select cash_minor from wallets where id = $1`, parameters: [seat.walletId] }
  const moment = { text: 'select now() as moment, pg_current_snapshot()::text as shown' }
  const [first, other, ...more] = await verbs.readAtOnce([moment, moment, cash])
  expect(first?.rows).toEqual(other?.rows)
  expect(more.map(({ rows }) => rows)).toEqual([[{ cash_minor: 1000n }]])
  const writing = verbs.readAtOnce([cash, { text: insert, parameters: ['at once'] }])
  // As on a standby: the server refuses to write.
  await expect(writing).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await noted('at once')).toBe(0)
  expect(await verbs.readAtOnce([cash])).toHaveLength(1)
})

describe('a verb', () => {
  test('writes its rows and its events in one transaction, in their order, and counts them', async () => {
    const [one, other] = [await world.seat(0n), await world.seat(0n)]
    const before = commits
    const result = await verbs.transact(cause, [other.playerId, one.playerId], async (tx) => {
      expect([...tx.players.keys()].sort()).toEqual([one.playerId, other.playerId].sort())
      expect(tx.players.get(one.playerId)).toMatchObject({
        externalId: one.externalId,
        status: 'ACTIVE',
        version: 0n,
      })
      await tx.run(insert, ['in one'])
      tx.append(event(one.playerId, 'PlayerBlocked'))
      tx.append(event(other.playerId))
      tx.append(event(one.playerId, 'PlayerUnblocked'))
      tx.append(event(undefined, 'TokenRevoked'))
      return 'done'
    })
    expect(result).toBe('done')
    expect(commits).toBe(before + 1)
    expect(await noted('in one')).toBe(1)
    expect(await journalOf(one.playerId)).toEqual([
      '1 PlayerBlocked request 1',
      '2 PlayerUnblocked request 1',
    ])
    expect(await journalOf(other.playerId)).toEqual(['1 ActivityRecorded request 1'])
  })

  test('that writes no event commits, and tells nobody', async () => {
    const before = commits
    await verbs.transact(cause, [], (tx) => tx.run(insert, ['no event']))
    expect([await noted('no event'), commits]).toEqual([1, before])
  })

  test('that refuses leaves nothing, and the next one goes on', async () => {
    const seat = await world.seat(0n)
    const refused = verbs.transact(cause, [seat.playerId], async (tx) => {
      await tx.run(insert, ['refused'])
      tx.append(event(seat.playerId))
      throw new Problem('PLAYER_BLOCKED', 'no')
    })
    const next = verbs.transact(cause, [seat.playerId], (tx) => Promise.resolve(tx.players.size))
    await expect(refused).rejects.toThrow(Problem)
    expect(await next).toBe(1)
    expect(await noted('refused')).toBe(0)
    expect(await journalOf(seat.playerId)).toEqual([])
  })

  test('whose statement fails throws what the database said, and leaves nothing', async () => {
    const failed = verbs.transact(cause, [], async (tx) => {
      await tx.run(insert, ['twice'])
      await tx.run(insert, ['twice'])
    })
    await expect(failed).rejects.toMatchObject({ code: '23505', constraint_name: 'notes_pkey' })
    expect(await noted('twice')).toBe(0)
  })

  test('runs alone: the next begins when the one before has committed', async () => {
    const steps: string[] = []
    await Promise.all(
      ['first', 'second'].map((name) =>
        verbs.transact(cause, [], async (tx) => {
          steps.push(`${name} begins`)
          await tx.run('select pg_sleep(0.01)')
          steps.push(`${name} ends`)
        }),
      ),
    )
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  })

  test('names a player whom it registers itself', async () => {
    const id = crypto.randomUUID()
    const [brand] = await world.sql`select id from brands`
    await verbs.transact(cause, [id], async (tx) => {
      expect(tx.players.size).toBe(0)
      await tx.run(
        `insert into players (id, brand_id, external_id, status, country, version, last_at, created_at)
         values ($1, $2, $3, 'ACTIVE', 'EE', 0, now(), now())`,
        [id, brand?.['id'], `new ${id}`],
      )
      tx.append(event(id, 'PlayerRegistered'))
    })
    expect(await journalOf(id)).toEqual(['1 PlayerRegistered request 1'])
  })
})

describe('a verb that is disturbed', () => {
  test('by the loss of its connection runs again from the start, on a new lane', async () => {
    const seat = await world.seat(0n)
    let runs = 0
    await verbs.transact(cause, [seat.playerId], async (tx) => {
      runs += 1
      await tx.run(insert, ['lost'])
      tx.append(event(seat.playerId))
      if (runs > 1) return
      await terminate()
      // The work goes on without asking whether the connection is there.
      await tx.run('select 1')
    })
    expect([runs, await noted('lost')]).toEqual([2, 1])
    expect(await journalOf(seat.playerId)).toEqual(['1 ActivityRecorded request 1'])
  })

  test('by the loss of its connection just before the commit runs again', async () => {
    const seat = await world.seat(0n)
    let runs = 0
    await verbs.transact(cause, [seat.playerId], async (tx) => {
      runs += 1
      await tx.run(insert, ['lost late'])
      tx.append(event(seat.playerId))
      if (runs === 1) await terminate()
    })
    expect([runs, await noted('lost late')]).toEqual([2, 1])
    expect(await journalOf(seat.playerId)).toHaveLength(1)
  })

  test('by a lock that it does not get waits for it', async () => {
    const seat = await world.seat(0n)
    const holder = await world.sql.reserve()
    await holder`begin`
    await holder`select id from players where id = ${seat.playerId} for no key update`
    const done = verbs.transact(cause, [seat.playerId], (tx) => {
      tx.append(event(seat.playerId))
      return Promise.resolve('after')
    })
    await world.blocked()
    // The first wait is given up after 500 ms.
    await until(async () => {
      const rows = await world.sql`
        select pid from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`
      return rows.length === 0
    })
    await holder`rollback`
    holder.release()
    expect(await done).toBe('after')
  })

  test('by a database that is away is answered UNAVAILABLE', async () => {
    const away = openVerbLane({ socketDir: '/nowhere', port: 1, database: 'none', username: 'nobody' })
    const refused = away.transact(cause, [], () => Promise.resolve())
    await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await away.close()
  })
})
