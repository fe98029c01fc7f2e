// Working on what a comparison found, as the operators do it.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { seedOperator, startTestApp, type TestApp, type TestOperator } from '../support/app.ts'
import { type Account, addReportingAccount } from '../support/books.ts'
import { furnishGames } from '../support/house.ts'
import { csvReport, reportRow } from '../support/report.ts'

let app: TestApp
let account: Account
let stranger: TestOperator
let items: string[]

beforeAll(async () => {
  app = await startTestApp()
  await furnishGames(app.database.sql, app.brandId)
  account = await addReportingAccount(app.database.sql, app.brandId)
  const other = await app.database.sql<{ id: string }[]>`
    insert into brands (id, code, name, time_zone, currency, created_at)
    values (gen_random_uuid(), 'other', 'Other', 'UTC', 'EUR', now()) returning id`
  stranger = await seedOperator(app.database.sql, 'GAME_OPS', [other[0]?.id ?? ''])
  items = await findItems(6)
})
afterAll(() => app?.close())

const sent = () => ({
  transaction_uuid: randomUUID(),
  user: 'ada',
  round: 'r',
  game_code: 'book',
  amount: 100_000,
})

/** Items for bets that never came in here. */
async function findItems(count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, () => reportRow(sent(), 'TK_BET'))
  const url = `${app.url}/reconciliations?account=${account.code}&from=2026-01-01&to=2026-01-02`
  const headers = { authorization: `Bearer ${app.tokens.SERVICE}`, 'content-type': 'text/csv' }
  const response = await fetch(url, { method: 'POST', headers, body: csvReport(rows) })
  const { id } = (await response.json()) as { id: string }
  const query = `query ($id: ID!) { reconciliation(id: $id) { items(first: 100) { nodes { id } } } }`
  const answer = await app.graphql<{ reconciliation: { items: { nodes: { id: string }[] } } }>(query, { id })
  return answer.data.reconciliation.items.nodes.map((one) => one.id)
}

type Name = 'assignReconciliationItem' | 'resolveReconciliationItem'
type Payload = {
  item: object | null
  userErrors: { code: string; field: string[] | null }[]
  replayed: boolean
}

async function run(name: Name, input: object, role: Parameters<TestApp['graphql']>[2] = 'GAME_OPS') {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
  const query = `mutation ($input: ${type}) { ${name}(input: $input) {
    item { state owner { id } resolution note resolvedBy { id } } userErrors { code field } replayed } }`
  const { data, errors } = await app.graphql<Record<string, Payload>>(query, { input }, role)
  return { ...data[name], error: errors?.[0]?.extensions.code }
}

const me = () => globalId('Operator', app.operators.GAME_OPS.operatorId)
const open = { state: 'OPEN', owner: null, resolution: null, note: null, resolvedBy: null }

