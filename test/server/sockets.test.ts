import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { revokeToken } from '../../src/domain/operators/revoke-token.ts'
import { systemContext } from '../../src/app.ts'
import { apiToken } from '../../src/domain/operators/token.ts'
import { seedToken, startTestApp, type TestApp } from '../support/app.ts'
import { tinySchema } from '../support/tiny-schema.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp({ config: { corsOrigins: ['https://office.example.com'] } })
})
afterAll(() => pitboss?.close())

interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

/** A socket without a client library: what is on the wire. */
class Wire {
  readonly socket: WebSocket
  readonly messages: Message[] = []
  readonly closed: Promise<{ code: number; reason: string }>

  constructor(url: string, options: { protocol?: string; origin?: string } = {}) {
    this.socket = new WebSocket(url, options.protocol ?? 'graphql-transport-ws', {
      ...(options.origin !== undefined && { origin: options.origin }),
    })
    this.socket.on('message', (data) =>
      this.messages.push(JSON.parse((data as Buffer).toString()) as Message),
    )
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({
      code: code as number,
      reason: String(reason),
    }))
  }

  async init(payload?: object): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open')
    this.send({ type: 'connection_init', payload })
    return this
  }

  async acknowledged(token: string): Promise<this> {
    await this.init({ Authorization: `Bearer ${token}` })
    await expect.poll(() => this.messages[0]?.type).toBe('connection_ack')
    return this
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  subscribe(id: string, query: string): void {
    this.send({ id, type: 'subscribe', payload: { query } })
  }
}

const wire = (token: string, app: TestApp = pitboss) => new Wire(app.wsUrl).acknowledged(token)
const freshToken = (limits = {}) =>
  seedToken(pitboss.database.sql, pitboss.operators.SUPPORT.operatorId, limits)
const feed = 'subscription { betEvents { cursor } }'

describe('a socket', () => {
  it('runs queries of a caller whose Authorization is written in any letter case', async () => {
    for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
      const one = await new Wire(pitboss.wsUrl).init({ [name]: `bearer ${pitboss.tokens.FRAUD_ANALYST}` })
      await expect.poll(() => one.messages[0]?.type).toBe('connection_ack')
      one.subscribe('1', '{ viewer { role } }')
      await expect
        .poll(() => one.messages.slice(1))
        .toMatchObject([
          { id: '1', type: 'next', payload: { data: { viewer: { role: 'FRAUD_ANALYST' } } } },
          { id: '1', type: 'complete' },
        ])
      one.socket.close()
    }
  })

  it('without a valid token is closed with 4401, which clients do not retry', async () => {
    const closes = await Promise.all(
      [undefined, {}, { Authorization: `Bearer ${apiToken()}` }, { Authorization: 7 }].map(
        async (payload) => (await new Wire(pitboss.wsUrl).init(payload)).closed,
      ),
    )
    expect(closes.map(({ code }) => code)).toEqual([4401, 4401, 4401, 4401])
    expect(closes.map(({ reason }) => reason)).toEqual([
      'a bearer token is needed',
      'a bearer token is needed',
      'the token is unknown, expired or revoked',
      'a bearer token is needed',
    ])
  })

  it('that asks before it was accepted is closed with 4401', async () => {
    const one = new Wire(pitboss.wsUrl)
    await once(one.socket, 'open')
    one.subscribe('1', '{ viewer { role } }')
    expect((await one.closed).code).toBe(4401)
  })

  it('of a foreign page is refused at the upgrade; of a listed origin or our own it is taken', async () => {
    const statusFor = async (origin: string) => {
      const one = new Wire(pitboss.wsUrl, { origin })
      one.closed.catch(() => undefined)
      return Promise.race([
        once(one.socket, 'unexpected-response').then(
          ([, response]) => (response as { statusCode: number }).statusCode,
        ),
        once(one.socket, 'open').then(() => 101),
      ])
    }
    expect(await statusFor('https://evil.example.com')).toBe(403)
    expect(await statusFor('https://office.example.com')).toBe(101)
    expect(await statusFor(pitboss.url)).toBe(101)
  })

  it('that sends more than 64 KiB in a message is closed with 1009', async () => {
    const one = await wire(pitboss.tokens.ADMIN)
    one.subscribe('1', `{ viewer { name } } # ${'x'.repeat(70_000)}`)
    expect((await one.closed).code).toBe(1009)
  })

  it('runs a hundred operations at a time and refuses one more', async () => {
    const one = await wire(pitboss.tokens.ADMIN)
    for (let n = 1; n <= 101; n += 1) one.subscribe(String(n), feed)
    await expect
      .poll(() => one.messages.filter(({ type }) => type === 'error'))
      .toMatchObject([
        { id: '101', payload: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'operations', most: 100 } }] },
      ])
    one.socket.close()
  })

  it('with a denied field gets null, FORBIDDEN at its path, and the rest', async () => {
    const one = await wire(pitboss.tokens.SUPPORT)
    one.subscribe('1', '{ operators { name } viewer { role } }')
    await expect
      .poll(() => one.messages[1])
      .toMatchObject({
        payload: {
          data: { operators: null, viewer: { role: 'SUPPORT' } },
          errors: [{ path: ['operators'], extensions: { code: 'FORBIDDEN' } }],
        },
      })
    one.socket.close()
  })
})

