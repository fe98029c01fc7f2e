import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerPlayer, type RegisterPlayerInput } from '../../../src/domain/wallets/register-player.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { digestOf, entriesOf, eventsOf, type House, openHouse } from '../../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const profile = {
  name: 'Ada Byron',
  email: 'ada@example.com',
  phone: '+35621234567',
  birthDate: '1990-12-31',
}

const input = (changes: Partial<RegisterPlayerInput> = {}): RegisterPlayerInput => ({
  idempotencyKey: uuidv7(),
  brandCode: 'demo',
  externalId: uuidv7(),
  country: 'MT',
  currency: 'EUR',
  profile,
  ...changes,
})

describe('registerPlayer', () => {
  it('writes player, profile, an empty wallet and two events', async () => {
    house.clock.at = new Date('2026-11-20T10:00:00.123Z')
    const actor = house.operator('SERVICE')
    const asked = input()
    const { ids } = await registerPlayer(house.as(actor), asked)
    house.clock.at = null
    const playerId = ids?.playerId ?? ''
    const [player] = await house.sql`
      select brand_id, external_id, status, country, version, created_at, last_at > created_at as stamped
      from players where id = ${playerId}`
    expect(player).toEqual({
      brand_id: house.brandId,
      external_id: asked.externalId,
      status: 'ACTIVE',
      country: 'MT',
      version: 2n,
      created_at: new Date('2026-11-20T10:00:00.123Z'),
      stamped: true,
    })
    const [person] = await house.sql`
      select name, email, phone, birth_date::text as "birthDate", blocked_reason, blocked_at
      from player_profiles where player_id = ${playerId}`
    expect(person).toEqual({ ...profile, blocked_reason: null, blocked_at: null })
    const wallets = await house.sql`
      select id, brand_id, currency, cash_minor, bonus_minor, owed_minor, version
      from wallets where player_id = ${playerId}`
    const amounts = { cash_minor: 0n, bonus_minor: 0n, owed_minor: 0n, version: 0n }
    expect([...wallets]).toEqual([
      { id: ids?.walletId, brand_id: house.brandId, currency: 'EUR', ...amounts },
    ])
    expect(await eventsOf(house, playerId)).toEqual([
      { type: 'PlayerRegistered', facts: { externalId: asked.externalId, country: 'MT' } },
      { type: 'WalletOpened', facts: { walletId: ids?.walletId } },
    ])
  })

  it('keeps personal data out of journal, audit and keys', async () => {
    const actor = house.operator('SERVICE')
    const asked = input()
    await registerPlayer(house.as(actor), asked)
    const [entry] = await entriesOf(house, actor)
    const given = ['name', 'email', 'phone', 'birthDate']
    expect(entry?.after).toEqual({
      externalId: asked.externalId,
      country: 'MT',
      currency: 'EUR',
      profile: given,
    })
    const rows = await house.sql`
      select t.row from (select j::text as row from journal j union all select a::text from audit_entries a
        union all select k::text from mutation_keys k) t where t.row ~ 'Ada|Byron|35621234567|1990-12-31'`
    expect([...rows]).toEqual([])
  })

  it('refuses an external id that the brand has, under another key', async () => {
    const actor = house.operator('SERVICE', house.brandId, house.otherBrandId)
    const asked = input()
    await registerPlayer(house.as(actor), asked)
    const before = await digestOf(house)
    const again = await registerPlayer(house.as(actor), { ...asked, idempotencyKey: uuidv7() })
    expect(again).toMatchObject({ ids: null, userError: { code: 'EXTERNAL_ID_TAKEN', field: 'externalId' } })
    expect(await digestOf(house)).toBe(before)
    // Another brand has its own players, and its own keys.
    expect(await registerPlayer(house.as(actor), { ...asked, brandCode: 'other' })).toMatchObject({
      userError: null,
      replayed: false,
    })
  })

  it.each([
    ['externalId', { externalId: '' }],
    ['externalId', { externalId: 'with space' }],
    ['externalId', { externalId: 'x'.repeat(129) }],
    ['country', { country: 'Malta' }],
    ['currency', { currency: 'XYZ' }],
    ['name', { profile: { name: '  ' } }],
    ['name', { profile: { name: 'x'.repeat(201) } }],
    ['name', { profile: { name: 'tab\there' } }],
    ['name', { profile: { name: 'right\u202eleft' } }],
    ['name', { profile: { name: '\ud800' } }],
    ['email', { profile: { email: 'nobody' } }],
    ['phone', { profile: { phone: '21234567' } }],
    ['birthDate', { profile: { birthDate: '1990-02-30' } }],
    ['birthDate', { profile: { birthDate: '31.12.1990' } }],
    ['birthDate', { profile: { birthDate: '2999-01-01' } }],
    ['birthDate', { profile: { birthDate: '1899-12-31' } }],
  ] satisfies [string, Partial<RegisterPlayerInput>][])('refuses %s of %j', async (field, changes) => {
    const actor = house.operator('SERVICE')
    const asked = input(changes)
    const before = await digestOf(house)
    const first = await registerPlayer(house.as(actor), asked)
    expect(first).toMatchObject({ ids: null, userError: { code: 'INPUT_INVALID', field }, replayed: false })
    expect(await registerPlayer(house.as(actor), asked)).toEqual({ ...first, replayed: true })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toHaveLength(1)
  })

  it.each(['nobody', '', 'nul\0'])('refuses the brand %j', async (brandCode) => {
    const actor = house.operator('SERVICE', house.brandId, house.otherBrandId)
    const before = await digestOf(house)
    const answer = await registerPlayer(house.as(actor), input({ brandCode }))
    expect(answer).toMatchObject({ ids: null, userError: { code: 'BRAND_UNKNOWN', field: 'brandCode' } })
    expect(await digestOf(house)).toBe(before)
    expect(await entriesOf(house, actor)).toEqual([expect.objectContaining({ brand_id: null })])
  })
})
