import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockPlayer } from '../../../src/domain/sessions/block-player.ts'
import { openSession, type OpenSessionInput } from '../../../src/domain/sessions/open-session.ts'
import { recordDeposit } from '../../../src/domain/money/record-deposit.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse, system } from '../../support/house.ts'
import { newPlayer, type Resident } from '../../support/residents.ts'

let house: House
let player: Resident
beforeAll(async () => {
  house = await openHouse()
  player = await newPlayer(house)
})
afterAll(() => house.close())

const input = (changes: Partial<OpenSessionInput> = {}): OpenSessionInput => ({
  idempotencyKey: uuidv7(),
  player: { id: player.id },
  providerAccountCode: 'demo-spinwell',
  gameCode: 'book',
  currency: 'EUR',
  ip: '203.0.113.7',
  device: 'Firefox 140 on Linux',
  country: 'SE',
  ...changes,
})

describe('openSession', () => {
  it('writes the session with the hash of its token, and its event without where from', async () => {
    house.clock.at = new Date('2026-11-20T10:00:00.123Z')
    const actor = house.operator('SERVICE')
    const resident = await newPlayer(house)
    const asked = input({ player: { id: resident.id } })
    const { ids, gameToken } = await openSession(house.as(actor), asked, house.settings)
    house.clock.at = null
    const sessionId = ids?.sessionId ?? ''
    const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(sessionId).digest('base64url')
    expect(gameToken).toBe(`gt_${mac}`)
    const [session] = await house.sql`
      select s.brand_id, s.player_id, s.currency, s.status, s.ip, s.device, s.country, s.opened_at, s.expires_at,
        s.closed_at, s.close_reason, s.token_hash, a.code as account, g.code as game, w.currency as wallet
      from sessions s join provider_accounts a on a.id = s.provider_account_id join games g on g.id = s.game_id
        join wallets w on w.id = s.wallet_id and w.player_id = s.player_id where s.id = ${sessionId}`
    expect(session).toEqual({
      brand_id: house.brandId,
      player_id: resident.id,
      currency: 'EUR',
      status: 'OPEN',
      ip: '203.0.113.7',
      device: 'Firefox 140 on Linux',
      country: 'SE',
      opened_at: new Date('2026-11-20T10:00:00.123Z'),
      expires_at: new Date('2026-11-20T11:00:00.123Z'),
      closed_at: null,
      close_reason: null,
      token_hash: createHash('sha256').update(`gt_${mac}`).digest(),
      account: 'demo-spinwell',
      game: 'book',
      wallet: 'EUR',
    })
    expect((await eventsOf(house, resident.id)).at(-1)).toEqual({ type: 'SessionOpened', facts: {} })
    const after = {
      playerId: resident.id,
      providerAccountCode: 'demo-spinwell',
      gameCode: 'book',
      currency: 'EUR',
    }
    expect(await entriesOf(house, actor)).toEqual([
      expect.objectContaining({ subject_type: 'Session', subject_id: sessionId, after }),
    ])
  })

  it('stores its token nowhere', async () => {
    const { gameToken } = await openSession(house.as(system), input(), house.settings)
    const tables = await house.sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`
    for (const { name } of tables) {
      const found = await house.sql.unsafe(`select 1 from "${name}" t where position($1 in t::text) > 0`, [
        gameToken ?? '',
      ])
      expect([name, found.length]).toEqual([name, 0])
    }
  })

  it.each([
    ['PROVIDER_ACCOUNT_UNKNOWN', 'providerAccountCode', { providerAccountCode: 'nobody' }],
    ['PROVIDER_ACCOUNT_UNKNOWN', 'providerAccountCode', { providerAccountCode: 'demo-off' }],
    ['PROVIDER_ACCOUNT_UNKNOWN', 'providerAccountCode', { providerAccountCode: 'other-spinwell' }],
    ['GAME_UNKNOWN', 'gameCode', { gameCode: 'nothing' }],
    ['GAME_DISABLED', 'gameCode', { gameCode: 'gone' }],
    ['WALLET_MISSING', 'currency', { currency: 'USD' }],
    ['CURRENCY_UNSUPPORTED', 'currency', { currency: 'BTC' }],
    ['INPUT_INVALID', 'providerAccountCode', { providerAccountCode: 'nul\0' }],
    ['INPUT_INVALID', 'gameCode', { gameCode: '' }],
    ['INPUT_INVALID', 'currency', { currency: 'EURO' }],
    ['INPUT_INVALID', 'ip', { ip: '203.0.113.256' }],
    ['INPUT_INVALID', 'device', { device: 'line\nbreak' }],
    ['INPUT_INVALID', 'country', { country: 'se' }],
  ] satisfies [string, string, Partial<OpenSessionInput>][])(
    'refuses with %s: %s in %j',
    async (code, field, changes) => {
      const btc = { idempotencyKey: 'btc', player, amount: '1', currency: 'BTC' }
      await recordDeposit(house.as(system), btc, house.submit)
      const actor = house.operator('SERVICE', house.brandId, house.otherBrandId)
      const asked = input(changes)
      const before = await digestOf(house)
      const first = await openSession(house.as(actor), asked, house.settings)
      expect(first).toMatchObject({ ids: null, gameToken: null, userError: { code, field } })
      expect(await openSession(house.as(actor), asked, house.settings)).toEqual({ ...first, replayed: true })
      expect(await digestOf(house)).toBe(before)
      expect(await entriesOf(house, actor)).toEqual([
        expect.objectContaining({ outcome: 'REFUSED', code, subject_type: 'Player', subject_id: player.id }),
      ])
    },
  )

  it('refuses a blocked player', async () => {
    const blocked = await newPlayer(house)
    const block = { idempotencyKey: uuidv7(), player: blocked, reason: 'fraud' }
    await blockPlayer(house.as(system), block)
    const before = await digestOf(house)
    const answer = await openSession(house.as(system), input({ player: blocked }), house.settings)
    expect(answer).toMatchObject({ ids: null, userError: { code: 'PLAYER_BLOCKED', field: 'player' } })
    expect(await digestOf(house)).toBe(before)
  })
})
