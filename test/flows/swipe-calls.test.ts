import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonicalJson, signText } from '../../src/integrations/swipe/sign.ts'
import { addAccount, unknownToken } from '../support/provider-world.ts'
import { betFields, swipeClient, winFields } from '../support/swipe-client.ts'
import {
  expectCash,
  expectOk,
  expectRefusal,
  openSwipeScene,
  sharedSecret,
  type SwipeScene,
} from '../support/swipe-scene.ts'

let scene: SwipeScene

beforeAll(async () => {
  scene = await openSwipeScene()
})
afterAll(() => scene.app.close())

describe('the balance', () => {
  test('is told in main units, with an expired session too, and recorded', async () => {
    const session = await scene.player({ cashMinor: 1_234n, expired: true })
    const reply = await scene.balance(session.token)
    expect([reply.http, reply.text]).toEqual([200, '{"balance":"12.34"}'])
    const rows = await scene.app.database.sql`
      select operation, verdict, effect, signature, path, http_status as http from provider_calls
      where session_id = ${session.id}`
    expect([...rows]).toEqual([
      {
        operation: 'BALANCE',
        verdict: 'OK',
        effect: 'READ',
        signature: 'VALID',
        path: '/balance?sessionID=[redacted]',
        http: 200,
      },
    ])
  })

  test('of an unknown session is a 404, of none a 400', async () => {
    expectRefusal(await scene.balance(unknownToken()), 404, 'session_not_found')
    expectRefusal(await scene.get('/balance', 'session=x'), 400)
  })

  test('is not told to whoever signs another query', async () => {
    const { token } = await scene.player()
    for (const signature of [null, 'no', signText(canonicalJson({ sessionID: 'another' }), sharedSecret)]) {
      expectRefusal(await scene.balance(token, { signature }), 401)
    }
    const twice = `sessionID=${token}&sessionID=${token}`
    const signature = signText(canonicalJson({ sessionID: token }), sharedSecret)
    const response = await fetch(`${scene.app.url}/providers/${scene.world.accountCode}/balance?${twice}`, {
      headers: { 'X-REQUEST-SIGN': signature },
    })
    expect(response.status).toBe(401)
  })
})

