import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unblockPlayer } from '../../../src/domain/players/unblock-player.ts'
import { blockPlayer } from '../../../src/domain/sessions/block-player.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse } from '../../support/house.ts'
import { newPlayer, newSession } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const stateOf = async (playerId: string) => {
  const [row] = await house.sql`
    select p.status, f.blocked_reason, f.blocked_at from players p join player_profiles f on f.player_id = p.id
    where p.id = ${playerId}`
  return row
}

describe('blockPlayer and unblockPlayer', () => {
  it('block the player with its reason, close the open sessions, and undo but the closing', async () => {
    const player = await newPlayer(house)
    const sessionIds = [await newSession(house, player.id), await newSession(house, player.id)].sort()
    const neighbour = await newPlayer(house)
    const neighbours = await newSession(house, neighbour.id)
    const actor = house.operator('FRAUD_ANALYST')

    const reason = 'shares a card with two others'
    await blockPlayer(house.as(actor), { idempotencyKey: 'k1', player, reason })
    expect(await stateOf(player.id)).toEqual({
      status: 'BLOCKED',
      blocked_reason: reason,
      blocked_at: expect.any(Date),
    })
    const sessions = await house.sql`
      select id, status, close_reason from sessions where player_id in (${player.id}, ${neighbour.id}) order by id`
    expect([...sessions]).toEqual([
      ...sessionIds.map((id) => ({ id, status: 'CLOSED', close_reason: 'BLOCKED' })),
      { id: neighbours, status: 'OPEN', close_reason: null },
    ])

    await unblockPlayer(house.as(actor), { idempotencyKey: 'k2', player, reason: 'it was a family' })
    expect(await stateOf(player.id)).toEqual({ status: 'ACTIVE', blocked_reason: null, blocked_at: null })
    const played = { bets: '0', stakeMinor: '0', payoutMinor: '0', netMinor: '0' }
    expect((await eventsOf(house, player.id)).slice(-4)).toEqual([
      { type: 'PlayerBlocked', facts: {} },
      { type: 'SessionClosed', facts: { reason: 'BLOCKED', ...played } },
      { type: 'SessionClosed', facts: { reason: 'BLOCKED', ...played } },
      { type: 'PlayerUnblocked', facts: {} },
    ])
    const subject = { subject_type: 'Player', subject_id: player.id }
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({
        ...subject,
        reason,
        before: { status: 'ACTIVE' },
        after: { status: 'BLOCKED', closedSessions: sessionIds },
      }),
      expect.objectContaining({
        ...subject,
        reason: 'it was a family',
        before: { status: 'BLOCKED' },
        after: { status: 'ACTIVE' },
      }),
    ])
  })

  it('refuse what is so already', async () => {
    const player = await newPlayer(house)
    const actor = house.operator('SUPPORT')
    const refused = async (verb: typeof blockPlayer, code: string) => {
      const before = await digestOf(house)
      const answer = await verb(house.as(actor), { idempotencyKey: uuidv7(), player, reason: 'why not' })
      expect(answer).toMatchObject({ ids: null, userError: { code, field: 'player' } })
      expect(await digestOf(house)).toBe(before)
    }
    await refused(unblockPlayer, 'NOT_BLOCKED')
    await blockPlayer(house.as(actor), { idempotencyKey: uuidv7(), player, reason: 'fraud' })
    await refused(blockPlayer, 'ALREADY_BLOCKED')
    expect((await entriesOf(house, actor)).map(({ code }) => code)).toEqual([
      'NOT_BLOCKED',
      null,
      'ALREADY_BLOCKED',
    ])
  })

  it.each([
    ['', ''],
    [' ', ' '],
    ['x'.repeat(501), 'x'.repeat(500)],
    ['nul\0', 'nul'],
    [`${'x'.repeat(499)}😀`, `${'x'.repeat(499)}\ufffd`],
  ])('refuse the reason %j and keep what can be kept of it', async (reason, kept) => {
    const player = await newPlayer(house)
    const actor = house.operator('SUPPORT')
    const before = await digestOf(house)
    for (const verb of [blockPlayer, unblockPlayer]) {
      const answer = await verb(house.as(actor), { idempotencyKey: uuidv7(), player, reason })
      expect(answer).toMatchObject({ ids: null, userError: { code: 'INPUT_INVALID', field: 'reason' } })
    }
    expect(await digestOf(house)).toBe(before)
    const entry = expect.objectContaining({ outcome: 'REFUSED', reason: kept, subject_id: player.id })
    expect(await entriesOf(house, actor)).toEqual([entry, entry])
  })

  it('take the platform id of a player for its own', async () => {
    const { id, externalId } = await newPlayer(house)
    const actor = house.operator('SUPPORT')
    const player = { brandCode: 'demo', externalId }
    const input = { idempotencyKey: 'by-external', player, reason: 'fraud' }
    expect(await blockPlayer(house.as(actor), input)).toMatchObject({ ids: { playerId: id } })
  })

  it.each([
    { id: uuidv7() },
    { id: 'no uuid' },
    { brandCode: 'demo', externalId: 'nobody' },
    { brandCode: 'nowhere', externalId: 'nobody' },
    { brandCode: 'nul\0', externalId: 'nul\0' },
  ])('refuse the player %j', async (player) => {
    const actor = house.operator('SUPPORT')
    const before = await digestOf(house)
    const answer = await blockPlayer(house.as(actor), { idempotencyKey: 'k', player, reason: 'fraud' })
    expect(answer).toMatchObject({ ids: null, userError: { code: 'PLAYER_UNKNOWN', field: 'player' } })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toHaveLength(1)
  })
})
