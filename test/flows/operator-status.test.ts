// Who leaves is switched off: no token of theirs is taken any more, and their sockets close.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedBrand, seedOperator, seedToken, startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const loginOf = async (operatorId: string) => {
  const [row] = await app.database.sql<
    { login: string }[]
  >`select login from operators where id = ${operatorId}`
  return row?.login ?? ''
}

let keys = 0

async function set(operatorId: string, status: 'ACTIVE' | 'DISABLED', role: 'ADMIN' | 'AUDITOR' = 'ADMIN') {
  const input = { idempotencyKey: `${(keys += 1)}`, login: await loginOf(operatorId), status, reason: 'left' }
  const { data, errors } = await app.graphql<{ setOperatorStatus: unknown }>(
    `mutation ($input: SetOperatorStatusInput!) { setOperatorStatus(input: $input) {
      operator { status } userErrors { code field } } }`,
    { input },
    role,
  )
  return errors ? errors.map(({ extensions }) => extensions.code) : data.setOperatorStatus
}

const refused = (code: string, field: string) => ({ operator: null, userErrors: [{ code, field: [field] }] })
const isTaken = async (token: string) =>
  (await app.graphql('{ viewer { role } }', {}, { token })).errors === undefined

test('one who is switched off is refused with every token, and taken again when switched on', async () => {
  const { operatorId, token } = await seedOperator(app.database.sql, 'SUPPORT', [app.brandId])
  const { token: second } = await seedToken(app.database.sql, operatorId)
  const results = app.socket({ token }).iterate({ query: 'subscription { betEvents { cursor } }' })
  expect((await results.next()).value?.errors).toBeUndefined()
  expect(await set(operatorId, 'DISABLED')).toEqual({ operator: { status: 'DISABLED' }, userErrors: [] })
  await expect.poll(() => Promise.all([isTaken(token), isTaken(second)])).toEqual([false, false])
  await expect(results.next()).rejects.toMatchObject({ code: 4403 })
  expect(await set(operatorId, 'DISABLED')).toEqual(refused('STATUS_UNCHANGED', 'status'))
  expect(await set(operatorId, 'ACTIVE')).toEqual({ operator: { status: 'ACTIVE' }, userErrors: [] })
  await expect.poll(() => isTaken(token)).toBe(true)
})

test('nobody switches themselves off, nor one who also works elsewhere, nor without the permission', async () => {
  const { sql } = app.database
  const other = await seedBrand(sql, 'other')
  const { operatorId } = await seedOperator(sql, 'SUPPORT', [app.brandId, other])
  expect(await set(app.operators.ADMIN.operatorId, 'DISABLED')).toEqual(refused('OPERATOR_SELF', 'login'))
  expect(await set(operatorId, 'DISABLED')).toEqual(refused('OPERATOR_UNKNOWN', 'login'))
  expect(await set(app.operators.SUPPORT.operatorId, 'DISABLED', 'AUDITOR')).toEqual(['FORBIDDEN'])
  const rows = await sql`select status from operators`
  expect(new Set(rows.map(({ status }) => String(status)))).toEqual(new Set(['ACTIVE']))
})
