import { afterAll, beforeAll, expect, test } from 'vitest'
import { post, startTestApp, type TestApp } from '../support/app.ts'
import { openCuttingProxy } from '../support/cutting-proxy.ts'
import { startServerProcess } from '../support/server-process.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

test('who comes while the database is away is told to try again, not that we are at fault', async () => {
  const proxy = await openCuttingProxy(pitboss.database.target)
  const server = await startServerProcess(proxy.target)
  await proxy.close()
  const answer = await post(server.url, { query: '{ viewer { role } }' }, pitboss.tokens.ADMIN)
  const ready = await fetch(`${server.url}/readyz`)
  await server.stop()
  expect({ status: answer.status, ready: ready.status }).toEqual({ status: 503, ready: 503 })
  expect(answer.errors).toMatchObject([
    { message: 'the database is not reachable; try again', extensions: { code: 'UNAVAILABLE' } },
  ])
})
