import { type AuditResult, serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'

/** Apollo Server answers these with 400, also to clients that accept application/json only. */
const known: Readonly<Record<string, string>> = {
  '572B': 'a document that does not parse',
  FDE2: 'a document that is not valid',
  '7B9B': 'a variable of the wrong type',
}

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

const withToken: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers)
  headers.set('authorization', `Bearer ${pitboss.tokens.ADMIN}`)
  // Without it, a GET could come from any page that a browser shows.
  headers.set('apollo-require-preflight', 'true')
  return fetch(url, { ...init, headers })
}

const audits = serverAudits({ url: () => `${pitboss.url}/graphql`, fetchFn: withToken })

it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s: %s', async (id, _name, audit) => {
  const result: AuditResult = await audit.fn()
  const reason = 'reason' in result ? result.reason : ''
  expect([result.status, reason]).toEqual(id in known ? ['warn', expect.any(String)] : ['ok', ''])
})
