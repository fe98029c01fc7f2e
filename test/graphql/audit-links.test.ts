// From a thing to what operators did with it, or were refused to do.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { Factory } from '../support/factory.ts'
import type { Seat } from '../support/factory-rows.ts'

let app: TestApp
let seat: Seat
let other: Seat
let roundId: string
beforeAll(async () => {
  app = await startTestApp()
  const factory = new Factory(app.database.sql)
  const brand = { id: app.brandId, code: 'demo' }
  seat = factory.seat(brand)
  other = factory.seat(brand)
  roundId = factory.bet(seat).roundId
  factory.bet(other)
  await factory.save()
})
afterAll(() => app.close())

const reasonOf = (name: string) => `why ${name}`

async function act(name: string, input: string): Promise<void> {
  const reason = name === 'closeSession' ? '' : `reason: "${reasonOf(name)}"`
  const { errors } = await app.graphql(
    `mutation { ${name}(input: { idempotencyKey: "k", ${input} ${reason} }) { userErrors { code } } }`,
    {},
    'ADMIN',
  )
  expect(errors).toBeUndefined()
}

const read = (type: string, id: string, role: 'ADMIN' | 'SUPPORT' = 'ADMIN') =>
  app.graphql(
    `query ($id: ID!) { node(id: $id) { ... on ${type} {
      auditEntries(first: 5) { nodes { action outcome reason } totalCount { value } } } } }`,
    { id: globalId(type, id) },
    role,
  )

const things = [
  [
    'Session',
    'closeSession',
    () => [seat.sessionId, other.sessionId],
    (id: string) => `session: { byId: "${id}" }`,
  ],
  ['Round', 'closeRound', () => [roundId], (id: string) => `roundId: "${id}"`],
  [
    'Player',
    'blockPlayer',
    () => [seat.playerId, other.playerId],
    (id: string) => `player: { byId: "${id}" }`,
  ],
  [
    'ProviderAccount',
    'setProviderAccountStatus',
    () => [seat.accountId, other.accountId],
    () => `code: "${seat.accountCode}", status: DISABLED`,
  ],
] as const

test.each(things)('a %s knows of %s, and no other one does', async (type, name, idsOf, inputOf) => {
  const [id = '', ...others] = idsOf()
  await act(name, inputOf(globalId(type, id)))
  const nodes = [
    { action: name, outcome: 'ALLOWED', reason: name === 'closeSession' ? 'OPERATOR' : reasonOf(name) },
  ]
  expect((await read(type, id)).data).toEqual({ node: { auditEntries: { nodes, totalCount: { value: 1 } } } })
  for (const one of others) {
    expect((await read(type, one)).data).toEqual({
      node: { auditEntries: { nodes: [], totalCount: { value: 0 } } },
    })
  }
  const { data, errors } = await read(type, id, 'SUPPORT')
  expect(data).toEqual({ node: { auditEntries: null } })
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
})

test('a game knows who switched it off, and why', async () => {
  const [game] = await app.database.sql`select g.code, p.code as provider from games g
    join providers p on p.id = g.provider_id where g.id = ${seat.gameId}`
  await act(
    'setGameStatus',
    `providerCode: "${game?.['provider']}", gameCode: "${game?.['code']}", status: DISABLED`,
  )
  const nodes = [{ action: 'setGameStatus', outcome: 'ALLOWED', reason: reasonOf('setGameStatus') }]
  expect((await read('Game', seat.gameId)).data).toEqual({
    node: { auditEntries: { nodes, totalCount: { value: 1 } } },
  })
})
