import { afterAll, beforeEach, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeSession } from '../../../src/domain/sessions/close-session.ts'
import { startSweep, sweepSessions } from '../../../src/domain/sessions/sweep-sessions.ts'
import { addBets } from '../../support/bets.ts'
import { entriesOf, eventsOf, type House, openHouse, system } from '../../support/house.ts'
import { newPlayer, newSession } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const opened = new Date('2026-11-20T10:00:00.000Z')
const minutes = (count: number) => new Date(opened.getTime() + count * 60_000)
const options = { idleMs: 30 * 60_000, batch: 3 }

beforeEach(() => {
  house.clock.at = opened
})
afterEach(async () => {
  house.clock.at = minutes(10_000)
  await sweepSessions(house.as(system), options)
  house.clock.at = null
})

const closedOf = async (ids: readonly string[]) => {
  const rows = await house.sql<{ id: string; close_reason: string | null; closed_at: Date | null }[]>`
    select id, close_reason, closed_at from sessions where id = any(${[...ids]})`
  return ids.map((id) => rows.find((row) => row.id === id)?.close_reason ?? null)
}

describe('sweepSessions', () => {
  it('closes what is past its end, and what had no bet for too long; nothing else', async () => {
    const player = await newPlayer(house)
    const silent = await newSession(house, player.id)
    const playing = await newSession(house, player.id)
    const stopped = await newSession(house, player.id)
    await addBets(house, playing, [{ placedAt: minutes(5) }, { placedAt: minutes(10) }])
    await addBets(house, stopped, [{ placedAt: minutes(9.9) }])
    const all = [silent, playing, stopped]

    house.clock.at = minutes(29.9)
    expect(await sweepSessions(house.as(system), options)).toBe(0)
    expect(await closedOf(all)).toEqual([null, null, null])

    house.clock.at = minutes(39.95)
    expect(await sweepSessions(house.as(system), options)).toBe(2)
    expect(await closedOf(all)).toEqual(['IDLE', null, 'IDLE'])

    await addBets(house, playing, [{ placedAt: minutes(59) }])
    house.clock.at = minutes(60)
    expect(await sweepSessions(house.as(system), options)).toBe(1)
    expect(await closedOf(all)).toEqual(['IDLE', null, 'IDLE'].with(1, 'EXPIRED'))
    const events = await eventsOf(house, player.id)
    expect(events.slice(-3).map(({ type, facts }) => [type, facts])).toEqual([
      ['SessionClosed', expect.objectContaining({ reason: 'IDLE' })],
      ['SessionClosed', expect.objectContaining({ reason: 'IDLE' })],
      ['SessionClosed', expect.objectContaining({ reason: 'EXPIRED', bets: '3', stakeMinor: '300' })],
    ])
    const actors = await house.sql`
      select distinct actor_kind, actor_id from journal where type = 'SessionClosed' and player_id = ${player.id}`
    expect([...actors]).toEqual([{ actor_kind: 'SYSTEM', actor_id: null }])
  })

  it('closes each session once when processes and operators close at once', async () => {
    const players = await Promise.all(Array.from({ length: 5 }, () => newPlayer(house)))
    const sessionIds: string[] = []
    for (const { id } of players) sessionIds.push(await newSession(house, id), await newSession(house, id))
    house.clock.at = minutes(90)
    const other = house.secondProcess()
    const support = house.operator('SUPPORT')
    const [here, there, ...byHand] = await Promise.all([
      sweepSessions(house.as(system), options),
      sweepSessions(other.as(system), options),
      ...sessionIds.slice(0, 4).map((id) => {
        const input = { idempotencyKey: id, session: { id }, reason: 'OPERATOR' } as const
        return closeSession(house.as(support), input)
      }),
    ])
    expect(here + there + byHand.filter(({ userError }) => userError === null).length).toBe(10)
    const counts = await house.sql`
      select session_id, count(*) from journal where type = 'SessionClosed' and session_id = any(${sessionIds})
      group by session_id having count(*) = 1`
    expect(counts).toHaveLength(10)
    expect(await entriesOf(house, support)).toHaveLength(4)
  })

  it('does not close a session whose bet came while it waited for the player', async () => {
    const { id } = await newPlayer(house)
    const sessionId = await newSession(house, id)
    house.clock.at = minutes(40)
    const held = await house.sql.reserve()
    await held`begin`
    await held`select 1 from players where id = ${id} for no key update`
    const sweep = sweepSessions(house.as(system), options)
    await vi.waitUntil(async () => {
      const [row] = await house.sql`
        select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'
          and datname = current_database()`
      return row?.['count'] === 1
    })
    await addBets(house, sessionId, [{ placedAt: minutes(39) }])
    await held`commit`
    held.release()
    expect(await sweep).toBe(0)
    expect(await closedOf([sessionId])).toEqual([null])
  })

  it('sweeps again and again until it is stopped', async () => {
    const { id } = await newPlayer(house)
    const first = await newSession(house, id)
    const sweep = startSweep(house.as(system), 5, options)
    house.clock.at = minutes(60)
    await vi.waitUntil(async () => (await closedOf([first]))[0] === 'EXPIRED')
    house.clock.at = opened
    const second = await newSession(house, id)
    house.clock.at = minutes(60)
    await vi.waitUntil(async () => (await closedOf([second]))[0] === 'EXPIRED')
    await sweep.stop()
  })
})
