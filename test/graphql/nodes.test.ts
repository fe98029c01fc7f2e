import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { startTestApp, type TestApp } from '../support/app.ts'

let pitboss: TestApp
beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss.close())

const node = 'query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }'

test('what a role may not read answers the same, whether it is there or not', async () => {
  const input = {
    idempotencyKey: 'a',
    player: { byExternal: { brandCode: 'demo', externalId: 'nobody' } },
    amount: { amount: '1.00', currency: 'EUR' },
  }
  const deposit = 'mutation ($input: RecordDepositInput!) { recordDeposit(input: $input) { replayed } }'
  await pitboss.graphql(deposit, { input }, 'SUPPORT')
  const { data } = await pitboss.graphql<{ auditEntries: { nodes: { id: string }[] } }>(
    '{ auditEntries(first: 1) { nodes { id } } }',
    {},
    'ADMIN',
  )
  const there = data.auditEntries.nodes[0]?.id ?? expect.fail('no audit entry')
  expect((await pitboss.graphql(node, { id: there }, 'ADMIN')).data).toEqual({
    node: { id: there },
    nodes: [{ id: there }],
  })
  const ask = async (id: string) => {
    const answer = await pitboss.graphql(node, { id }, 'SUPPORT')
    const errors = (answer.errors ?? []) as { path: string[]; extensions: { code: string } }[]
    return {
      data: answer.data,
      errors: errors.map(({ path, extensions }) => [path.join('.'), extensions.code]),
    }
  }
  const refused = {
    data: { node: null, nodes: [null] },
    errors: [
      ['node', 'FORBIDDEN'],
      ['nodes.0', 'FORBIDDEN'],
    ],
  }
  expect(await ask(there)).toEqual(refused)
  expect(await ask(globalId('AuditEntry', uuidv7()))).toEqual(refused)
  expect(await ask(globalId('Player', uuidv7()))).toEqual({ data: { node: null, nodes: [null] }, errors: [] })
})
