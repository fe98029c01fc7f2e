// What a refusal calls the field at fault is a field of its mutation's input.
import { makeExecutableSchema } from '@graphql-tools/schema'
import { getNamedType, isInputObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typeDefs } from '../../src/graphql/schema.ts'
import { startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const schema = makeExecutableSchema({ typeDefs })

function isPathOf(inputName: string, path: readonly string[]): boolean {
  let at: unknown = schema.getType(inputName)
  for (const name of path) {
    at = isInputObjectType(at) ? getNamedType(at.getFields()[name]?.type) : undefined
  }
  return at !== undefined
}

const nobody = { byExternal: { brandCode: 'demo', externalId: 'nobody' } }
const game = { brandCode: 'demo', providerCode: 'none', gameCode: 'none' }
const limit = { kind: 'STAKE_PER_BET', reason: 'r' }
const amount = { amount: '1.00', currency: 'EUR' }

let keys = 0

test.each([
  ['blockPlayer', { player: nobody, reason: 'r' }, 'player'],
  ['excludePlayer', { player: nobody, reason: 'r' }, 'player'],
  ['recordDeposit', { player: nobody, amount }, 'player'],
  ['recordDeposit', { player: nobody, amount: { ...amount, amount: '0' } }, 'amount.amount'],
  ['adjustBalance', { player: nobody, account: 'CASH', amount, reason: 'r' }, 'player'],
  ['setLimit', { of: { player: nobody }, amount, ...limit }, 'of.player'],
  ['setLimit', { of: { brandCode: 'none' }, amount, ...limit }, 'of.brandCode'],
  ['setLimit', { of: { game: { ...game, brandCode: 'none' } }, amount, ...limit }, 'of.game.brandCode'],
  ['setLimit', { of: { game }, amount, ...limit }, 'of.game'],
  ['setLimit', { of: { player: nobody }, amount, ...limit, kind: 'LOSS' }, 'period'],
  ['removeLimit', { of: { player: nobody }, currency: 'EUR', ...limit }, 'of.player'],
  ['cancelLimitChange', { of: { brandCode: 'none' }, currency: 'EUR', ...limit }, 'of.brandCode'],
  ['closeSession', { session: { byId: 'none' } }, 'session'],
  ['setOperatorStatus', { login: 'nobody', status: 'DISABLED', reason: 'r' }, 'login'],
  ['createToken', { login: 'nobody', name: 'n', expiresAt: '2999-01-01T00:00:00Z' }, 'expiresAt'],
  ['revokeToken', { tokenId: 'none', reason: 'r' }, 'tokenId'],
  ['closeRound', { roundId: 'none', reason: 'r' }, 'roundId'],
  ['setGameStatus', { providerCode: 'none', gameCode: 'none', status: 'ENABLED', reason: 'r' }, 'gameCode'],
  ['setProviderAccountStatus', { code: 'none', status: 'ENABLED', reason: 'r' }, 'code'],
  ['assignReconciliationItem', { itemId: 'none' }, 'itemId'],
  ['resolveReconciliationItem', { itemId: 'none', resolution: 'ACCEPTED', note: 'n' }, 'itemId'],
])('%s %j', async (name, given, field) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const input = { ...given, idempotencyKey: `${(keys += 1)}` }
  const { data } = await app.graphql<Record<string, { userErrors: { field: string[] }[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { field } } }`,
    { input },
    'ADMIN',
  )
  const path = field.split('.')
  expect(data[name]?.userErrors).toEqual([{ field: path }])
  expect(isPathOf(type, path)).toBe(true)
})
