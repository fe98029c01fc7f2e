import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OutboundBet } from '../../../src/domain/money/engine.ts'
import type { OpenAccount } from '../../../src/domain/providers/types.ts'
import { type EngineClient, openEngineClient } from '../../../src/integrations/engine/client.ts'
import { signatureHeader, signReply } from '../../../src/integrations/engine/sign.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'

const bet: OutboundBet = {
  id: '01933ff0-0000-7000-8000-000000000001',
  playerExternalId: 'p-1',
  sessionId: '01933ff0-0000-7000-8000-000000000002',
  gameCode: 'reels',
  currency: 'EUR',
  stakeMinor: 150n,
  placedAt: new Date('2026-01-02T03:04:05.000Z'),
}

const unheard = JSON.stringify({ betId: bet.id, status: 'UNKNOWN' })

let server: Server
let client: EngineClient
let engineUrl: string
let answer: (request: IncomingMessage, response: ServerResponse) => void
const asked: string[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  engineUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rules = { allowHttp: false, allowPrivate: false, timeoutMs: 300 }
  client = openEngineClient({ ...rules, clock: systemClock, log: silentLog })
})
afterAll(() => {
  client.close()
  server.closeAllConnections()
  server.close()
})

const account = (change: Partial<OpenAccount> = {}) =>
  ({
    id: 'a',
    brandId: 'b',
    code: 'demo-engine',
    secrets: ['new', 'old'],
    engineUrl,
    ...change,
  }) as OpenAccount

const signed = (secret: string, body: string, status = 200, requestSignature?: string) => {
  answer = (request, response) => {
    const of = requestSignature ?? String(request.headers[signatureHeader])
    const signature = signReply(secret, { requestSignature: of, status, body: Buffer.from(body) })
    response.writeHead(status, { [signatureHeader]: signature }).end(body)
  }
}

const fateOf = async () => (await client.ask(account(), bet)).fate

it('a reply that is signed with either secret counts', async () => {
  for (const secret of ['new', 'old']) {
    signed(secret, unheard)
    expect(await fateOf()).toEqual({ kind: 'UNHEARD' })
  }
})

it('the three calls have paths of their own, below that of the account', async () => {
  signed('new', unheard)
  asked.length = 0
  const below = account({ engineUrl: `${engineUrl}/games/v1/` })
  await client.play(below, bet)
  await client.ask(below, bet)
  await client.cancel(below, bet)
  expect(asked).toEqual([
    'POST /games/v1/bets',
    `GET /games/v1/bets/${bet.id}`,
    `POST /games/v1/bets/${bet.id}/cancel`,
  ])
})

it('a reply with another signature, none, or that of another request does not count', async () => {
  const bad = { kind: 'UNKNOWN', why: 'BAD_SIGNATURE' }
  signed('another', unheard)
  expect(await fateOf()).toEqual(bad)
  signed('new', unheard, 200, 'f'.repeat(64))
  expect(await fateOf()).toEqual(bad)
  answer = (_, response) => void response.end(unheard)
  expect(await client.ask(account(), bet)).toMatchObject({ fate: bad, exchange: { signature: 'MISSING' } })
})

it('a signed reply that is not understood does not count', async () => {
  signed('new', 'gibberish')
  expect(await fateOf()).toEqual({ kind: 'UNKNOWN', why: 'BAD_REPLY' })
})

const silence = { kind: 'UNKNOWN', why: 'NO_ANSWER' }

it('a redirect is not followed', async () => {
  asked.length = 0
  answer = (_, response) => void response.writeHead(307, { location: `${engineUrl}/elsewhere` }).end()
  expect(await fateOf()).toEqual(silence)
  expect(asked).toEqual([`GET /bets/${bet.id}`])
})

it('another status than 200 does not count, however well it is signed', async () => {
  signed('new', unheard, 500)
  expect(await fateOf()).toEqual(silence)
})

it('a reply that is too long, or does not end in time, is given up', async () => {
  answer = (_, response) => void response.end('x'.repeat(70_000))
  expect(await client.ask(account(), bet)).toMatchObject({ fate: silence, exchange: { httpStatus: 0 } })
  answer = (_, response) => void response.write('{')
  expect(await fateOf()).toEqual(silence)
})

it('an engine that is not there is no answer, and neither is one that may not be called', async () => {
  const gone = account({ engineUrl: 'http://127.0.0.1:1' })
  expect((await client.play(gone, bet)).fate).toEqual(silence)
  const inside = account({ engineUrl: 'https://10.0.0.1' })
  const told = await client.play(inside, bet)
  expect(told).toMatchObject({ fate: silence, exchange: { httpStatus: 0, signature: 'UNCHECKED' } })
})

it('the request says the bet in whole units, and no secret stands in what is kept of it', async () => {
  signed('new', unheard)
  const { exchange } = await client.play(account(), bet)
  expect(JSON.parse(exchange.requestBody.toString())).toEqual({
    betId: bet.id,
    account: 'demo-engine',
    player: 'p-1',
    session: bet.sessionId,
    game: 'reels',
    currency: 'EUR',
    stakeMinor: '150',
    placedAt: '2026-01-02T03:04:05.000Z',
  })
  expect(Object.keys(exchange.requestHeaders)).toEqual(['x-pitboss-timestamp'])
})
