import { afterAll, beforeAll, expect, test } from 'vitest'
import { dialectKnowledge } from '../../../src/cli/dialect-knowledge.ts'
import { addAccount } from '../../../src/domain/providers/add-account.ts'
import { replaceKeys, type ReplaceKeysInput } from '../../../src/domain/providers/replace-keys.ts'
import { generateKeys } from '../../support/hub88-client.ts'
import { entriesOf, type House, openHouse, system } from '../../support/house.ts'

const [old, next] = [generateKeys().publicKey, generateKeys().publicKey]
let house: House
let id: string

beforeAll(async () => {
  house = await openHouse()
  const provider = { code: 'acme', name: 'Acme Games' }
  const account = { brandCode: 'demo', provider, code: 'demo-acme', dialect: 'hub88', publicKeys: [old] }
  id = await addAccount(house.as(system), account, dialectKnowledge)
})
afterAll(() => house.close())

const replace = (input: Partial<ReplaceKeysInput>) =>
  replaceKeys(house.as(system), { code: 'demo-acme', ...input }, dialectKnowledge)
const keys = async () => {
  const [row] = await house.sql`select public_keys from provider_accounts where code = 'demo-acme'`
  return row?.['public_keys'] as string[]
}

test('both keys are taken while a provider changes over, then the new one; the audit counts them', async () => {
  await replace({ publicKeys: [old, next] })
  expect(await keys()).toEqual([old, next])
  await replace({ publicKeys: [next] })
  expect(await keys()).toEqual([next])
  expect((await entriesOf(house, system)).at(-1)).toMatchObject({
    action: 'replaceProviderKeys',
    subject_id: id,
    outcome: 'ALLOWED',
    before: { publicKeys: 2, sharedSecrets: 0 },
    after: { publicKeys: 1, sharedSecrets: 0 },
  })
})

test.each([
  [{ publicKeys: [] }, 'publicKeys are not 1 to 4, which hub88 verifies with'],
  [{}, 'publicKeys are not 1 to 4, which hub88 verifies with'],
  [{ publicKeys: ['none'] }, 'publicKeys has one that is not a public key in PEM which hub88 can use'],
  [{ sharedSecrets: ['sixteen-or-more-1'] }, 'sharedSecrets mean nothing to hub88: it takes public keys'],
  [{ code: 'nobody', publicKeys: [old] }, 'there is no such provider account'],
])('%j changes nothing', async (input, message) => {
  const before = await keys()
  await expect(replace(input)).rejects.toThrow(message)
  expect(await keys()).toEqual(before)
})
