import { once } from 'node:events'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { post, startTestApp, type TestApp } from '../support/app.ts'
import { openCuttingProxy } from '../support/cutting-proxy.ts'
import { createTestDatabase } from '../support/database.ts'
import { startServerProcess } from '../support/server-process.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

/** How a socket is closed that comes with this token. */
async function closeOf(url: string, token: string): Promise<{ code: number; reason: string }> {
  const socket = new WebSocket(`${url}/graphql`, GRAPHQL_TRANSPORT_WS_PROTOCOL)
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } }))
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return { code, reason: reason.toString() }
}

test('who comes while the database is away is told to try again, not that we are at fault', async () => {
  const proxy = await openCuttingProxy(pitboss.database.target)
  const server = await startServerProcess(proxy.target)
  await proxy.close()
  const answer = await post(server.url, { query: '{ viewer { role } }' }, pitboss.tokens.ADMIN)
  const ready = await fetch(`${server.url}/readyz`)
  const closed = await closeOf(server.url.replace('http', 'ws'), pitboss.tokens.SUPPORT)
  await server.stop()
  expect({ status: answer.status, ready: ready.status }).toEqual({ status: 503, ready: 503 })
  // 4500, as for a fault of ours, clients take as the end.
  expect(closed).toMatchObject({
    code: 1013,
    reason: expect.stringMatching(/^the database is not reachable; try/),
  })
  expect(answer.errors).toMatchObject([
    { message: 'the database is not reachable; try again', extensions: { code: 'UNAVAILABLE' } },
  ])
})

test('a process on a database that cannot be written, such as a standby, is not ready', async () => {
  const database = await createTestDatabase()
  const [row] = await database.sql`select current_database() as name`
  await database.sql.unsafe(
    `alter database "${String(row?.['name'])}" set default_transaction_read_only = on`,
  )
  const server = await startServerProcess(database.target)
  const ready = await fetch(`${server.url}/readyz`)
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({
    status: 503,
    body: { checks: { database: 'failing', lanes: 'failing', schema: 'ok' } },
  })
  expect(server.said.join('')).toContain('the database is read-only: is it a standby?')
  await server.stop()
  await database.drop()
})
