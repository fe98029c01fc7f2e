// Scenario 30: a limit or the player's own exclusion refuses bets in the provider's words; what is owed is paid.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/domain/operators/permissions.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { betFields, generateKeys, hub88Client, rollbackFields, winFields } from '../support/hub88-client.ts'
import {
  addPlayer,
  addSession,
  createWorld,
  type ProviderWorld,
  type WorldSession,
} from '../support/provider-world.ts'

let app: TestApp
let world: ProviderWorld
let call: ReturnType<typeof hub88Client>['call']
let brandCode: string

beforeAll(async () => {
  app = await startTestApp()
  const { sql } = app.database
  const keys = generateKeys()
  world = await createWorld(sql, [keys.publicKey])
  const [brand] = await sql<{ code: string }[]>`select code from brands where id = ${world.brandId}`
  brandCode = brand?.code ?? expect.fail()
  for (const { operatorId } of Object.values(app.operators)) {
    await sql`insert into operator_brands (operator_id, brand_id) values (${operatorId}, ${world.brandId})`
  }
  const client = hub88Client(app.url, world.accountCode, keys.privateKey)
  call = (...given) => client.call(...given)
})
afterAll(() => app.close())

async function seat(): Promise<WorldSession> {
  const { sql } = app.database
  return addSession(sql, world, await addPlayer(sql, world))
}

const playerOf = ({ user }: WorldSession) => ({ byExternal: { brandCode, externalId: user } })

let keysUsed = 0

async function mutate(name: string, input: object, shown = '', role: Role = 'SUPPORT') {
  keysUsed += 1
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
  const { data, errors } = await app.graphql<Record<string, Record<string, unknown>>>(
    `mutation ($input: ${type}) { ${name}(input: $input) { ${shown} replayed userErrors { code field message } } }`,
    { input: { idempotencyKey: `k${keysUsed}`, reason: 'asked for it', ...input } },
    role,
  )
  expect(errors).toBeUndefined()
  const { userErrors, ...rest } = data[name] ?? expect.fail(name)
  expect(userErrors).toEqual([])
  return rest
}

const limitShown = `limit { level kind period amount { amount } effectiveFrom
  pending { amount { amount } effectiveFrom } used { amount } left { amount } }`

/** The status of a call that was answered. */
const status = async (...args: Parameters<typeof call>) => (await call(...args)).status

const limitsQuery = `query ($by: PlayerRef!) { player(by: $by) {
  limits { level kind period amount { amount } used { amount } left { amount } }
  events(first: 50) { nodes {
    type
    ... on TransactionDeclined { verdict limit { level kind period amount { amount } used { amount } } }
    ... on LimitChanged { level kind period before { amount } amount { amount } pending { amount { amount } } }
    ... on PlayerExcluded { until }
  } } } }`

interface Seen {
  readonly player: { limits: object[]; events: { nodes: { type: string }[] } }
}

const seen = async (session: WorldSession) =>
  (await app.graphql<Seen>(limitsQuery, { by: playerOf(session) }, 'SUPPORT')).data.player

describe('a limit that an operator sets for a player', () => {
  test('refuses the next bet, pays the win, and is shown with what is used of it', async () => {
    const session = await seat()
    const first = betFields(session, { amount: 600_000 })
    expect(await status('/transaction/bet', first)).toBe('RS_OK')
    const of = { player: playerOf(session) }
    const amount = { amount: '10', currency: 'EUR' }
    const done = await mutate('setLimit', { of, kind: 'LOSS', period: 'WEEK', amount }, limitShown)
    expect(done).toEqual({
      replayed: false,
      limit: {
        level: 'PLAYER',
        kind: 'LOSS',
        period: 'WEEK',
        amount: { amount: '10.00' },
        effectiveFrom: expect.any(String),
        pending: null,
        used: { amount: '6.00' },
        left: { amount: '4.00' },
      },
    })
    const refused = betFields(session, { amount: 401_000 })
    expect(await status('/transaction/bet', refused)).toBe('RS_ERROR_LIMIT_REACHED')
    expect(await status('/wallet/bet', betFields(session, { amount: 401_000 }))).toBe(
      'RS_ERROR_BET_LIMIT_EXCEEDED',
    )
    expect(await status('/transaction/bet', betFields(session, { amount: 400_000 }))).toBe('RS_OK')
    expect(await status('/transaction/win', winFields(first, { amount: 900_000 }))).toBe('RS_OK')
    expect(await status('/transaction/rollback', rollbackFields(refused))).toBe('RS_OK')
    expect(await status('/transaction/bet', refused)).toBe('RS_ERROR_LIMIT_REACHED')
    const { limits, events } = await seen(session)
    const told = { level: 'PLAYER', kind: 'LOSS', period: 'WEEK' }
    expect(limits).toEqual([
      { ...told, amount: { amount: '10.00' }, used: { amount: '1.00' }, left: { amount: '9.00' } },
    ])
    expect(events.nodes.filter(({ type }) => type === 'LIMIT_CHANGED')).toEqual([
      { type: 'LIMIT_CHANGED', ...told, before: null, amount: { amount: '10.00' }, pending: null },
    ])
    const reached = { ...told, amount: { amount: '10.00' }, used: { amount: '6.00' } }
    const declined = { type: 'TRANSACTION_DECLINED', verdict: 'LIMIT', limit: reached }
    expect(events.nodes.filter(({ type }) => type === 'TRANSACTION_DECLINED')).toEqual([declined, declined])
  })

  test('is raised, removed and left as it is by its name', async () => {
    const of = { player: playerOf(await seat()) }
    const name = { of, kind: 'STAKE_PER_BET' }
    const set = (amount: string) =>
      mutate('setLimit', { ...name, amount: { amount, currency: 'EUR' } }, limitShown)
    await set('5')
    const pending = { amount: { amount: '7.00' }, effectiveFrom: expect.any(String) }
    expect(await set('7')).toMatchObject({ limit: { amount: { amount: '5.00' }, pending, used: null } })
    const named = { ...name, currency: 'EUR' }
    expect(await mutate('cancelLimitChange', named, limitShown)).toMatchObject({ limit: { pending: null } })
    expect(await mutate('removeLimit', named, limitShown)).toMatchObject({
      limit: { amount: { amount: '5.00' }, pending: { amount: null } },
    })
  })
})

