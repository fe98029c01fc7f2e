// Two operators who look at the same thing and change it: the second is told that it has changed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { globalId } from '../../src/lib/global-id.ts'
import { uuidv7 } from '../../src/lib/uuid.ts'
import { seedOperator, startTestApp, type TestApp } from '../support/app.ts'
import { type MoneySeat, type MoneyWorld, openMoneyWorld, type Process } from '../support/money-world.ts'

let app: TestApp
let world: MoneyWorld
let process: Process
let tokens: string[]
beforeAll(async () => {
  app = await startTestApp()
  world = await openMoneyWorld(app.database)
  process = world.process()
  const brandIds = (await world.sql<{ id: string }[]>`select id from brands`).map(({ id }) => id)
  const operators = [0, 1].map(() => seedOperator(world.sql, 'GAME_OPS', brandIds))
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
