// Tokens are made and ended by those who manage operators: shown once, never wider than who has them or who makes them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { type Permission, roles } from '../../src/domain/operators/permissions.ts'
import { isApiToken } from '../../src/domain/operators/token.ts'
import { seedBrand, seedOperator, seedToken, startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
let login: string
let operatorId: string

beforeAll(async () => {
  app = await startTestApp()
  ;({ operatorId } = await seedOperator(app.database.sql, 'SUPPORT', [app.brandId]))
  login = await loginOf(operatorId)
})
afterAll(() => app.close())

async function loginOf(id: string): Promise<string> {
  const [row] = await app.database.sql<{ login: string }[]>`select login from operators where id = ${id}`
  return row?.login ?? expect.fail('no operator')
}

type As = Parameters<TestApp['graphql']>[2]

interface Made {
  readonly secret: string | null
  readonly token: { readonly id: string; readonly name: string } | null
  readonly userErrors: readonly { code: string; field: string[]; message: string }[]
  readonly replayed: boolean
}

let keys = 0
const nextKey = () => `key-${(keys += 1)}`
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

async function create(given: object, as: As = 'ADMIN'): Promise<Made> {
  const input = { idempotencyKey: nextKey(), login, name: 'console', expiresAt: inDays(30), ...given }
  const { data, errors } = await app.graphql<{ createToken: Made }>(
    `mutation ($input: CreateTokenInput!) { createToken(input: $input) {
      secret token { id name } userErrors { code field message } replayed } }`,
    { input },
    as,
  )
  expect(errors).toBeUndefined()
  return data.createToken
}

async function revoke(tokenId: string, given: object = {}, as: As = 'ADMIN') {
  const input = { idempotencyKey: nextKey(), tokenId, reason: 'lost', ...given }
  const { data, errors } = await app.graphql<{ revokeToken: unknown }>(
    `mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) {
      token { revokedAt } userErrors { code field } replayed auditEntry { action outcome reason } } }`,
    { input },
    as,
  )
  return errors ? errors.map(({ extensions }) => extensions.code) : data.revokeToken
}

/** A token of the administrator that may do only so much. */
const narrow = async (permissions: readonly Permission[]) => ({
  token: (
    await seedToken(app.database.sql, app.operators.ADMIN.operatorId, { permissions: [...permissions] })
  ).token,
})

const statusOf = async (token: string) => (await app.graphql('{ __typename }', {}, { token })).status
const rows = async () => (await app.database.sql`select 1 from api_tokens`).length
const refused = (code: string, field: string, message: unknown = expect.any(String)) => ({
  secret: null,
  token: null,
  userErrors: [{ code, field: [field], message }],
  replayed: false,
})

test('a token is shown once, is good for what its operator may do, and is stored nowhere', async () => {
  const { secret, token, userErrors } = await create({})
  expect([secret && isApiToken(secret), token?.name, userErrors]).toEqual([true, 'console', []])
  const { data } = await app.graphql('{ viewer { role permissions } }', {}, { token: secret ?? '' })
  const { data: support } = await app.graphql('{ viewer { role permissions } }', {}, 'SUPPORT')
  expect(data).toEqual(support)
  const [kept] = await app.database.sql`select string_agg(t::text, '') as text from (
    select to_jsonb(k) as t from mutation_keys k union all select to_jsonb(a) from audit_entries a
    union all select to_jsonb(j) from journal j union all select to_jsonb(p) from api_tokens p) all_of_it`
  expect(String(kept?.['text'])).toContain('createToken')
  expect(String(kept?.['text'])).not.toContain(secret)
})

test('the same call again tells which token it made, without it; so does the same call at once', async () => {
  const before = await rows()
  const call = { idempotencyKey: nextKey(), expiresAt: inDays(3) }
  const all = await Promise.all([create(call), create(call), create(call)])
  const again = await create(call)
  expect(await rows()).toBe(before + 1)
  expect(new Set([...all, again].map(({ token }) => token?.id)).size).toBe(1)
  expect(all.filter(({ secret, replayed }) => secret !== null && !replayed)).toHaveLength(1)
  expect(all.filter(({ secret, replayed }) => secret === null && replayed)).toHaveLength(2)
  expect([again.secret, again.replayed]).toEqual([null, true])
  expect(await create({ ...call, name: 'other' })).toEqual(
    refused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'),
  )
})

test('a token of fewer permissions and brands has just those', async () => {
  const limits = { permissions: ['PLAYERS_READ'], brandCodes: ['demo'] }
  const { secret } = await create(limits)
  const { data } = await app.graphql(
    '{ viewer { permissions brands { code } } }',
    {},
    { token: secret ?? '' },
  )
  expect(data).toEqual({ viewer: { permissions: ['PLAYERS_READ'], brands: [{ code: 'demo' }] } })
})

test('nobody makes a token that may do more than its operator, or than they', async () => {
  const { sql } = app.database
  const other = await seedBrand(sql, 'other')
  const elsewhere = await loginOf((await seedOperator(sql, 'SUPPORT', [app.brandId, other])).operatorId)
  const admin = await loginOf(app.operators.ADMIN.operatorId)
  const few = await narrow(['OPERATORS_MANAGE', 'PLAYERS_READ'])
  const before = await rows()
  expect(await create({ permissions: ['PLAYERS_READ', 'AUDIT_READ', 'CASH_WRITE'] })).toEqual(
    refused(
      'PERMISSION_NOT_HELD',
      'permissions',
      expect.stringMatching(/SUPPORT .*: AUDIT_READ, CASH_WRITE$/),
    ),
  )
  expect(await create({ login: admin, permissions: ['PLAYERS_READ', 'BETS_READ'] }, few)).toEqual(
    refused('PERMISSION_NOT_HELD', 'permissions', expect.stringMatching(/themselves: BETS_READ$/)),
  )
  expect(await create({ login: admin }, few)).toEqual(refused('PERMISSION_NOT_HELD', 'permissions'))
  expect(await create({ brandCodes: ['demo', 'other'] })).toEqual(refused('BRAND_UNKNOWN', 'brandCodes'))
  expect(await create({ login: elsewhere })).toEqual(refused('OPERATOR_UNKNOWN', 'login'))
  expect(await create({ permissions: [] })).toEqual(refused('INPUT_INVALID', 'permissions'))
  expect(await create({ expiresAt: inDays(401) })).toEqual(refused('INPUT_INVALID', 'expiresAt'))
  expect(await rows()).toBe(before)
  expect((await create({ permissions: ['PLAYERS_READ'] }, few)).userErrors).toEqual([])
})

test('a revoked token is refused and its sockets close; revoking again says so, the same call replays', async () => {
  const { secret, token } = await create({})
  const call = { idempotencyKey: nextKey() }
  const results = app
    .socket({ token: secret ?? '' })
    .iterate({ query: 'subscription { betEvents { cursor } }' })
  expect((await results.next()).value?.errors).toBeUndefined()
  const done = {
    token: { revokedAt: expect.any(String) },
    userErrors: [],
    replayed: false,
    auditEntry: { action: 'revokeToken', outcome: 'ALLOWED', reason: 'lost' },
  }
  expect(await revoke(token?.id ?? '', call)).toEqual(done)
  await expect(results.next()).rejects.toMatchObject({ code: 4403 })
  await expect.poll(() => statusOf(secret ?? '')).toBe(401)
  expect(await revoke(token?.id ?? '', call)).toEqual({ ...done, replayed: true })
  expect(await revoke(token?.id ?? '')).toMatchObject({
    token: null,
    userErrors: [{ code: 'ALREADY_REVOKED', field: null }],
  })
})

test('a token that one may not see is as unknown as none; the own one may be ended', async () => {
  const { sql } = app.database
  const far = await seedOperator(sql, 'SUPPORT', [app.brandId, await seedBrand(sql, 'far')])
  const unknown = { token: null, userErrors: [{ code: 'TOKEN_UNKNOWN', field: ['tokenId'] }] }
  expect(await revoke(globalId('Token', far.tokenId))).toMatchObject(unknown)
  expect(await revoke('none')).toMatchObject(unknown)
  expect(await statusOf(far.token)).toBe(200)
  const own = await narrow(['OPERATORS_MANAGE', 'AUDIT_READ'])
  const { data } = await app.graphql<{ operators: { tokens: { id: string; permissions: unknown }[] }[] }>(
    '{ operators { tokens { id permissions } } }',
    {},
    own,
  )
  const found = data.operators
    .flatMap(({ tokens }) => tokens)
    .find(({ permissions }) => JSON.stringify(permissions) === '["OPERATORS_MANAGE","AUDIT_READ"]')
  expect(await revoke(found?.id ?? '', {}, own)).toMatchObject({ userErrors: [] })
  await expect.poll(() => statusOf(own.token)).toBe(401)
})

test.each(roles.filter((role) => role !== 'ADMIN'))(
  '%s is refused both, and it is written down',
  async (role) => {
    const before = await rows()
    const input = { idempotencyKey: nextKey(), login, name: 'x', expiresAt: inDays(1) }
    const { data, errors } = await app.graphql(
      'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret } }',
      { input },
      role,
    )
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([
      { createToken: null },
      ['FORBIDDEN'],
    ])
    expect(await revoke('none', {}, role)).toEqual(['FORBIDDEN'])
    expect(await rows()).toBe(before)
    const audit = await app.database.sql`select action, outcome, code from audit_entries
    where actor_id = ${app.operators[role].operatorId} order by action`
    expect(audit).toEqual([
      { action: 'createToken', outcome: 'REFUSED', code: 'FORBIDDEN' },
      { action: 'revokeToken', outcome: 'REFUSED', code: 'FORBIDDEN' },
    ])
  },
)
