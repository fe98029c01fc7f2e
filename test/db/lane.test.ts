import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isDatabaseError, type Lane, laneCount, LaneLost, openLane } from '../../src/db/lane.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
let lanes: Lane[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  await database.sql`create table notes (note text primary key)`
})
afterEach(async () => {
  await Promise.all(lanes.map((lane) => lane.close()))
  lanes = []
})
afterAll(() => database.drop())

async function open(): Promise<Lane> {
  const lane = await openLane(database.target, { applicationName: 'lane test' })
  lanes.push(lane)
  return lane
}

const pidOf = async (lane: Lane) => {
  const { rows } = await lane.run({ text: 'select pg_backend_pid() as pid' })
  return Number(rows[0]?.['pid'])
}
const terminate = (pid: number) => database.sql`select pg_terminate_backend(${pid})`
const notes = async () => {
  const rows = await database.sql<{ note: string }[]>`select note from notes order by note`
  return rows.map(({ note }) => note)
}
const insert = (note: string) => ({ text: 'insert into notes (note) values ($1)', parameters: [note] })

describe('a lane', () => {
  /** On this database: the server may hold others' locks. */
  const lanesTaken = async () => {
    const rows = await database.sql`
      select l.pid from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
      where l.locktype = 'advisory'`
    return rows.length
  }

  test('is the first free number, and free again once its connection is gone', async () => {
    const [first, second] = [await open(), await open()]
    expect([first.number, second.number]).toEqual([0, 1])
    await first.close()
    await until(async () => (await lanesTaken()) === 1)
    expect((await open()).number).toBe(0)
    const pid = await pidOf(second)
    await terminate(pid)
    await until(
      async () => (await database.sql`select pid from pg_stat_activity where pid = ${pid}`).length === 0,
    )
    expect((await open()).number).toBe(1)
  })

  test('is refused when all numbers are taken', async () => {
    const holder = await database.sql.reserve()
    await holder`select pg_advisory_lock(8, n) from generate_series(0, ${laneCount - 1}::int) n`
    await expect(open()).rejects.toThrow('all 64 lanes are taken')
    await holder`select pg_advisory_unlock_all()`
    holder.release()
  })

  test('commits on disk, gives up waiting, and plans a statement once', async () => {
    const lane = await open()
    const settings = [
      'synchronous_commit',
      'lock_timeout',
      'statement_timeout',
      'plan_cache_mode',
      'timezone',
    ]
    settings.push('enable_seqscan', 'jit')
    settings.push('idle_in_transaction_session_timeout', 'client_connection_check_interval')
    const { rows } = await lane.run({
      text: `select ${settings.map((name) => `current_setting('${name}') as "${name}"`).join(', ')}`,
    })
    expect(rows[0]).toEqual({
      synchronous_commit: 'on',
      lock_timeout: '500ms',
      statement_timeout: '2s',
      plan_cache_mode: 'force_generic_plan',
      timezone: 'UTC',
      enable_seqscan: 'off',
      jit: 'off',
      idle_in_transaction_session_timeout: '2s',
      client_connection_check_interval: '1s',
    })
  })

  test('gives stamps to the microsecond and whole bigints, also as parameters', async () => {
    const lane = await open()
    const at = '2026-03-01 12:00:00.123456+00'
    const { rows } = await lane.run({
      text: 'select $1::timestamptz as at, $2::bigint as amount, $3::jsonb as facts, $4::text[] as names',
      parameters: [at, 2n ** 63n - 1n, '{"a":1}', '{"x","y z"}'],
    })
    expect(rows[0]).toEqual({ at, amount: 2n ** 63n - 1n, facts: { a: 1 }, names: '{x,"y z"}' })
  })
})

describe('the plans of a lane', () => {
  const statement = { text: 'select note from growing where size > $1', parameters: [0] }

  /** How many rows the plan that is kept expects. */
  async function expected(lane: Lane): Promise<number> {
    await lane.run(statement)
    const { rows } = await lane.run({
      text: 'select name from pg_prepared_statements where statement = $1',
      parameters: [statement.text],
    })
    const plan = await lane.run({ text: `explain execute "${String(rows[0]?.['name'])}"(0)` })
    return Number(/rows=(\d+)/.exec(String(plan.rows[0]?.['QUERY PLAN']))?.[1])
  }

  test.each([
    ['are kept', 60_000, false],
    ['are made anew after their time, as the tables are then', 0, true],
  ])('%s', async (_title, planLifeMs, renewed) => {
    await database.sql`create table growing (note text, size int) with (autovacuum_enabled = off)`
    const lane = await openLane(database.target, { planLifeMs })
    lanes.push(lane)
    const before = await expected(lane)
    await database.sql`insert into growing select 'note', n from generate_series(1, 20000) n`
    expect((await expected(lane)) > before).toBe(renewed)
    await database.sql`drop table growing`
  })

  test('are made anew unnoticed, inside a transaction too', async () => {
    const lane = await openLane(database.target, { planLifeMs: 0 })
    lanes.push(lane)
    const replies = await lane.burst([{ text: 'begin' }, insert('replanned')])
    const end = await lane.burst([insert('replanned'), { text: 'commit' }])
    expect([...replies, ...end].map((one) => ('rows' in one ? one.command : one.code))).toEqual([
      'BEGIN',
      'INSERT',
      '23505',
      'ROLLBACK',
    ])
    // Inside a transaction that has failed it is refused like everything else, and that too goes unnoticed.
    await lane.burst([{ text: 'begin' }, { text: 'select 1 / 0' }])
    expect(await lane.burst([{ text: 'rollback' }])).toMatchObject([{ command: 'ROLLBACK' }])
  })
})

