import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAccountDirectory } from '../../../src/domain/providers/find-account.ts'
import { providerAccountsByIds } from '../../../src/domain/providers/queries.ts'
import { type House, openHouse } from '../../support/house.ts'
import { addAccount, createWorld, type ProviderWorld, serverSecret } from '../../support/provider-world.ts'

let house: House
let world: ProviderWorld
const lines: string[] = []
const sharedSecrets = ['the first of the secrets', 'the second of the secrets']

beforeAll(async () => {
  house = await openHouse()
  world = await createWorld(house.sql, [], { sharedSecrets })
})
afterAll(() => house.close())

function directory(secret = serverSecret) {
  const keep = (facts: object, message: string) => void lines.push(`${JSON.stringify(facts)} ${message}`)
  const log = { debug: keep, info: keep, warn: keep, error: keep }
  return openAccountDirectory({ ...house.as(house.operator('GAME_OPS')), log }, secret)
}

test('an account comes with its secrets open', async () => {
  const account = await directory().byCode(world.accountCode)
  expect(account).toMatchObject({ id: world.accountId, secrets: sharedSecrets })
  expect(account).not.toHaveProperty('sharedSecrets')
})

test('a secret that was sealed by another server is none, and is told once', async () => {
  lines.length = 0
  const { clock } = house
  const found = directory(Buffer.from('the secret of another server'))
  expect((await found.byCode(world.accountCode))?.secrets).toEqual([])
  // Long enough to be read anew.
  clock.at = new Date(Date.now() + 60_000)
  expect((await found.byCode(world.accountCode))?.secrets).toEqual([])
  clock.at = null
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(world.accountId)
  expect(lines[0]).toContain('cannot be opened')
})

test('a secret moved to another account does not open there', async () => {
  const { accountId } = await addAccount(house.sql, { ...world, code: 'thief', publicKeys: [] })
  await house.sql`update provider_accounts set shared_secrets =
    (select shared_secrets from provider_accounts where id = ${world.accountId}) where id = ${accountId}`
  expect((await directory().byCode('thief'))?.secrets).toEqual([])
})

test('what readers of accounts are given has no secrets, sealed or open', async () => {
  const reader = house.as(house.operator('GAME_OPS', world.brandId))
  const account = (await providerAccountsByIds(reader, [world.accountId])).get(world.accountId)
  expect(account).toMatchObject({ id: world.accountId, code: world.accountCode })
  expect(Object.keys(account ?? {}).filter((name) => /secret/i.test(name))).toEqual([])
})

test('an account that is called stays known, whatever strangers ask for', async () => {
  const { clock, sql } = house
  clock.at = new Date()
  const known = directory()
  const strangers = (name: string) =>
    Promise.all(Array.from({ length: 999 }, async (_, nth) => known.byCode(`${name}-${nth}`)))
  await known.byCode(world.accountCode)
  await strangers('first')
  await known.byCode(world.accountCode)
  await strangers('second')
  // Were it read again, this would be seen.
  await sql`update provider_accounts set free_wins_to = 'BONUS' where id = ${world.accountId}`
  expect((await known.byCode(world.accountCode))?.freeWinsTo).toBe('CASH')
  clock.at = null
})