describe('an item', () => {
  test('is taken, given back, and resolved once', async () => {
    const [itemId] = items
    const taken = { idempotencyKey: 'take', itemId, operatorId: me() }
    const mine = { ...open, state: 'IN_PROGRESS', owner: { id: me() } }
    expect(await run('assignReconciliationItem', taken)).toEqual({
      item: mine,
      userErrors: [],
      replayed: false,
    })
    expect(await run('assignReconciliationItem', taken)).toMatchObject({ item: mine, replayed: true })
    const back = { idempotencyKey: 'back', itemId, operatorId: null }
    expect(await run('assignReconciliationItem', back)).toMatchObject({ item: open, userErrors: [] })
    await run('assignReconciliationItem', { ...taken, idempotencyKey: 'again' })
    const resolution = { itemId, resolution: 'CORRECTED_THERE', note: 'they credited it' }
    const resolved = { ...mine, state: 'RESOLVED', resolution: 'CORRECTED_THERE', note: 'they credited it' }
    expect(await run('resolveReconciliationItem', { idempotencyKey: 'done', ...resolution })).toEqual({
      item: { ...resolved, resolvedBy: { id: me() } },
      userErrors: [],
      replayed: false,
    })
    const late = [{ code: 'ALREADY_RESOLVED', field: ['itemId'] }]
    const twice = await run('resolveReconciliationItem', { idempotencyKey: 'twice', ...resolution })
    expect(twice).toMatchObject({ item: null, userErrors: late })
    const retaken = await run('assignReconciliationItem', { ...taken, idempotencyKey: 'late' })
    expect(retaken).toMatchObject({ item: null, userErrors: late })
  })

  test('leaves an audit entry of what was done', async () => {
    const [, itemId = ''] = items
    const input = { idempotencyKey: 'audited', itemId, resolution: 'ACCEPTED', note: 'a known gap' }
    await run('resolveReconciliationItem', input)
    const query = `query ($id: ID!) { auditEntries(first: 1, filter: { subject: { eq: $id } }) {
      nodes { action outcome reason subject { id } changes { field before after } } } }`
    const { data } = await app.graphql(query, { id: itemId }, 'AUDITOR')
    expect(data).toEqual({
      auditEntries: {
        nodes: [
          {
            action: 'resolveReconciliationItem',
            outcome: 'ALLOWED',
            reason: 'a known gap',
            subject: { id: itemId },
            changes: [
              { field: 'state', before: 'OPEN', after: 'RESOLVED' },
              { field: 'resolution', before: null, after: 'ACCEPTED' },
            ],
          },
        ],
      },
    })
  })

  test.each([
    ['an empty note', { note: ' ' }, 'INPUT_INVALID', 'note'],
    ['an id that is none', { itemId: 'nothing' }, 'ITEM_UNKNOWN', 'itemId'],
  ])('is not resolved with %s', async (what, given, code, field) => {
    const input = {
      idempotencyKey: what.replaceAll(' ', '-'),
      itemId: items[2],
      resolution: 'ACCEPTED',
      note: 'why',
    }
    const answer = await run('resolveReconciliationItem', { ...input, ...given })
    expect(answer).toMatchObject({ item: null, userErrors: [{ code, field: [field] }] })
  })

  test('is no business of other brands, and of nobody without RECONCILE', async () => {
    const input = { idempotencyKey: 'far', itemId: items[3], operatorId: null }
    const foreign = await run('assignReconciliationItem', input, stranger)
    expect(foreign).toMatchObject({ item: null, userErrors: [{ code: 'ITEM_UNKNOWN' }] })
    expect((await run('assignReconciliationItem', input, 'ANALYST')).error).toBe('FORBIDDEN')
    const theirOwner = {
      ...input,
      idempotencyKey: 'whom',
      operatorId: globalId('Operator', stranger.operatorId),
    }
    const answer = await run('assignReconciliationItem', theirOwner)
    expect(answer).toMatchObject({
      item: null,
      userErrors: [{ code: 'OPERATOR_UNKNOWN', field: ['operatorId'] }],
    })
  })
})

const list = async (filter: object) => {
  const query = `query ($filter: ReconciliationItemFilter, $after: String) {
    reconciliationItems(first: 2, after: $after, filter: $filter) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`
  type Page = {
    reconciliationItems: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
  }
  const found: string[] = []
  const page = async (after: string | null): Promise<void> => {
    const { data, errors } = await app.graphql<Page>(query, { filter, after }, 'ANALYST')
    expect(errors).toBeUndefined()
    const { nodes, pageInfo } = data.reconciliationItems
    found.push(...nodes.map(({ id }) => id))
    if (pageInfo.hasNextPage) await page(pageInfo.endCursor)
  }
  await page(null)
  return found
}

describe('the queue', () => {
  test('is paged and filtered by bucket, state, owner and what is known', async () => {
    const [first = '', second = '', , fourth = ''] = await findItems(5)
    await run('assignReconciliationItem', { idempotencyKey: 'q1', itemId: fourth, operatorId: me() })
    const note = { resolution: 'FALSE_ALARM', note: 'no' }
    await run('resolveReconciliationItem', { idempotencyKey: 'q2', itemId: second, ...note })
    expect(await list({ owner: { eq: me() }, state: { eq: 'IN_PROGRESS' } })).toEqual([fourth])
    expect(await list({ id: { in: [first, second, fourth] }, state: { in: ['OPEN', 'RESOLVED'] } })).toEqual([
      first,
      second,
    ])
    expect(await list({ bucket: { eq: 'AMOUNT' } })).toEqual([])
    expect((await list({ bucket: { eq: 'MISSING_HERE' } })).length).toBe(11)
    expect(await list({ known: true })).toEqual([])
  })

  test('tells of each comparison how far it came', async () => {
    const query = `{ reconciliations(first: 1, filter: { status: { eq: DONE } }) { nodes {
      format from to marginSeconds status failure matched counts { bucket count } actor { id } providerAccount { code }
      progress { linesRead booksRead linesPerSecond } } } }`
    const { data } = await app.graphql(query, {}, 'ANALYST')
    expect(data).toEqual({
      reconciliations: {
        nodes: [
          {
            format: 'CSV',
            from: '2026-01-01T00:00:00.000Z',
            to: '2026-01-02T00:00:00.000Z',
            marginSeconds: 60,
            status: 'DONE',
            failure: null,
            matched: '0',
            counts: [{ bucket: 'MISSING_HERE', count: 5 }],
            actor: { id: globalId('Operator', app.operators.SERVICE.operatorId) },
            providerAccount: { code: account.code },
            progress: { linesRead: '5', booksRead: '0', linesPerSecond: 5 },
          },
        ],
      },
    })
  })
})