describe('the end of a token', () => {
  it('closes its sockets with 4403 when it expires', async () => {
    const expiresAt = new Date(Date.now() + 1200)
    const { token } = await freshToken({ expiresAt })
    const one = await wire(token)
    one.subscribe('1', feed)
    const { code, reason } = await one.closed
    expect([code, reason]).toEqual([4403, 'the token has expired'])
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime())
  })

  it('closes its sockets on every process once it is revoked, and no others', async () => {
    const second = await startTestApp({ beside: pitboss })
    const { token, tokenId } = await freshToken()
    const doomed = await Promise.all([wire(token), wire(token, second)])
    const other = await wire(pitboss.tokens.SUPPORT, second)
    await revokeToken(systemContext(pitboss.app.services), tokenId)
    const ends = await Promise.all(doomed.map(({ closed }) => closed))
    expect(ends.map(({ code }) => code)).toEqual([4403, 4403])
    await expect.poll(async () => (await second.graphql('{ __typename }', {}, { token })).status).toBe(401)
    expect(other.socket.readyState).toBe(WebSocket.OPEN)
    await second.close()
  })

  it('is noticed without the journal: a disabled operator, a change of brands', async () => {
    const { sql } = pitboss.database
    const { operatorId } = pitboss.operators.ANALYST
    const disabled = await wire(pitboss.tokens.ANALYST)
    await sql`update operators set status = 'DISABLED' where id = ${operatorId}`
    expect(await disabled.closed).toMatchObject({ code: 4403, reason: 'the token has ended' })
    await sql`update operators set status = 'ACTIVE' where id = ${operatorId}`

    const moved = await wire(pitboss.tokens.AUDITOR)
    await sql`delete from operator_brands where operator_id = ${pitboss.operators.AUDITOR.operatorId}`
    expect(await moved.closed).toMatchObject({ code: 4403, reason: 'the rights of the token have changed' })
  })
})

describe('the end of a process', () => {
  it('closes its sockets with 1001, answers what is under way, and refuses what is new', async () => {
    const asked = Promise.withResolvers<undefined>()
    const answer = Promise.withResolvers<string>()
    const slow = () => {
      asked.resolve(undefined)
      return answer.promise
    }
    const schema = tinySchema('type Query { slow: String @public }', { Query: { slow } })
    const second = await startTestApp({ beside: pitboss, schema })
    const one = await wire(pitboss.tokens.ADMIN, second)
    const underWay = second.graphql('{ slow }')
    await asked.promise
    const closing = second.app.close()
    expect(await one.closed).toMatchObject({ code: 1001, reason: 'the server is shutting down' })
    await expect(fetch(`${second.url}/livez`)).rejects.toThrow('fetch failed')
    answer.resolve('done')
    expect(await underWay).toMatchObject({ status: 200, data: { slow: 'done' } })
    await closing
  })
})
