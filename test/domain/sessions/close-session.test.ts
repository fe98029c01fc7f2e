import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeSession } from '../../../src/domain/sessions/close-session.ts'
import { gameToken } from '../../../src/domain/sessions/game-token.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { addBets } from '../../support/bets.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse } from '../../support/house.ts'
import { newPlayer, newSession } from '../../support/residents.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

describe('closeSession', () => {
  it('ends the session and tells what was played in it', async () => {
    const player = await newPlayer(house)
    const sessionId = await newSession(house, player.id)
    await addBets(house, sessionId, [
      { stakeMinor: 9_000_000_000_000_000_000n, payoutMinor: 0n },
      { stakeMinor: 9_000_000_000_000_000_000n, payoutMinor: 250n, status: 'SETTLED' },
      { stakeMinor: 70n, payoutMinor: 5n, kind: 'FREE' },
      { stakeMinor: 999n, payoutMinor: 0n, status: 'ROLLED_BACK' },
    ])
    const actor = house.operator('SUPPORT')
    const input = { idempotencyKey: 'k', session: { id: sessionId }, reason: 'PLAYER' } as const
    expect(await closeSession(house.as(actor), input)).toMatchObject({ ids: { sessionId }, userError: null })
    const [row] = await house.sql`
      select status, close_reason, closed_at >= opened_at as after_opening from sessions where id = ${sessionId}`
    expect(row).toEqual({ status: 'CLOSED', close_reason: 'PLAYER', after_opening: true })
    expect((await eventsOf(house, player.id)).at(-1)).toEqual({
      type: 'SessionClosed',
      facts: {
        reason: 'PLAYER',
        bets: '3',
        stakeMinor: '18000000000000000000',
        payoutMinor: '255',
        netMinor: '-17999999999999999745',
      },
    })
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({
        subject_type: 'Session',
        subject_id: sessionId,
        before: { status: 'OPEN' },
        after: { status: 'CLOSED', closeReason: 'PLAYER' },
      }),
    ])
  })

  it('finds the session by its game token', async () => {
    const sessionId = await newSession(house, (await newPlayer(house)).id)
    const session = { gameToken: gameToken(house.settings.tokenKey, sessionId) }
    const input = { idempotencyKey: 'k', session, reason: 'OPERATOR' } as const
    expect(await closeSession(house.as(house.operator('SUPPORT')), input)).toMatchObject({
      ids: { sessionId },
    })
  })

  it('refuses a session that is closed', async () => {
    const id = await newSession(house, (await newPlayer(house)).id)
    const actor = house.operator('SUPPORT')
    const close = () =>
      closeSession(house.as(actor), { idempotencyKey: uuidv7(), session: { id }, reason: 'OPERATOR' })
    await close()
    const before = await digestOf(house)
    expect(await close()).toMatchObject({
      ids: null,
      userError: { code: 'ALREADY_CLOSED', field: 'session' },
    })
    expect(await digestOf(house)).toBe(before)
    expect((await entriesOf(house, actor)).map(({ code }) => code)).toEqual([null, 'ALREADY_CLOSED'])
  })

  it.each([{ id: uuidv7() }, { id: 'no uuid' }, { gameToken: 'gt_nothing' }])(
    'refuses %j',
    async (session) => {
      const actor = house.operator('SUPPORT')
      const before = await digestOf(house)
      const answer = await closeSession(house.as(actor), { idempotencyKey: 'k', session, reason: 'PLAYER' })
      expect(answer).toMatchObject({ ids: null, userError: { code: 'SESSION_UNKNOWN', field: 'session' } })
      expect(await digestOf(house)).toBe(before)
      expect(await entriesOf(house, actor)).toHaveLength(1)
    },
  )
})
