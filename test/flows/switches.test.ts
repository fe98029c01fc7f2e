// Games and provider accounts are switched by operators: with a reason, once, in their own brands.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../src/domain/operators/permissions.ts'
import { seedBrand, startTestApp, type TestApp } from '../support/app.ts'
import { furnishGames } from '../support/house.ts'
import { addAccount } from '../support/provider-world.ts'

let app: TestApp
let providerId: string
beforeAll(async () => {
  app = await startTestApp()
  providerId = await furnishGames(app.database.sql, app.brandId)
})
afterAll(() => app.close())

interface Payload {
  readonly userErrors: readonly { code: string }[]
}

let keys = 0

async function run(name: 'setGameStatus' | 'setProviderAccountStatus', input: object, role: Role = 'ADMIN') {
  keys += 1
  const shown = name === 'setGameStatus' ? 'game { status }' : 'providerAccount { status }'
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
  const document = `mutation ($input: ${type}) { ${name}(input: $input) {
    ${shown} userErrors { code } auditEntry { reason outcome } } }`
  const given = { idempotencyKey: `k${keys}`, reason: 'pays too much', ...input }
  const { data, errors } = await app.graphql<Record<string, Payload>>(document, { input: given }, role)
  return errors ? errors.map(({ extensions }) => extensions.code) : data[name]
}

const allowed = { userErrors: [], auditEntry: { reason: 'pays too much', outcome: 'ALLOWED' } }
const refused = (code: string) => expect.objectContaining({ userErrors: [{ code }] })

test('a game is switched off and on again', async () => {
  const book = { providerCode: 'spinwell', gameCode: 'book' }
  for (const status of ['DISABLED', 'ENABLED']) {
    expect(await run('setGameStatus', { ...book, status })).toEqual({ game: { status }, ...allowed })
    expect(await run('setGameStatus', { ...book, status })).toEqual(refused('STATUS_UNCHANGED'))
  }
  expect(await run('setGameStatus', { ...book, status: 'DISABLED' }, 'SUPPORT')).toEqual(['FORBIDDEN'])
  expect(await run('setGameStatus', { ...book, gameCode: 'none', status: 'DISABLED' })).toEqual(
    refused('GAME_UNKNOWN'),
  )
})

test('an account is switched off and on again', async () => {
  const code = 'demo-spinwell'
  for (const status of ['DISABLED', 'ENABLED']) {
    expect(await run('setProviderAccountStatus', { code, status })).toEqual({
      providerAccount: { status },
      ...allowed,
    })
    expect(await run('setProviderAccountStatus', { code, status })).toEqual(refused('STATUS_UNCHANGED'))
  }
  expect(await run('setProviderAccountStatus', { code, status: 'DISABLED' }, 'GAME_OPS')).toEqual([
    'FORBIDDEN',
  ])
})

test("what is another brand's, or shared with one, is left alone", async () => {
  const { sql } = app.database
  const brandId = await seedBrand(sql, 'other')
  await addAccount(sql, { brandId, providerId, code: 'other-spinwell', publicKeys: [] })
  const game = { providerCode: 'spinwell', gameCode: 'book', status: 'DISABLED' }
  expect(await run('setGameStatus', game)).toEqual(refused('GAME_SHARED'))
  const account = { code: 'other-spinwell', status: 'DISABLED' }
  expect(await run('setProviderAccountStatus', account)).toEqual(refused('PROVIDER_ACCOUNT_UNKNOWN'))
})
