import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordActivity, type RecordActivityInput } from '../../../src/domain/sessions/record-activity.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse } from '../../support/house.ts'
import { newPlayer, newSession, type Resident } from '../../support/residents.ts'

let house: House
let player: Resident
beforeAll(async () => {
  house = await openHouse()
  player = await newPlayer(house)
})
afterAll(() => house.close())

const now = new Date('2026-11-20T10:00:00.123Z')

const input = (changes: Partial<RecordActivityInput> = {}): RecordActivityInput => ({
  idempotencyKey: uuidv7(),
  player: { id: player.id },
  type: 'LIMIT_CHANGED',
  occurredAt: new Date('2026-11-20T09:59:00.000Z'),
  ip: '2001:db8::1',
  device: 'iPhone',
  country: 'MT',
  facts: [
    { name: 'limit', value: 'deposit' },
    { name: 'to', value: '100.00 EUR' },
  ],
  ...changes,
})

const fact = (name: string, value = 'x') => ({ name, value })

describe('recordActivity', () => {
  it('keeps where from with the activity, and not in the journal', async () => {
    const session = { id: await newSession(house, player.id) }
    house.clock.at = now
    const actor = house.operator('SERVICE')
    const { ids } = await recordActivity(house.as(actor), input({ session }))
    house.clock.at = null
    const [row] = await house.sql`
      select brand_id, player_id, session_id, type, occurred_at, recorded_at, ip, device, country, facts
      from activities where id = ${ids?.activityId ?? ''}`
    expect(row).toEqual({
      brand_id: house.brandId,
      player_id: player.id,
      session_id: session.id,
      type: 'LIMIT_CHANGED',
      occurred_at: new Date('2026-11-20T09:59:00.000Z'),
      recorded_at: now,
      ip: '2001:db8::1',
      device: 'iPhone',
      country: 'MT',
      facts: { limit: 'deposit', to: '100.00 EUR' },
    })
    const told = { activityId: ids?.activityId, type: 'LIMIT_CHANGED' }
    expect((await eventsOf(house, player.id)).at(-1)).toEqual({ type: 'ActivityRecorded', facts: told })
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({ subject_type: 'Player', subject_id: player.id, after: told }),
    ])
  })

  it('happened now when nothing is said, and may be a minute ahead of our clock', async () => {
    house.clock.at = now
    const times = [null, new Date(now.getTime() + 60_000)]
    for (const occurredAt of times) {
      const { ids } = await recordActivity(house.as(house.operator('SERVICE')), input({ occurredAt }))
      const [row] = await house.sql`select occurred_at from activities where id = ${ids?.activityId ?? ''}`
      expect(row?.['occurred_at']).toEqual(occurredAt ?? now)
    }
    house.clock.at = null
  })

  it.each([
    ['type', { type: 'login' }],
    ['occurredAt', { occurredAt: new Date(now.getTime() + 60_001) }],
    ['occurredAt', { occurredAt: new Date('1999-12-31T23:59:59Z') }],
    ['ip', { ip: 'localhost' }],
    ['device', { device: 'x'.repeat(501) }],
    ['country', { country: 'MLT' }],
    ['facts', { facts: Array.from({ length: 21 }, (_, n) => fact(`n${n}`)) }],
    ['facts', { facts: [fact('twice'), fact('twice')] }],
    ['facts', { facts: [fact('')] }],
    ['facts', { facts: [fact('x'.repeat(41))] }],
    ['facts', { facts: [fact('long', 'x'.repeat(201))] }],
    ['facts', { facts: [fact('nul', '\0')] }],
  ] satisfies [string, Partial<RecordActivityInput>][])('refuses %s of %j', async (field, changes) => {
    house.clock.at = now
    const actor = house.operator('SERVICE')
    const before = await digestOf(house)
    const answer = await recordActivity(house.as(actor), input(changes))
    house.clock.at = null
    expect(answer).toMatchObject({ ids: null, userError: { code: 'INPUT_INVALID', field } })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toHaveLength(1)
  })

  it("refuses a session that is not the player's", async () => {
    const session = { id: await newSession(house, (await newPlayer(house)).id) }
    const before = await digestOf(house)
    const answer = await recordActivity(house.as(house.operator('SERVICE')), input({ session }))
    expect(answer).toMatchObject({ ids: null, userError: { code: 'SESSION_UNKNOWN', field: 'session' } })
    expect(await digestOf(house)).toBe(before)
  })
})
