// The kit against what is hardly a wallet: silence, pages, errors without form.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { kitDialects } from '../../src/conformance/dialects/registry.ts'
import { runKit } from '../../src/conformance/kit.ts'
import { linesOf } from '../../src/conformance/report/text.ts'
import { checkWorld, worldOf } from '../../src/conformance/world.ts'
import { worldFile } from '../support/buggy-wallet-server.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function tryServer(listener: RequestListener, only: number): Promise<string> {
  const opened = createServer(listener)
  server = opened
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  const dialect = kitDialects.get('swipe')
  if (!dialect) throw new Error('swipe')
  const rows = await runKit({
    dialect,
    url: `http://127.0.0.1:${(opened.address() as AddressInfo).port}`,
    key: 'a secret',
    world: worldOf(checkWorld(worldFile), async () => {}),
    timeoutMs: 300,
    only: new Set([only]),
  })
  return rows.flatMap(linesOf).join('\n').replace(/ +/g, ' ')
}

/** Tells balances, and answers bets like this. */
const betting =
  (answer: RequestListener): RequestListener =>
  (request, response) =>
    request.method === 'GET' ? response.end('{"balance":"100.00"}') : answer(request, response)

describe('before anything is tried', () => {
  test.each([
    ['never answers', () => {}, /there is no answer from http:.*: no answer within 300 ms/],
    ['hangs up', (request) => request.socket.destroy(), /there is no answer from http:.*: /],
    [
      'is a page',
      (_, response) => response.end('<html>'),
      /players\.main cannot be asked: 200 \(the balance is not/,
    ],
    [
      'is not there',
      (_, response) => response.writeHead(404).end('{}'),
      /cannot be asked: 404 \(the error has no/,
    ],
    [
      'tells floats',
      (_, response) => response.end('{"balance":100.0}'),
      /not a decimal text that EUR can hold/,
    ],
  ] satisfies [string, RequestListener, RegExp][])(
    'a wallet that %s is refused',
    async (_, listener, complaint) => {
      await expect(tryServer(listener, 1)).rejects.toThrow(complaint)
    },
  )
})

const poor: RequestListener = (_, response) => response.end('{"balance":"0.50"}')

describe('a wallet whose bets', () => {
  test.each([
    ['are never answered', () => {}, 'expected 200\n came no answer within 300 ms'],
    ['are hung up on', (request) => request.socket.destroy(), 'expected 200\n came '],
    ['fail', (_, response) => response.writeHead(500).end('oops'), 'came 500: the error has no message'],
    ['tell no balance', (_, response) => response.end('{"txID":"7"}'), 'came 200: the balance is not'],
    [
      'tell another balance',
      (_, response) => response.end('{"balance":"99.01"}'),
      'expected 99.00 EUR\n came 99.01 EUR',
    ],
    [
      'move nothing',
      (_, response) => response.end('{"balance":"99.00"}'),
      'expected 99.00 EUR\n came 100.00 EUR',
    ],
  ] satisfies [string, RequestListener, string][])(
    '%s fails its row, and says so',
    async (_, answer, came) => {
      const text = await tryServer(betting(answer), 1)
      expect(text).toContain(' 1 FAIL bet then win')
      expect(text).toContain(came)
    },
  )

  test('are not answered in a volley fails the race', async () => {
    expect(
      await tryServer(
        betting(() => {}),
        23,
      ),
    ).toContain('came no answer within 300 ms')
  })

  test('need money that is not there is skipped, and says how much', async () => {
    expect(await tryServer(poor, 1)).toBe(
      ' 1 SKIP bet then win players.main has 0.50 EUR, and needs 1.00 EUR',
    )
  })
})
