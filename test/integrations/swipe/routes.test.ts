import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../src/domain/money/types.ts'
import type { Answer } from '../../../src/integrations/dialect.ts'
import { renderBalance, renderMovement } from '../../../src/integrations/swipe/render.ts'
import { canonicalJson, canonicalQuery, signText } from '../../../src/integrations/swipe/sign.ts'
import { swipe } from '../../../src/integrations/swipe/swipe.ts'
import { sha256 } from '../../../src/lib/fingerprint.ts'
import { openAccount, receivedCall } from '../../support/received-call.ts'

const later = '{"message":"Something went wrong, try again later","details":"RETRY_LATER"}'

test.each([
  ['GET', '/balance', 'BALANCE'],
  ['POST', '/bet', 'BET'],
  ['POST', '/win', 'WIN'],
  ['POST', '/refund', 'ROLLBACK'],
] as const)('%s %s is %s, by that method alone', (method, path, operation) => {
  const route = swipe.route(method, path)
  expect(route?.operation).toBe(operation)
  expect(route?.render({ verdict: 'RETRY_LATER' }, undefined)).toEqual({ status: 500, text: later })
  expect(route?.echoOf(receivedCall({ txID: 't1' }))).toBeUndefined()
  expect(swipe.route(method === 'GET' ? 'POST' : 'GET', path)).toBeUndefined()
  expect(swipe.route(method, `${path}/`)).toBeUndefined()
})

test('a route verifies what its method signs and parses its own request', () => {
  const account = openAccount({ secrets: ['secret'] })
  const text = canonicalJson({ sessionID: 's', txID: 't1', amount: '1', roundID: 'r', type: 'regular' })
  const bet = receivedCall(text, { headers: { 'x-request-sign': signText(text, 'secret') } })
  expect(swipe.route('POST', '/bet')?.verify(bet, account)).toBe('VALID')
  expect(swipe.route('POST', '/bet')?.parse(bet, account)).toMatchObject({
    transactionKey: 't1',
    operation: { kind: 'OF_SESSION', tokenHash: sha256('s') },
  })
  const query = 'sessionID=s'
  const headers = { 'x-request-sign': signText(canonicalQuery(query), 'secret') }
  const balance = receivedCall('', { method: 'GET', query, headers })
  expect(swipe.route('GET', '/balance')?.verify(balance, account)).toBe('VALID')
  expect(swipe.route('GET', '/balance')?.parse(balance, account).operation).toEqual({
    kind: 'BALANCE',
    tokenHash: sha256('s'),
  })
})

test('the dialect keeps these headers, counts every currency and is verified with secrets', () => {
  expect(swipe).toMatchObject({
    name: 'swipe',
    headers: ['content-type', 'user-agent'],
    signatureHeaders: ['x-request-sign'],
    verifiesWith: 'SHARED_SECRET',
  })
  expect(['JPY', 'EUR', 'BTC', '???'].map(swipe.canCount)).toEqual([true, true, true, false])
  expect(['', 'x'].map(swipe.canVerify)).toEqual([false, true])
})

const told = { balanceMinor: 1_050n, currency: 'EUR', transactionId: 'ours' }

const messages: Readonly<Partial<Record<Verdict, readonly [number, object]>>> = {
  FUNDS: [400, { message: 'The balance is too low', code: 'insufficient_funds' }],
  LIMIT: [400, { message: 'A betting limit has been reached', code: 'bet_limit' }],
  PLAYER_BLOCKED: [400, { message: 'The account is blocked', code: 'account_blocked' }],
  PLAYER_UNKNOWN: [404, { message: 'There is no such session', code: 'session_not_found' }],
  SESSION_INVALID: [404, { message: 'There is no such session', code: 'session_not_found' }],
  SESSION_EXPIRED: [400, { message: 'The session is over', code: 'session_expired', action: 'refresh' }],
  CURRENCY: [400, { message: 'The currency is not supported', code: 'currency_not_supported' }],
  GAME: [400, { message: 'The game is not available', code: 'game_not_found' }],
  DUPLICATE_CONFLICT: [400, { message: 'The request cannot be accepted' }],
  BAD_SIGNATURE: [401, { message: 'The signature is wrong' }],
  BAD_REQUEST: [400, { message: 'The request cannot be accepted' }],
  RETRY_LATER: [500, { message: 'Something went wrong, try again later' }],
}

describe.each(Object.entries(messages))('%s', (name, [status, body]) => {
  const verdict = name as Verdict
  test('is this text to a bet and to a balance, even when the balance is known', () => {
    const reply = { status, text: JSON.stringify({ ...body, details: verdict }) }
    expect(renderMovement('BET', { ...told, verdict })).toEqual(reply)
    expect(renderBalance({ ...told, verdict })).toEqual(reply)
  })
})

test('a replay of nothing may be asked again', () => {
  const text = later.replace('RETRY_LATER', 'REPLAY')
  expect(renderMovement('BET', { ...told, verdict: 'REPLAY' })).toEqual({ status: 500, text })
})

const loss = { level: 'PLAYER', kind: 'LOSS' } as const

test('only a bet that reaches a limit is told that it is one on losses', () => {
  expect(renderMovement('BET', { verdict: 'LIMIT', limit: loss })).toEqual({
    status: 400,
    text: '{"message":"A loss limit has been reached","code":"loss_limit","details":"LIMIT"}',
  })
  expect(renderMovement('BET', { verdict: 'FUNDS', limit: loss }).text).toBe(
    '{"message":"The balance is too low","code":"insufficient_funds","details":"FUNDS"}',
  )
  for (const movement of ['WIN', 'ROLLBACK'] as const) {
    expect(renderMovement(movement, { verdict: 'LIMIT', limit: loss })).toEqual({
      status: 500,
      text: later.replace('RETRY_LATER', 'LIMIT'),
    })
  }
})

test.each([
  ['EUR', 0n, '0.00'],
  ['EUR', -5n, '-0.05'],
  ['JPY', 1_050n, '1050'],
  ['BTC', 1n, '0.00000001'],
  ['EUR', 10n ** 18n + 1n, '10000000000000000.01'],
])('a balance in %s of %s is "%s"', (currency, balanceMinor, balance) => {
  const answer: Answer = { verdict: 'OK', currency, balanceMinor }
  expect(renderBalance(answer)).toEqual({ status: 200, text: `{"balance":"${balance}"}` })
})

test.each([{ balanceMinor: 5n }, { currency: 'EUR' }, { balanceMinor: 5n, currency: '???' }, {}])(
  'with no more than %o a balance is not known, and a bet is still carried out',
  (known) => {
    const text = later.replace('RETRY_LATER', 'OK')
    expect(renderBalance({ verdict: 'OK', ...known })).toEqual({ status: 500, text })
    expect(renderMovement('BET', { verdict: 'OK', ...known }).text).toBe('{"balance":"0","txID":""}')
  },
)

test('what cannot be signed says why', () => {
  expect(() => canonicalJson(1n)).toThrow('a value is not one of JSON')
  expect(() => canonicalQuery('a=1&a=2')).toThrow('a parameter stands twice')
})