test("a brand's limit holds each of its players, a game's whoever plays it, and both are shown there", async () => {
  const session = await seat()
  const amount = { amount: '3', currency: 'EUR' }
  const { sql } = app.database
  const [provider] = await sql<{ code: string }[]>`select code from providers where id = ${world.providerId}`
  const game = { brandCode, providerCode: provider?.code, gameCode: 'reel_quest' }
  await mutate(
    'setLimit',
    { of: { game }, kind: 'STAKE_PER_BET', amount: { ...amount, amount: '2' } },
    '',
    'ADMIN',
  )
  await mutate('setLimit', { of: { brandCode }, kind: 'STAKE', period: 'MONTH', amount }, '', 'ADMIN')
  const statuses = []
  for (const stake of [201_000, 200_000, 101_000, 100_000]) {
    statuses.push(await status('/transaction/bet', betFields(session, { amount: stake })))
  }
  expect(statuses).toEqual(['RS_ERROR_LIMIT_REACHED', 'RS_OK', 'RS_ERROR_LIMIT_REACHED', 'RS_OK'])
  expect((await seen(session)).limits).toMatchObject([
    { level: 'BRAND', used: amountOf('3.00'), left: amountOf('0.00') },
  ])
  const query = `{ brands { code coolingOffHours limits { kind used { amount } } }
    games { code limits { kind brand { code } } } }`
  const { data } = await app.graphql<{ brands: { code: string }[]; games: { code: string }[] }>(query)
  expect(data.brands.find(({ code }) => code === brandCode)).toEqual({
    code: brandCode,
    coolingOffHours: 24,
    limits: [{ kind: 'STAKE', used: null }],
  })
  expect(data.games.find(({ code }) => code === 'reel_quest')).toEqual({
    code: 'reel_quest',
    limits: [{ kind: 'STAKE_PER_BET', brand: { code: brandCode } }],
  })
  for (const [of, rest] of [
    [{ game }, { kind: 'STAKE_PER_BET' }],
    [{ brandCode }, { kind: 'STAKE', period: 'MONTH' }],
  ] as const) {
    expect(await mutate('removeLimit', { of, ...rest, currency: 'EUR' }, limitShown, 'ADMIN')).toEqual({
      replayed: false,
      limit: null,
    })
  }
  expect(await status('/transaction/bet', betFields(session, { amount: 500_000 }))).toBe('RS_OK')
})

const amountOf = (amount: string) => ({ amount })

test('a player who is excluded is refused bets, paid wins, and shown so', async () => {
  const session = await seat()
  const [won, undone] = [betFields(session), betFields(session)]
  for (const bet of [won, undone]) expect(await status('/transaction/bet', bet)).toBe('RS_OK')
  const shown = 'player { status exclusion { until reason } sessions(first: 5) { nodes { closeReason } } }'
  expect(await mutate('excludePlayer', { player: playerOf(session) }, shown)).toEqual({
    replayed: false,
    player: {
      status: 'ACTIVE',
      exclusion: { until: null, reason: 'asked for it' },
      sessions: { nodes: [{ closeReason: 'EXCLUDED' }] },
    },
  })
  expect(await status('/transaction/bet', betFields(session))).toBe('RS_ERROR_USER_DISABLED')
  expect(await status('/transaction/win', winFields(won))).toBe('RS_OK')
  expect(await status('/transaction/rollback', rollbackFields(undone))).toBe('RS_OK')
  const masked = `query ($by: PlayerRef!) { player(by: $by) { exclusion { reason } } }`
  const { data } = await app.graphql(masked, { by: playerOf(session) }, 'ANALYST')
  expect(data).toEqual({ player: { exclusion: { reason: '***' } } })
})
