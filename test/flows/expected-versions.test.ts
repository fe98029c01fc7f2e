// Two operators who look at the same thing and change it: the second is told that it has changed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { addReportingAccount } from '../support/books.ts'
import { furnishGames } from '../support/house.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../support/money-world.ts'
import { csvReport, reportRow } from '../support/report.ts'

let app: TestApp
let world: MoneyWorld
let process: Process
let tokens: string[]
let admin: { readonly token: string }
beforeAll(async () => {
  app = await startTestApp()
  world = await openMoneyWorld(app.database)
  process = world.process()
  const brandIds = (await world.sql<{ id: string }[]>`select id from brands`).map(({ id }) => id)
  const operators = [0, 1].map(() => seedOperator(world.sql, 'GAME_OPS', brandIds))
  admin = await seedOperator(world.sql, 'ADMIN', brandIds)
  tokens = (await Promise.all(operators)).map(({ token }) => token)
})
afterAll(async () => {
  await world.close()
  await app.close()
})

interface Answer {
  readonly preview: { wallets: { version: string }[] } | null
  readonly transaction: { id: string } | null
  readonly userErrors: { code: string; field: string[]; currentVersion: string | null }[]
}

const correction = ({ playerId }: MoneySeat, expectedVersion?: string, currency = 'EUR') => ({
  idempotencyKey: uuidv7(),
  player: { byId: globalId('Player', playerId) },
  account: 'CASH',
  amount: { amount: '5', currency },
  reason: 'a prize that was not paid',
  expectedVersion,
})

async function adjust(input: object, token = tokens[0] ?? ''): Promise<Answer> {
  const { data, errors } = await app.graphql<{ adjustBalance: Answer }>(
    `mutation ($input: AdjustBalanceInput!) { adjustBalance(input: $input) {
      preview { wallets { version } } transaction { id } userErrors { code field currentVersion } } }`,
    { input },
    { token },
  )
  expect(errors).toBeUndefined()
  return data.adjustBalance
}

const changed = (currentVersion: string) => ({
  preview: null,
  transaction: null,
  userErrors: [{ code: 'VERSION_CHANGED', field: ['expectedVersion'], currentVersion }],
})

test('of two who make the correction that both were shown, one makes it, and one is told', async () => {
  const seat = await world.seat(1000n)
  const { preview } = await adjust({ ...correction(seat), dryRun: true })
  expect(preview?.wallets).toEqual([{ version: '1' }])
  const answers = await Promise.all(tokens.map((token) => adjust(correction(seat, '1'), token)))
  expect(answers.filter(({ transaction }) => transaction)).toHaveLength(1)
  expect(answers.filter(({ transaction }) => !transaction)).toEqual([changed('2')])
  expect(await world.cash(seat)).toBe(1500n)
  const entries = await world.sql<{ outcome: string; code: string | null }[]>`
    select outcome, code from audit_entries where subject_id = ${seat.playerId} order by outcome`
  expect([...entries]).toEqual([
    { outcome: 'ALLOWED', code: null },
    { outcome: 'REFUSED', code: 'VERSION_CHANGED' },
  ])
})

test('a bet raises the version; the refused key may try again with the new one, and is a replay then', async () => {
  const seat = await world.seat(1000n)
  await process.send(world.commands.bet(seat, { key: `b ${seat.playerId}` }))
  const old = correction(seat, '1')
  expect(await adjust({ ...old, dryRun: true })).toEqual(changed('2'))
  expect(await adjust(old)).toEqual(changed('2'))
  const { transaction } = await adjust({ ...old, expectedVersion: '2' })
  expect(transaction).not.toBeNull()
  expect(await adjust({ ...old, expectedVersion: '2' })).toMatchObject({ transaction, userErrors: [] })
  expect(await world.cash(seat)).toBe(1400n)
})

test('a wallet that is not there has version zero', async () => {
  const seat = await world.seat(1000n)
  const dry = await adjust({ ...correction(seat, '0', 'JPY'), dryRun: true })
  expect(dry.preview?.wallets).toEqual([{ version: '0' }])
  expect(await adjust(correction(seat, '1', 'JPY'))).toEqual(changed('0'))
  expect((await adjust(correction(seat, '0', 'JPY'))).userErrors).toEqual([])
  expect(await adjust(correction(seat, '0', 'JPY'))).toEqual(changed('1'))
})

type ItemVerb = 'assignReconciliationItem' | 'resolveReconciliationItem'

interface ItemAnswer {
  readonly item: { version: string; state: string } | null
  readonly userErrors: Answer['userErrors']
}

