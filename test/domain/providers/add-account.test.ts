import { afterAll, beforeAll, expect, test } from 'vitest'
import { dialectKnowledge } from '../../../src/cli/dialect-knowledge.ts'
import { addAccount, type NewAccount } from '../../../src/domain/providers/add-account.ts'
import { generateKeys } from '../../support/hub88-client.ts'
import { entriesOf, type House, openHouse, system } from '../../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const { publicKey } = generateKeys()
const acme: NewAccount = {
  brandCode: 'demo',
  provider: { code: 'acme', name: 'Acme Games' },
  code: 'demo-acme',
  dialect: 'hub88',
  publicKeys: [publicKey],
}
const add = (given: Partial<NewAccount> = {}, actor = system) =>
  addAccount(house.as(actor), { ...acme, ...given }, dialectKnowledge)
const accounts = (code: string) =>
  house.sql`select a.code, p.code as provider, p.name, a.public_keys, a.status from provider_accounts a
    join providers p on p.id = a.provider_id where a.code = ${code}`

test('an account is added with its new provider and an audit entry without keys', async () => {
  const id = await add()
  expect([...(await accounts('demo-acme'))]).toEqual([
    { code: 'demo-acme', provider: 'acme', name: 'Acme Games', public_keys: [publicKey], status: 'ENABLED' },
  ])
  const after = { brand: 'demo', provider: 'acme', code: 'demo-acme', dialect: 'hub88', publicKeys: 1 }
  expect((await entriesOf(house, system)).at(-1)).toMatchObject({ subject_id: id, outcome: 'ALLOWED', after })
})

test('a second account of a provider keeps the provider as it is', async () => {
  await add({ code: 'other-acme', brandCode: 'other', provider: { code: 'acme', name: 'Another name' } })
  expect([...(await accounts('other-acme'))]).toMatchObject([{ name: 'Acme Games' }])
})

test('a code is given once over all brands, and the provider of a refused account is not added', async () => {
  const provider = { code: 'late', name: 'Late' }
  await expect(add({ code: 'demo-spinwell', provider })).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' })
  expect([...(await house.sql`select 1 from providers where code = 'late'`)]).toEqual([])
})

test.each([
  ['brandCode', 'BRAND_UNKNOWN', { brandCode: 'nowhere' }],
  ['dialect', 'INPUT_INVALID', { dialect: 'klingon' }],
  ['publicKeys', 'INPUT_INVALID', { publicKeys: [] }],
  ['publicKeys', 'INPUT_INVALID', { publicKeys: ['not a key'] }],
  ['code', 'INPUT_INVALID', { code: 'with space' }],
])('a wrong %s is refused: %s', async (field, code, given) => {
  await expect(add({ code: 'wrong', ...given })).rejects.toMatchObject({ code, field })
  expect([...(await accounts('wrong'))]).toEqual([])
})

test('it needs the permission', async () => {
  const ops = house.operator('GAME_OPS')
  await expect(add({ code: 'theirs' }, ops)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect([...(await accounts('theirs'))]).toEqual([])
})
