import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${pitboss.url}${path}`, { headers })

it('a running process is live and ready', async () => {
  expect((await get('/livez')).status).toBe(200)
  await expect.poll(async () => (await get('/readyz')).status).toBe(200)
  expect(await (await get('/readyz')).json()).toEqual({
    ready: true,
    checks: { database: 'ok', schema: 'ok', partitions: 'ok', lanes: 'ok', money: 'ok', draining: 'ok' },
  })
})

it('a process whose database lacks a migration is not ready', async () => {
  const { sql } = pitboss.database
  const [last] = await sql<{ name: string; digest: string; applied_at: Date }[]>`
    delete from pitboss_migrations where name = (select max(name) from pitboss_migrations) returning *`
  const answer = await get('/readyz')
  await sql`insert into pitboss_migrations ${sql(last ?? {})}`
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ ready: false, checks: { database: 'ok', schema: 'failing' } })
})

it('metrics are told to callers on this machine, not to those behind a proxy', async () => {
  await pitboss.graphql('{ viewer { name } }')
  const text = await (await get('/metrics')).text()
  expect(text).toContain('graphql_operation_duration_seconds_count{type="query",outcome="ok"} 1\n')
  expect(text).toContain('ws_sockets 0\n')
  expect(text).toContain(
    'http_server_request_duration_seconds_count{route="/graphql",method="POST",status="200"} 1',
  )
  expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404)
})

it('metrics tell how far the figures are behind', async () => {
  // Until the first pass of the fold it is +Inf.
  await expect.poll(() => reading('figures_lag_seconds'), { timeout: 20_000 }).toBeLessThan(3600)
  expect(await reading('figures_events_behind')).toBe(0)
})

const reading = async (name: string): Promise<number> => {
  const text = await (await get('/metrics')).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
}

it('metrics with a port of their own are answered there and not on the main one', async () => {
  const second = await startTestApp({ beside: pitboss, config: { metrics: { host: '127.0.0.1', port: 0 } } })
  expect((await fetch(`${second.url}/metrics`)).status).toBe(404)
  expect((await fetch(`${second.app.metricsUrl}/metrics`)).status).toBe(200)
  await second.close()
})
