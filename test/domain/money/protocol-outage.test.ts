// What no batch is to blame for: the disk is full, the memory used up. The lane stays, nobody is singled out, the log
// keeps its head, and all is done once there is room again.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Protocol, protocol } from '../../../src/domain/money/commit-batch.ts'
import type { Log } from '../../../src/lib/log.ts'
import { moneyViolations } from '../../support/money-checks.ts'
import { type MoneyWorld, openMoneyWorld } from '../../support/money-world.ts'
import { until } from '../../support/until.ts'

let world: MoneyWorld
beforeAll(async () => {
  world = await openMoneyWorld()
})
afterAll(async () => {
  expect(await moneyViolations(world.sql)).toEqual([])
  await world.close()
})

interface Outage {
  readonly protocol: Protocol
  tries: number
  over: boolean
}

/** Every write fails with this, until it is over. */
function outage(code: string): Outage {
  const text = `do $$ begin raise exception 'used up' using errcode = '${code}'; end $$`
  const state: Outage = {
    tries: 0,
    over: false,
    protocol: {
      ...protocol,
      write(...given) {
        if (state.over) return protocol.write(...given)
        state.tries += 1
        return { text }
      },
    },
  }
  return state
}

function counting(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const keep = (_facts: object, message: string) => void lines.push(message)
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, lines }
}

const pidOf = async (name: string) => {
  const rows = await world.sql`select pid from pg_stat_activity where application_name = ${name}`
  return rows.map(({ pid }) => Number(pid))
}

const outages = [
  ['53100', 'disk_full'],
  ['53200', 'out_of_resources'],
  ['58030', 'out_of_resources'],
] as const

describe.each(outages)('while every write fails with %s,', (code, reason) => {
  test('nothing is lost, no connection either, and the log has few lines', async () => {
    const seats = await Promise.all([world.seat(), world.seat(), world.seat()])
    const failing = outage(code)
    const { log, lines } = counting()
    const applicationName = `outage ${code}`
    const reasons: string[] = []
    const onFailure = (one: string) => void reasons.push(one)
    const settings = { streams: 1, log, applicationName, onFailure }
    const process = world.process({ ...settings, protocol: failing.protocol })
    await until(() => process.ready())
    const before = await pidOf(applicationName)
    const outcomes = seats.map((seat, n) => process.send(world.commands.bet(seat, { key: `${code} ${n}` })))
    await until(() => failing.tries >= 12)
    failing.over = true
    expect((await Promise.all(outcomes)).map(({ verdict }) => verdict)).toEqual(['OK', 'OK', 'OK'])
    expect(await pidOf(applicationName)).toEqual(before)
    expect(reasons).toEqual(Array.from({ length: failing.tries }, () => reason))
    // Of tries 1, 2, 4 and 8, of the first batch and of the one that came behind it.
    expect(lines.length).toBeLessThanOrEqual(8)
    expect(new Set(lines)).toEqual(new Set(['a batch waits for the database']))
  })

  test('callers are told to come again in time, and a process that is to end does', async () => {
    const seat = await world.seat()
    const failing = outage(code)
    const process = world.process({ streams: 1, answerWithinMs: 100, protocol: failing.protocol })
    const { verdict } = await process.send(world.commands.bet(seat, { key: `${code} in vain` }))
    expect(verdict).toBe('RETRY_LATER')
    await process.close()
    expect(failing.tries).toBeGreaterThan(0)
    expect(await world.cash(seat)).toBe(1000n)
  })
})
