import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemContext } from '../../../src/app.ts'
import type { Context } from '../../../src/domain/context.ts'
import { createOperator } from '../../../src/domain/operators/create-operator.ts'
import { createToken } from '../../../src/domain/operators/create-token.ts'
import { revokeToken } from '../../../src/domain/operators/revoke-token.ts'
import { apiTokenHash } from '../../../src/domain/operators/token.ts'
import { seedBrand, startTestApp, type TestApp } from '../../support/app.ts'

let pitboss: TestApp
let system: Context

beforeAll(async () => {
  pitboss = await startTestApp()
  system = systemContext(pitboss.app.services)
  await seedBrand(pitboss.database.sql, 'other')
})
afterAll(() => pitboss?.close())

const day = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * day)
const anna = { kind: 'STAFF', name: 'Anna', login: 'anna', role: 'SUPPORT', brandCodes: ['demo'] } as const

/** As an administrator of the demo brand alone. */
const administrator = (permissions: string[]): Context => ({
  ...system,
  actor: {
    kind: 'OPERATOR',
    id: pitboss.operators.ADMIN.operatorId,
    permissions: new Set(permissions),
    brandIds: new Set([pitboss.brandId]),
  },
})

const audit = () => pitboss.database.sql<{ action: string; outcome: string; code: string | null }[]>`
  delete from audit_entries returning action, outcome, code`
const counts = async () => {
  const [row] = await pitboss.database.sql<{ operators: number; tokens: number; events: number }[]>`
    select (select count(*) from operators)::int as operators, (select count(*) from api_tokens)::int as tokens,
      (select count(*) from journal)::int as events`
  return row
}

describe('an operator', () => {
  it('is added with its brands, once, and signs in with a token made for it', async () => {
    const operatorId = await createOperator(system, anna)
    const { id, token } = await createToken(system, { login: 'anna', name: 'laptop', expiresAt: inDays(30) })
    const answer = await pitboss.graphql(
      '{ viewer { name role brands { code } permissions } }',
      {},
      { token },
    )
    expect(answer.data).toMatchObject({
      viewer: { name: 'Anna', role: 'SUPPORT', brands: [{ code: 'demo' }] },
    })
    expect(await audit()).toEqual([
      { action: 'createOperator', outcome: 'ALLOWED', code: null },
      { action: 'createToken', outcome: 'ALLOWED', code: null },
    ])
    const stored = await pitboss.database.sql`select * from api_tokens where id = ${id}`
    expect(stored).toMatchObject([
      { operator_id: operatorId, token_hash: apiTokenHash(token), permissions: null },
    ])
  })

  it('is refused in vain and with an audit entry: login taken, brand unknown, no permission', async () => {
    const before = await counts()
    await expect(createOperator(system, anna)).rejects.toMatchObject({ code: 'LOGIN_TAKEN' })
    const elsewhere = { ...anna, login: 'bert', brandCodes: ['other'] }
    const admin = administrator(['OPERATORS_MANAGE'])
    await expect(createOperator(admin, elsewhere)).rejects.toMatchObject({ code: 'BRAND_UNKNOWN' })
    await expect(createOperator(administrator([]), anna)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await counts()).toEqual(before)
    expect((await audit()).map(({ code }) => code)).toEqual(['LOGIN_TAKEN', 'BRAND_UNKNOWN', 'FORBIDDEN'])
  })
})