describe('signatures (16)', () => {
  test('one changed byte is a 401 without effect', async () => {
    const session = await scene.player()
    const body = canonicalJson(betFields(session))
    const signature = signText(body, sharedSecret)
    for (const [text, given] of [
      [body.replace('1.00', '1.01'), signature],
      [body, signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
      [body, signText(body, 'another secret altogether')],
      [body, signature.slice(2)],
      [body, null],
    ] as const) {
      expectRefusal(await scene.post('/bet', text, { signature: given }), 401)
    }
    await expectCash(scene, session, 10_000n)
  })

  test('either of two secrets signs, while one is rotated', async () => {
    const session = await scene.player()
    const other = swipeClient(scene.app.url, scene.world.accountCode, 'another key')
    expectOk(await other.bet(betFields(session)), '99.00')
    expectOk(await scene.bet(betFields(session)), '98.00')
  })

  test('a body that a proxy has written anew is the one that was signed', async () => {
    const session = await scene.player()
    const bet = { ...betFields(session), stake: 100.5 }
    const signature = signText(canonicalJson(bet), sharedSecret)
    const rewritten = JSON.stringify(bet, null, 2).replace('100.5', '100.50')
    expectOk(await scene.post('/bet', rewritten, { signature }), '99.00')
    const doubled = rewritten.replace('{', '{ "amount": "5.00",')
    expectRefusal(await scene.post('/bet', doubled, { signature }), 401)
    await expectCash(scene, session, 9_900n)
  })

  test('an account without a secret that opens answers nobody, and the server lives on', async () => {
    const { sql } = scene.app.database
    const { accountId } = await addAccount(sql, {
      ...scene.world,
      code: 'sealed-elsewhere',
      publicKeys: [],
      dialect: 'swipe',
    })
    await sql`update provider_accounts set shared_secrets = array['\\x00'::bytea] where id = ${accountId}`
    const lost = swipeClient(scene.app.url, 'sealed-elsewhere', sharedSecret)
    expectRefusal(await lost.bet(betFields(await scene.player())), 401)
    expect(scene.app.logLines.filter((line) => line.includes('cannot be opened'))).toHaveLength(1)
  })
})

describe('what cannot be understood (17)', () => {
  const whole = betFields({ token: 'a-session-that-nobody-opened' })
  test.each([
    ['not JSON', '{"amount":', undefined],
    ['a list', '[]', undefined],
    ['a number as amount', canonicalJson({ ...whole, amount: 1 }), 'amount'],
    ['a negative amount', canonicalJson({ ...whole, amount: '-1' }), 'amount'],
    ['an amount with an exponent', canonicalJson({ ...whole, amount: '1e2' }), 'amount'],
    ['an amount with a leading zero', canonicalJson({ ...whole, amount: '01' }), 'amount'],
    ['another type', canonicalJson({ ...whole, type: 'gift' }), 'type'],
    ['no id', canonicalJson({ ...whole, txID: null }), 'txID'],
    ['no round', canonicalJson({ ...whole, roundID: '' }), 'roundID'],
    ['no session', canonicalJson({ ...whole, sessionID: null }), 'sessionID'],
  ])('%s is a 400 that names the field', async (_, text, field) => {
    const reply = await scene.post('/bet', text)
    expectRefusal(reply, 400)
    expect(reply.body['details']).toBe(field === undefined ? 'BAD_REQUEST' : `BAD_REQUEST: ${field}`)
  })

  test('an amount finer than the currency is a 400 without effect', async () => {
    const session = await scene.player()
    const reply = await scene.bet(betFields(session, { amount: '0.001' }))
    expectRefusal(reply, 400)
    expect(reply.body['details']).toBe('BAD_REQUEST: amount')
    await expectCash(scene, session, 10_000n)
  })

  test('paths and methods that the dialect has not are unknown', async () => {
    for (const path of ['/bets', '/balance', '/transaction/bet']) {
      expect((await scene.post(path, '{}')).http).toBe(404)
    }
    expect((await scene.get('/bet', '')).http).toBe(404)
  })
})

test('no stored call holds a session id, whatever it looks like and whatever became of the call', async () => {
  const token = 'the very own id of a session'
  const session = await scene.player({ token })
  const bet = betFields(session)
  await scene.bet(bet)
  await scene.win(winFields(bet, { amount: 'much' }))
  await scene.balance(token)
  expect((await scene.calls(bet.txID))[0]?.request).toContain('"sessionID":"[redacted]"')
  const rows = await scene.app.database.sql<{ all: string }[]>`
    select path || convert_from(request_body, 'UTF8') || convert_from(reply_body, 'UTF8') as all from provider_calls`
  expect(rows.length).toBeGreaterThan(2)
  for (const form of [token, encodeURIComponent(token), token.replaceAll(' ', '+')]) {
    expect(rows.filter(({ all }) => all.includes(form))).toEqual([])
  }
})

test('an account that is switched off, or without its database, may be asked again', async () => {
  const session = await scene.player()
  const { sql } = scene.app.database
  const off = { ...scene.world, code: 'off', publicKeys: [], dialect: 'swipe', status: 'DISABLED' as const }
  await addAccount(sql, { ...off, sharedSecrets: [sharedSecret] })
  expectRefusal(await swipeClient(scene.app.url, 'off', sharedSecret).balance(session.token), 500)
  const own = await openSwipeScene()
  try {
    const guest = await own.player()
    await own.bet(betFields(guest))
    await own.app.cutDatabase()
    expectRefusal(await own.bet(betFields(guest)), 500)
  } finally {
    await own.app.close()
  }
})
