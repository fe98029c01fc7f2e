// Whoever writes money is told by the database that its disk is full: reads go on, and an operator can see what waits.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

async function ready(): Promise<{ status: number; ready: boolean; checks: Record<string, string> }> {
  const answer = await fetch(`${pitboss.url}/readyz`)
  const body = (await answer.json()) as { ready: boolean; checks: Record<string, string> }
  return { status: answer.status, ...body }
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${pitboss.url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}

const register = `mutation { registerPlayer(input: { idempotencyKey: "r", brandCode: "demo",
  externalId: "p1", country: "AT", currency: "EUR" }) { userErrors { code } } }`

const deposit = `mutation { recordDeposit(input: { idempotencyKey: "d", amount: { amount: "5.00", currency: "EUR" },
  player: { byExternal: { brandCode: "demo", externalId: "p1" } } }) { userErrors { code } } }`

const full = `
  create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
  create trigger full_disk before insert on transactions for each statement execute function full_disk()`

const cash =
  '{ player(by: { byExternal: { brandCode: "demo", externalId: "p1" } }) { wallets { cash { amount } } } }'

test('while the disk is full the process stays ready, says that money waits, and how much for how long', async () => {
  await expect.poll(async () => (await ready()).status).toBe(200)
  expect((await pitboss.graphql(register)).data).toEqual({ registerPlayer: { userErrors: [] } })
  await pitboss.database.sql.unsafe(full)
  const refused = await pitboss.graphql(deposit)
  expect(refused.data).toEqual({ recordDeposit: { userErrors: [{ code: 'RETRY_LATER' }] } })

  await expect.poll(async () => (await ready()).checks['money'], { timeout: 15_000 }).toBe('degraded')
  expect(await ready()).toMatchObject({ status: 200, ready: true, checks: { database: 'ok', lanes: 'ok' } })
  expect(await metric('wallet_commands_waiting')).toBe(1)
  expect(await metric('wallet_oldest_command_seconds')).toBeGreaterThan(3)
  expect(await metric('wallet_batch_failures_total{reason="disk_full"}')).toBeGreaterThan(3)
  expect((await pitboss.graphql(cash)).data).toEqual({ player: { wallets: [{ cash: { amount: '0.00' } }] } })

  await pitboss.database.sql.unsafe('drop trigger full_disk on transactions')
  await expect.poll(async () => (await ready()).checks['money'], { timeout: 15_000 }).toBe('ok')
  expect(await metric('wallet_commands_waiting')).toBe(0)
  expect(await metric('wallet_oldest_command_seconds')).toBe(0)
  expect((await pitboss.graphql(cash)).data).toEqual({ player: { wallets: [{ cash: { amount: '5.00' } }] } })
})