describe('a token', () => {
  it('is the same for the same bytes, and is made only once', async () => {
    const bytes = Buffer.alloc(24, 9)
    const made = await createToken(system, { login: 'anna', name: 'demo', expiresAt: inDays(1), bytes })
    expect(made.token).toMatch(/^pb_/)
    await expect(
      createToken(system, { login: 'anna', name: 'demo', expiresAt: inDays(1), bytes }),
    ).rejects.toMatchObject({ code: 'TOKEN_TAKEN' })
  })

  it('is limited to fewer permissions and brands than its operator has, and to no others', async () => {
    await createOperator(system, { ...anna, login: 'dora', brandCodes: ['demo', 'other'] })
    const limits = { permissions: ['PLAYERS_READ'] as const, brandCodes: ['other'] }
    const input = { login: 'dora', name: 'narrow', expiresAt: inDays(1), ...limits }
    const { token } = await createToken(system, input)
    const answer = await pitboss.graphql('{ viewer { permissions brands { code } } }', {}, { token })
    expect(answer.data).toEqual({ viewer: { permissions: ['PLAYERS_READ'], brands: [{ code: 'other' }] } })
    const before = await counts()
    const beyond = { ...input, permissions: ['PLAYERS_READ', 'AUDIT_READ'] as const }
    const message = 'permissions has what the role SUPPORT does not have: AUDIT_READ'
    await expect(createToken(system, beyond)).rejects.toMatchObject({ code: 'PERMISSION_NOT_HELD', message })
    const elsewhere = { ...input, login: 'anna' }
    await expect(createToken(system, elsewhere)).rejects.toMatchObject({ code: 'BRAND_UNKNOWN' })
    expect(await counts()).toEqual(before)
  })

  it.each([
    ['without end', { expiresAt: inDays(401) }, 'INPUT_INVALID'],
    ['of the past', { expiresAt: inDays(-1) }, 'INPUT_INVALID'],
    ['without a name', { name: ' ' }, 'INPUT_INVALID'],
    ['for nobody', { login: 'nobody' }, 'OPERATOR_UNKNOWN'],
  ])('%s is not made', async (_title, wrong, code) => {
    const before = await counts()
    const input = { login: 'anna', name: 'x', expiresAt: inDays(1), ...wrong }
    await expect(createToken(system, input)).rejects.toMatchObject({ code })
    expect(await counts()).toEqual(before)
  })

  it('is revoked once, by those who see its operator, with an event and an audit entry', async () => {
    const { id, token } = await createToken(system, { login: 'anna', name: 'lost', expiresAt: inDays(1) })
    await audit()
    await expect(revokeToken(administrator([]), id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await revokeToken(administrator(['OPERATORS_MANAGE']), id)
    await expect(revokeToken(system, id)).rejects.toMatchObject({ code: 'ALREADY_REVOKED' })
    expect(await audit()).toEqual([
      { action: 'revokeToken', outcome: 'REFUSED', code: 'FORBIDDEN' },
      { action: 'revokeToken', outcome: 'ALLOWED', code: null },
      { action: 'revokeToken', outcome: 'REFUSED', code: 'ALREADY_REVOKED' },
    ])
    const events = await pitboss.database
      .sql`select type, brand_id, facts from journal where type = 'TokenRevoked'`
    expect(events).toMatchObject([{ brand_id: pitboss.brandId, facts: { tokenId: id } }])
    await expect.poll(async () => (await pitboss.graphql('{ __typename }', {}, { token })).status).toBe(401)
  })

  it('of an operator that works elsewhere too is as unknown as none', async () => {
    await createOperator(system, { ...anna, login: 'cleo', brandCodes: ['demo', 'other'] })
    const { id } = await createToken(system, { login: 'cleo', name: 'x', expiresAt: inDays(1) })
    const admin = administrator(['OPERATORS_MANAGE'])
    await expect(revokeToken(admin, id)).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' })
    await expect(
      createToken(admin, { login: 'cleo', name: 'y', expiresAt: inDays(1) }),
    ).rejects.toMatchObject({ code: 'OPERATOR_UNKNOWN' })
  })

  it('tells to the minute when it was last used', async () => {
    const { id, token } = await createToken(system, { login: 'anna', name: 'used', expiresAt: inDays(1) })
    const lastUsed = async () =>
      (
        await pitboss.database.sql<
          { at: Date | null }[]
        >`select last_used_at as at from api_tokens where id = ${id}`
      )[0]?.at
    expect(await lastUsed()).toBeNull()
    await pitboss.graphql('{ __typename }', {}, { token })
    await expect.poll(lastUsed).toBeInstanceOf(Date)
  })
})

describe('a mutation without its permission', () => {
  it('leaves one audit entry, FORBIDDEN at its path, and nothing else', async () => {
    await audit()
    const before = await counts()
    const input = { idempotencyKey: 'k', player: { byId: 'x' }, reason: 'r' }
    const query = 'mutation ($input: BlockPlayerInput!) { blockPlayer(input: $input) { replayed } }'
    const answer = await pitboss.graphql(query, { input }, 'ANALYST')
    expect(answer.data).toEqual({ blockPlayer: null })
    expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['blockPlayer'], 'FORBIDDEN'],
    ])
    expect(await audit()).toEqual([{ action: 'blockPlayer', outcome: 'REFUSED', code: 'FORBIDDEN' }])
    expect(await counts()).toEqual(before)
  })
})