async function work(verb: ItemVerb, input: object): Promise<ItemAnswer> {
  const { data, errors } = await app.graphql<Record<ItemVerb, ItemAnswer>>(
    `mutation ($input: ${verb === 'assignReconciliationItem' ? 'Assign' : 'Resolve'}ReconciliationItemInput!) {
      ${verb}(input: $input) { item { version state } userErrors { code field currentVersion } } }`,
    { input: { idempotencyKey: uuidv7(), ...input } },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

/** A mismatch: a bet that never came in here. */
async function foundItem(): Promise<string> {
  await furnishGames(world.sql, app.brandId)
  const { code } = await addReportingAccount(world.sql, app.brandId)
  const bet = { transaction_uuid: uuidv7(), user: 'ada', round: 'r', game_code: 'book', amount: 100_000 }
  await fetch(`${app.url}/reconciliations?account=${code}&from=2026-01-01&to=2026-01-02`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.tokens.SERVICE}`, 'content-type': 'text/csv' },
    body: csvReport([reportRow(bet, 'TK_BET')]),
  })
  const [row] = await world.sql<{ id: string }[]>`select id from reconciliation_items`
  return globalId('ReconciliationItem', row?.id ?? '')
}

test('a mismatch that another one took meanwhile is not taken or resolved over their head', async () => {
  const itemId = await foundItem()
  const mine = { itemId, operatorId: globalId('Operator', app.operators.GAME_OPS.operatorId) }
  const yours = { itemId, operatorId: globalId('Operator', app.operators.ADMIN.operatorId) }
  const resolved = { itemId, resolution: 'ACCEPTED', note: 'it is known' }
  const { userErrors } = changed('1')
  const both = await Promise.all(
    [mine, yours].map((one) => work('assignReconciliationItem', { ...one, expectedVersion: '0' })),
  )
  expect(both.filter(({ item }) => item)).toEqual([
    { item: { version: '1', state: 'IN_PROGRESS' }, userErrors: [] },
  ])
  expect(both.filter(({ item }) => !item)).toEqual([{ item: null, userErrors }])
  const late = { ...resolved, expectedVersion: '0', idempotencyKey: 'late' }
  const refused = { item: null, userErrors }
  expect(await work('resolveReconciliationItem', late)).toEqual(refused)
  expect(await work('resolveReconciliationItem', late)).toEqual(refused)
  const done = await work('resolveReconciliationItem', { ...resolved, expectedVersion: '1' })
  expect(done).toEqual({ item: { version: '2', state: 'RESOLVED' }, userErrors: [] })
  expect(await work('assignReconciliationItem', { ...mine, expectedVersion: '0' })).toMatchObject({
    userErrors: [{ code: 'ALREADY_RESOLVED', currentVersion: null }],
  })
})

interface LimitAnswer {
  readonly limit: { version: string; amount: { amount: string } } | null
  readonly userErrors: Answer['userErrors']
}

async function limit(verb: 'setLimit' | 'removeLimit' | 'cancelLimitChange', given: object, on = app) {
  const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input!`
  const input = { idempotencyKey: uuidv7(), kind: 'STAKE_PER_BET', reason: 'r', ...given }
  const { data, errors } = await on.graphql<Record<string, LimitAnswer>>(
    `mutation ($input: ${type}) { ${verb}(input: $input) {
      limit { version amount { amount } } userErrors { code field currentVersion } } }`,
    { input },
    admin,
  )
  expect(errors).toBeUndefined()
  return data[verb] ?? expect.fail('no answer')
}

const limitChanged = (currentVersion: string) => ({
  limit: null,
  userErrors: [{ code: 'VERSION_CHANGED', field: ['expectedVersion'], currentVersion }],
})
const euros = (amount: string) => ({ amount: { amount, currency: 'EUR' } })
const following = (version: string | undefined) => (BigInt(version ?? 0) + 1n).toString()

test("a player's limit is changed only as it was seen: set, taken back, removed", async () => {
  const { playerId } = await world.seat(1000n)
  const of = { player: { byId: globalId('Player', playerId) } }
  expect(await limit('setLimit', { of, ...euros('50'), expectedVersion: '1' })).toEqual(limitChanged('0'))
  const first = await limit('setLimit', { of, ...euros('50'), expectedVersion: '0' })
  expect(first.limit?.amount).toEqual({ amount: '50.00' })
  const seen = first.limit?.version
  expect(await limit('setLimit', { of, ...euros('90'), expectedVersion: '0' })).toEqual(
    limitChanged(`${seen}`),
  )
  const second = await limit('setLimit', { of, ...euros('40'), expectedVersion: seen })
  expect(second).toEqual({ limit: { version: following(seen), amount: { amount: '40.00' } }, userErrors: [] })
  const now = following(seen)
  for (const verb of ['removeLimit', 'cancelLimitChange'] as const) {
    expect(await limit(verb, { of, currency: 'EUR', expectedVersion: seen })).toEqual(limitChanged(now))
  }
  expect((await limit('removeLimit', { of, currency: 'EUR', expectedVersion: now })).userErrors).toEqual([])
  const removing = following(now)
  expect(
    (await limit('cancelLimitChange', { of, currency: 'EUR', expectedVersion: removing })).limit,
  ).toEqual({
    version: following(removing),
    amount: { amount: '40.00' },
  })
  // Who expects nothing overwrites, as ever.
  expect((await limit('setLimit', { of, ...euros('30') })).userErrors).toEqual([])
})

test("of two processes that set a brand's limit as both saw it, one does; a new one has no old version", async () => {
  const second = await startTestApp({ beside: app })
  const of = { brandCode: 'demo' }
  for (let round = 0; round < 3; round += 1) {
    const both = [app, second, app, second].map((on, at) =>
      limit('setLimit', { of, ...euros(`${at + 1}`), expectedVersion: '0' }, on),
    )
    const answers = await Promise.all(both)
    const set = answers.filter(({ userErrors }) => userErrors.length === 0)
    expect(set).toHaveLength(1)
    const version = set[0]?.limit?.version ?? ''
    expect(answers.filter(({ limit: found }) => !found)).toEqual(Array(3).fill(limitChanged(version)))
    await limit('removeLimit', { of, currency: 'EUR', expectedVersion: version })
    const anew = await limit('setLimit', { of, ...euros('7') })
    expect(await limit('setLimit', { of, ...euros('8'), expectedVersion: version }, second)).toEqual(
      limitChanged(anew.limit?.version ?? ''),
    )
    await limit('removeLimit', { of, currency: 'EUR' })
  }
  await second.close()
})
