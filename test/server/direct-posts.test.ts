import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/app.ts'
import { betFields, generateKeys } from '../support/hub88-client.ts'
import { createWorld } from '../support/provider-world.ts'

let pitboss: TestApp
let folder: string

beforeAll(async () => {
  pitboss = await startTestApp()
  const { accountCode } = await createWorld(pitboss.database.sql, [generateKeys().publicKey])
  folder = `/providers/${accountCode}`
})
afterAll(() => pitboss?.close())

interface Answer {
  readonly status: number | undefined
  readonly headers: Record<string, unknown>
  readonly text: string
}

/** A POST; with a length it is a plain one, in pieces it is not. */
function post(path: string, body: string, how: 'plain' | 'in pieces', more = {}): Promise<Answer> {
  const length = how === 'plain' ? { 'content-length': Buffer.byteLength(body) } : {}
  const headers = { 'content-type': 'application/json', 'x-request-id': 'both-ways', ...length, ...more }
  return new Promise((resolve, reject) => {
    const sent = request(pitboss.url + path, { method: 'POST', headers }, (reply) => {
      let text = ''
      reply.on('data', (bytes: Buffer) => (text += bytes.toString()))
      reply.on('end', () => {
        // What the framework adds for browsers says nothing to anybody else, and theirs are not plain.
        const { date: _, 'access-control-expose-headers': __, ...rest } = reply.headers
        resolve({ status: reply.statusCode, headers: rest, text })
      })
    })
    sent.on('error', reject)
    for (const piece of how === 'plain' ? [body] : [body.slice(0, 10), body.slice(10)]) sent.write(piece)
    sent.end()
  })
}

const counted = async () => {
  const text = await (await fetch(`${pitboss.url}/metrics`)).text()
  const line = /^http_server_request_duration_seconds_count\{route="\/providers.*status="200"\} (\d+)$/m
  return Number(line.exec(text)?.[1] ?? 0)
}

test.each([
  ['of a known account', () => `${folder}/transaction/bet`, 200],
  ['of an unknown account', () => '/providers/nobody/transaction/bet', 404],
  ['of an unknown path', () => `${folder}/transaction/bat`, 404],
])('a plain call %s is answered as any other', async (_what, path, status) => {
  const body = JSON.stringify(betFields({ token: 'gt_none', user: 'nobody' }))
  const before = await counted()
  const plain = await post(path(), body, 'plain')
  expect(plain).toEqual(await post(path(), body, 'in pieces'))
  expect(plain.status).toBe(status)
  expect(plain.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': 'both-ways',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect((await counted()) - before).toBe(status === 200 ? 2 : 0)
})

test.each(['plain', 'in pieces'] as const)('a call that offers HTTP/2 is answered (%s)', async (how) => {
  const body = JSON.stringify(betFields({ token: 'gt_none', user: 'nobody' }))
  const offer = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQBAAAA',
  }
  const { status, text } = await post(`${folder}/transaction/bet`, body, how, offer)
  expect(status).toBe(200)
  expect(text).toContain('RS_ERROR_')
})

test('a call that is too large is refused by its length', async () => {
  const { status, text } = await post(`${folder}/transaction/bet`, 'x'.repeat(64 * 1024 + 1), 'plain')
  expect([status, text]).toEqual([413, '{"error":"TOO_LARGE"}'])
})
