import { setTimeout as nap } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Submission } from '../../../src/domain/money/types.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { type CuttingProxy, openCuttingProxy } from '../../support/cutting-proxy.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { seeded } from '../../support/random.ts'
import { until } from '../../support/until.ts'

let world: MoneyWorld
const escaped: unknown[] = []
const note = (error: unknown) => void escaped.push(error)
beforeAll(async () => {
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  world = await openMoneyWorld()
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
  // What the driver throws late is thrown by then.
  await nap(50)
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
  expect(escaped).toEqual([])
})

/** Ends the connections of this name; how many there were. */
const terminate = async (name: string) => {
  const rows = await world.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${name} and datname = current_database()`
  return rows.length
}

const betsOf = async (playerId: string) => {
  const rows = await world.sql`select id from bets where player_id = ${playerId}`
  return rows.length
}

describe('a stream whose connection is lost', () => {
  test('while a batch waits for a lock, leaves nothing half written and answers by trying again', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1, applicationName: 'lost waiting' })
    await process.send(world.commands.deposit(seat, { key: 'warm 1' }))
    const holder = await world.sql.reserve()
    await holder`begin`
    await holder`select id from players where id = ${seat.playerId} for no key update`
    const outcome = process.send(world.commands.bet(seat, { key: 'lost 1' }))
    await world.blocked()
    expect(await terminate('lost waiting')).toBe(1)
    await until(() => !process.ready())
    expect(await betsOf(seat.playerId)).toBe(0)
    await holder`rollback`
    holder.release()
    expect(await outcome).toMatchObject({ verdict: 'OK', balanceMinor: 1000n })
    expect(await betsOf(seat.playerId)).toBe(1)
  })

  test('while it is idle, takes a new lane and goes on', async () => {
    const seat = await world.seat()
    const process = world.process({ streams: 1, applicationName: 'lost idle' })
    await until(() => process.ready())
    expect(await terminate('lost idle')).toBe(1)
    expect(await process.send(world.commands.bet(seat, { key: 'lost 2' }))).toMatchObject({ verdict: 'OK' })
  })

  test('again and again under load, answers every command right', async () => {
    const seats = await Promise.all(Array.from({ length: 6 }, () => world.seat(100_000n)))
    const process = world.process({ applicationName: 'lost often' })
    const stop = new AbortController()
    const random = seeded(1)
    let ended = 0
    const killer = (async () => {
      while (!stop.signal.aborted) {
        ended += await terminate('lost often')
        await nap(random.int(150))
      }
    })()
    const verdicts = await Promise.all(
      seats.flatMap((seat, n) =>
        Array.from({ length: 40 }, async (_, m) => {
          await nap(m * 20)
          return (await process.send(world.commands.bet(seat, { key: `often ${n} ${m}` }))).verdict
        }),
      ),
    )
    stop.abort()
    await killer
    expect(ended).toBeGreaterThan(5)
    // A command whose first try was committed unheard finds itself: the answer is a REPLAY of OK.
    expect(verdicts.filter((verdict) => verdict !== 'OK' && verdict !== 'REPLAY')).toEqual([])
    const counted = await Promise.all(seats.map((seat) => betsOf(seat.playerId)))
    expect(counted).toEqual(seats.map(() => 40))
  })
})

describe('a COMMIT whose reply is lost', () => {
  let proxy: CuttingProxy
  beforeAll(async () => {
    proxy = await openCuttingProxy(world.database.target)
  })
  afterAll(() => proxy.close())

  test('is answered as what it was, with what was attached, once', async () => {
    const seats = await Promise.all([world.seat(), world.seat(), world.seat()])
    const process = world.process({ streams: 1, target: proxy.target })
    await until(() => process.ready())
    const auditIds = seats.map(() => uuidv7())
    proxy.cut({ moment: 'UNHEARD', how: 'FIN' })
    const outcomes = await Promise.all(
      seats.map((seat, n) => {
        const submission: Submission = {
          command: world.commands.bet(seat, { key: `unheard ${n}` }),
          attach: ({ verdict }) => ({
            auditId: auditIds[n] ?? '',
            audit: { action: 'test', outcome: 'ALLOWED', reason: verdict },
          }),
        }
        return process.submit(submission)
      }),
    )
    expect(proxy.cuts()).toBe(1)
    const unheard = outcomes.filter(({ verdict }) => verdict === 'REPLAY')
    expect(unheard.length).toBeGreaterThan(0)
    expect(unheard).toEqual(unheard.map(() => expect.objectContaining({ first: 'OK', balanceMinor: 900n })))
    expect(outcomes.filter(({ verdict }) => verdict !== 'REPLAY' && verdict !== 'OK')).toEqual([])
    const entries = await world.sql<
      { reason: string }[]
    >`select reason from audit_entries where action = 'test'`
    expect(entries.map(({ reason }) => reason)).toEqual(['OK', 'OK', 'OK'])
    expect(await Promise.all(seats.map((seat) => betsOf(seat.playerId)))).toEqual([1, 1, 1])
  })
})
