import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GraphqlAnswer, startTestApp, type TestApp } from '../support/app.ts'
import { badInputs } from '../support/bad-inputs.ts'
import { type Verdict, transports } from '../support/transports.ts'

let pitboss: TestApp

beforeAll(async () => {
  pitboss = await startTestApp()
})
afterAll(() => pitboss?.close())

/** All of an answer but the ids of its errors and what it cost. */
const shape = ({ data, errors }: Verdict) => ({
  data,
  errors: errors.map(({ extensions: { errorId: _id, ...extensions }, ...rest }) => ({ ...rest, extensions })),
})

/** `CODE path field: message` of each error. */
const told = ({ errors }: Verdict): string[] =>
  errors.map(({ path = [], message, extensions: { code, field = '' } }) => {
    const where = [code, path.join('.'), String(field)].filter((part) => part !== '')
    return `${where.join(' ')}: ${message}`
  })

describe('what cannot be answered', () => {
  const lines: string[] = []

  it.each(badInputs)('is refused in the same words over HTTP and WebSocket: $says', async (input) => {
    const { says, query, variables } = input
    const answers = transports.map(([, ask]) => ask(pitboss, query, 'ADMIN', variables))
    const [http, socket] = await Promise.all(answers)
    if (!http || !socket) throw new Error('there are two transports')
    expect(shape(socket)).toEqual(shape(http))
    // Null, never an empty page that looks like an answer.
    expect(Object.values(http.data ?? {}).filter((value) => value !== null)).toEqual([])
    expect(http.errors).not.toEqual([])
    lines.push(says, ...told(http).map((line) => `  ${line}`))
  })

  it('is told by code, place and reason', async () => {
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('bad-input.golden.txt')
  })
})

it.each([
  '{ node(id: "garbage") { id } }',
  `{ node(id: "${Buffer.from('Player:x').toString('base64url')}") { id } }`,
  '{ node(id: "") { id } }',
  '{ bet(by: { byId: "garbage" }) { id } }',
])('an id of garbage is as unknown as one that nobody has: %s', async (query) => {
  for (const [, run] of transports) {
    const { data, errors } = await run(pitboss, query)
    expect(errors).toEqual([])
    expect(Object.values(data as object)).toEqual([null])
  }
})

const deposit = `mutation ($amount: Decimal!, $key: ID!) {
  recordDeposit(input: { idempotencyKey: $key, player: { byId: "x" }, amount: { amount: $amount, currency: "EUR" } }) {
    transaction { id }
    userErrors { code field }
  }
}`

it.each(['-1.00', '0', '-0.01'])('a deposit of %s is refused', async (amount) => {
  const { data, errors } = await pitboss.graphql<{ recordDeposit: object }>(deposit, {
    amount,
    key: `k${amount}`,
  })
  expect(errors).toBeUndefined()
  expect(data.recordDeposit).toMatchObject({
    transaction: null,
    userErrors: [{ field: ['amount', 'amount'] }],
  })
})

describe('a request over HTTP', () => {
  /** Says its length and begins: the server does not wait for the rest. */
  const announced = (bytes: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(pitboss.url)
      const socket = connect(Number(port), hostname)
      let answer = ''
      socket.on('data', (chunk) => void (answer += chunk.toString()))
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n` +
          `Authorization: Bearer ${pitboss.tokens.ADMIN}\r\nContent-Length: ${bytes}\r\n\r\n{"query":"`,
      )
    })

  it('of 10 MB is refused before it has come', async () => {
    const answer = await announced(10_485_760)
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 413 Payload Too Large')
    const { errors } = JSON.parse(answer.slice(answer.indexOf('{'))) as Pick<GraphqlAnswer, 'errors'>
    expect(errors).toMatchObject([
      {
        message: 'the request has 10485760 bytes; the limit is 262144',
        extensions: { code: 'LIMIT_EXCEEDED' },
      },
    ])
  })

  it('of 10 MB that says no length is cut off', async () => {
    async function* endless() {
      for (let sent = 0; sent < 160; sent += 1) yield new TextEncoder().encode('x'.repeat(65_536))
    }
    const asked = fetch(`${pitboss.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${pitboss.tokens.ADMIN}` },
      body: ReadableStream.from(endless()),
      duplex: 'half',
    })
    // Who sends on may find the connection closed before the answer is read.
    const status = await asked.then(
      (response) => response.status,
      () => 413,
    )
    expect(status).toBe(413)
  })

  it.each([
    [
      'nested 100000 deep',
      `{"query":"{ viewer { name } }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
    ['with variables that are no object', '{"query":"{ viewer { name } }","variables":[1]}'],
    ['that is a text', '"{ viewer { name } }"'],
    ['that is null', 'null'],
    ['that is no JSON', '{"query":'],
    ['with bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ])('%s is refused with 400', async (_says, body) => {
    const response = await fetch(`${pitboss.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${pitboss.tokens.ADMIN}` },
      body,
    })
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
    expect(response.status).toBe(400)
    expect(errors).toHaveLength(1)
    expect(['BAD_REQUEST', 'LIMIT_EXCEEDED']).toContain(errors[0]?.extensions.code)
  })
})
