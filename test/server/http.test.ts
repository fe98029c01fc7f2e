import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiToken } from '../../src/domain/operators/token.ts'
import { type GraphqlError, post, seedToken, startTestApp, type TestApp } from '../support/app.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp({ config: { corsOrigins: ['https://office.example.com'] } })
})
afterAll(() => pitboss?.close())

const whoAmI = '{ viewer { name role brands { code } } }'
const shape = (errors: readonly GraphqlError[] | undefined) =>
  errors?.map(({ path, message, extensions }) => ({ path, message, code: extensions.code }))

describe('a caller', () => {
  it('with a token is told who it is', async () => {
    const answer = await pitboss.graphql(whoAmI, {}, 'SUPPORT')
    expect(answer.errors).toBeUndefined()
    expect(answer.data).toEqual({
      viewer: { name: 'Test SUPPORT', role: 'SUPPORT', brands: [{ code: 'demo' }] },
    })
    expect(answer.status).toBe(200)
  })

  it('without a token gets 401 as a GraphQL answer', async () => {
    const answer = await post(pitboss.url, { query: whoAmI })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="pitboss"')
    expect(answer.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
    expect(shape(answer.errors)).toEqual([{ code: 'UNAUTHENTICATED', message: 'a bearer token is needed' }])
    expect(answer.errors?.[0]?.extensions.errorId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('with an unknown, an ended, a revoked or a mistyped token gets the same 401', async () => {
    const { sql } = pitboss.database
    const { operatorId } = pitboss.operators.ADMIN
    const ended = await seedToken(sql, operatorId, { expiresAt: new Date(Date.now() - 1000) })
    const revoked = await seedToken(sql, operatorId)
    await sql`update api_tokens set revoked_at = now() where id = ${revoked.tokenId}`
    const tokens = [apiToken(), ended.token, revoked.token, `${pitboss.tokens.ADMIN}x`, 'pb_', 'Bearer']
    const answers = await Promise.all(tokens.map((token) => post(pitboss.url, { query: whoAmI }, token)))
    expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 401))
    const messages = answers.map(({ errors }) => errors?.[0]?.message)
    expect(new Set(messages)).toEqual(new Set(['the token is unknown, expired or revoked']))
  })

  it('of a disabled operator gets 401', async () => {
    const { sql } = pitboss.database
    const { operatorId } = pitboss.operators.ANALYST
    const { token } = await seedToken(sql, operatorId)
    await sql`update operators set status = 'DISABLED' where id = ${operatorId}`
    const answer = await post(pitboss.url, { query: whoAmI }, token)
    await sql`update operators set status = 'ACTIVE' where id = ${operatorId}`
    expect(answer.status).toBe(401)
  })

  it('who may not read a field gets null there, FORBIDDEN at its path, and the rest', async () => {
    const answer = await pitboss.graphql('{ operators { name } viewer { role } }', {}, 'SUPPORT')
    expect(answer.status).toBe(200)
    expect(answer.data).toEqual({ operators: null, viewer: { role: 'SUPPORT' } })
    expect(shape(answer.errors)).toEqual([
      { path: ['operators'], code: 'FORBIDDEN', message: 'this needs the permission OPERATORS_MANAGE' },
    ])
  })

  it('whose token is limited has no more than the limit', async () => {
    const { operatorId } = pitboss.operators.ADMIN
    const permissions = ['PLAYERS_READ', 'NO_SUCH_THING']
    const { token } = await seedToken(pitboss.database.sql, operatorId, { permissions })
    const answer = await pitboss.graphql('{ viewer { permissions } }', {}, { token })
    expect(answer.data).toEqual({ viewer: { permissions: ['PLAYERS_READ'] } })
  })
})

const ask = (id: string) => post(pitboss.url, { query: whoAmI }, pitboss.tokens.ADMIN, { 'x-request-id': id })

const preflight = (origin: string) =>
  fetch(`${pitboss.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })

describe('a request', () => {
  it('keeps its X-Request-Id when it can stand in a log, and gets one otherwise', async () => {
    expect((await ask('desk-7.a:1')).headers.get('x-request-id')).toBe('desk-7.a:1')
    for (const bad of ['with space', 'x'.repeat(65), '<script>']) {
      expect((await ask(bad)).headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
    }
  })

  it('from a listed origin is allowed by CORS, from another is not', async () => {
    const good = await preflight('https://office.example.com')
    expect(good.status).toBe(204)
    expect(good.headers.get('access-control-allow-origin')).toBe('https://office.example.com')
    const bad = await preflight('https://evil.example.com')
    expect(bad.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('that is too large gets 413', async () => {
    const query = `{ viewer { name } } # ${'x'.repeat(300_000)}`
    const answer = await pitboss.graphql(query)
    expect(answer.status).toBe(413)
    const message = 'the request has 300034 bytes; the limit is 262144'
    expect(shape(answer.errors)).toEqual([{ code: 'LIMIT_EXCEEDED', message }])
  })

  it('that is no JSON gets 400', async () => {
    const response = await fetch(`${pitboss.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${pitboss.tokens.ADMIN}` },
      body: '{"query":',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  it('that is a batch gets 400', async () => {
    const answer = await post(pitboss.url, [{ query: whoAmI }, { query: whoAmI }], pitboss.tokens.ADMIN)
    expect(answer.status).toBe(400)
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
  })

  it('that a foreign page could send without asking is refused', async () => {
    const response = await fetch(`${pitboss.url}/graphql?query=${encodeURIComponent(whoAmI)}`, {
      headers: { authorization: `Bearer ${pitboss.tokens.ADMIN}` },
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  it('for a subscription gets 400 and the address of the socket', async () => {
    const answer = await pitboss.graphql('subscription { betEvents { cursor } }')
    expect(answer.status).toBe(400)
    expect(shape(answer.errors)).toEqual([
      {
        code: 'BAD_REQUEST',
        message: `subscriptions run over WebSocket (graphql-transport-ws) at ${pitboss.wsUrl}`,
      },
    ])
  })

  it('to nowhere gets 404 as a GraphQL answer', async () => {
    const response = await fetch(`${pitboss.url}/nowhere`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })
})

describe('the log', () => {
  it('holds no token, whatever a caller puts where', async () => {
    const { token } = await seedToken(pitboss.database.sql, pitboss.operators.ADMIN.operatorId)
    await post(pitboss.url, { query: `{ ${token} }` }, token)
    await fetch(`${pitboss.url}/${token}`, { headers: { authorization: `Bearer ${token}` } })
    expect(pitboss.logLines.join('')).not.toContain(token)
  })
})