describe('a burst', () => {
  test('answers each statement, errors among them', async () => {
    const lane = await open()
    const [one, two, three] = await lane.burst([
      { text: 'select 1 as n' },
      { text: 'select 1 / 0' },
      { text: 'select 3 as n' },
    ])
    expect(one).toMatchObject({ command: 'SELECT' })
    expect(isDatabaseError(two) && two.code).toBe('22012')
    expect(three && 'rows' in three && three.rows).toEqual([{ n: 3 }])
  })

  test.each(['cold', 'prepared'])(
    'whose statement fails never says COMMIT, though one follows: %s',
    async (how) => {
      const lane = await open()
      if (how === 'prepared') await lane.run(insert(`${how} first`))
      const replies = await lane.burst([{ text: 'begin' }, insert(how), insert(how), { text: 'commit' }])
      expect(replies.map((one) => ('rows' in one ? one.command : one.code))).toEqual([
        'BEGIN',
        'INSERT',
        '23505',
        'ROLLBACK',
      ])
      expect(await notes()).not.toContain(how)
    },
  )

  test('lets go of its rows once they were read', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const lane = await open()
    const rows = new WeakRef((await lane.run({ text: 'select 1 as n' })).rows)
    await lane.run({ text: 'select 2 as n' })
    await until(() => {
      collect()
      return rows.deref() === undefined
    })
  })
})

describe('a lane whose connection is lost', () => {
  test('inside a transaction, is dead: nothing of it is there, and nothing more is sent', async () => {
    const lane = await open()
    const pid = await pidOf(lane)
    await lane.burst([{ text: 'begin' }, insert('half')])
    await terminate(pid)
    await until(() => !lane.alive)
    await expect(lane.run(insert('other half'))).rejects.toThrow(LaneLost)
    await expect(lane.burst([insert('rest'), { text: 'commit' }])).rejects.toThrow(LaneLost)
    expect((await notes()).filter((note) => /half|rest/.test(note))).toEqual([])
  })

  test('under a burst, loses the whole burst: no statement of it is answered or sent again', async () => {
    const lane = await open()
    const pid = await pidOf(lane)
    const burst = lane.burst([
      { text: 'begin' },
      insert('never'),
      { text: 'select pg_sleep(1)' },
      { text: 'commit' },
      insert('on its own'),
    ])
    const lost = expect(burst).rejects.toThrow(LaneLost)
    await until(async () => {
      const [row] =
        await database.sql`select pid from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`
      return row !== undefined
    })
    await terminate(pid)
    await lost
    expect(lane.alive).toBe(false)
    expect((await notes()).filter((note) => /never|own/.test(note))).toEqual([])
  })

  test('because it was idle in a transaction for too long, is dead', async () => {
    const lane = await open()
    await lane.burst([
      { text: `set idle_in_transaction_session_timeout = 30` },
      { text: 'begin' },
      insert('idle'),
    ])
    await until(() => !lane.alive)
    await expect(lane.run({ text: 'commit' })).rejects.toThrow(LaneLost)
    expect(await notes()).not.toContain('idle')
  })
})

describe('a lane whose server says nothing', () => {
  test('is given up, since nothing may ever be heard of it again', async () => {
    const lane = await openLane(database.target, { silenceMs: 200 })
    lanes.push(lane)
    await expect(lane.run({ text: 'select pg_sleep(1)' })).rejects.toThrow(LaneLost)
    expect(lane.alive).toBe(false)
  })

  test('for long is kept while it says something in between', async () => {
    const lane = await openLane(database.target, { silenceMs: 400 })
    lanes.push(lane)
    const replies = await lane.burst(Array.from({ length: 5 }, () => ({ text: 'select pg_sleep(0.15)' })))
    expect(replies).toHaveLength(5)
    expect(lane.alive).toBe(true)
  })
})

test('an error that only says that something is used up leaves the lane as it is', async () => {
  const lane = await open()
  const raise = "do $$ begin raise exception 'full' using errcode = '53100'; end $$"
  await expect(lane.run({ text: raise })).rejects.toMatchObject({ code: '53100' })
  expect((await lane.run({ text: 'select 1 as n' })).rows).toEqual([{ n: 1 }])
})

test('a server that takes no writes any more is left', async () => {
  const lane = await open()
  await lane.run({ text: 'set session characteristics as transaction read only' })
  await expect(lane.run(insert('nowhere'))).rejects.toThrow(LaneLost)
  expect(lane.alive).toBe(false)
})

test('a database that is away refuses the lane', async () => {
  const away = { socketDir: '/nowhere', port: 1, database: 'none', username: 'nobody' }
  await expect(openLane(away)).rejects.toThrow('ENOENT')
})
