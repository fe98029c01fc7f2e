import { expect, test } from 'vitest'
import type { ReceivedCall } from '../../../src/domain/providers/call-row.ts'
import type { OpenAccount } from '../../../src/domain/providers/types.ts'
import { signText } from '../../../src/integrations/swipe/sign.ts'
import { verifyBody, verifyQuery } from '../../../src/integrations/swipe/verify.ts'

const secret = 'the secret that is shared'
const account = (...secrets: string[]) => ({ secrets }) as unknown as OpenAccount
const call = (body: string | Buffer, signature?: string, query = '') =>
  ({
    headers: signature === undefined ? {} : { 'x-request-sign': signature },
    body: Buffer.from(body),
    query,
  }) as unknown as ReceivedCall

const canonical = '{"amount":"1.00","stake":100.5}'
const signature = signText(canonical, secret)
const verify = (body: string | Buffer, given: string | undefined = signature) =>
  verifyBody(call(body, given), account(secret))

test('the bytes as they were signed, and what a proxy makes of them, are valid', () => {
  expect(verify(canonical)).toBe('VALID')
  for (const text of [
    '{"stake":100.50,"amount":"1.00"}',
    ' {\n"amount" : "1.00", "stake": 1.005e2 }',
    '{"amount":"1.0\\u0030","stake":100.5}',
  ]) {
    expect([text, verify(text)]).toEqual([text, 'VALID'])
  }
})

test('bytes that are signed need not be JSON: what they say is for others to judge', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x7b])
  expect(verify(bytes, signText(bytes, secret))).toBe('VALID')
})

test('whatever else it says, and whatever can be read in two ways, is not valid', () => {
  for (const text of [
    '{"amount":"1.01","stake":100.5}',
    '{"amount":"1.00","stake":100.51}',
    '{"amount":"1.00","stake":"100.5"}',
    '{"amount":1.00,"stake":100.5}',
    '{"amount":"9.99","amount":"1.00","stake":100.5}',
    `${canonical}{}`,
    '',
    'null',
    Buffer.concat([Buffer.from(canonical), Buffer.from([0xff])]),
  ]) {
    expect([text, verify(text)]).toEqual([text, 'INVALID'])
  }
})

test('any of the secrets signs, and none when there is none', () => {
  const signed = call(canonical, signature)
  expect(verifyBody(signed, account('another', secret))).toBe('VALID')
  expect(verifyBody(signed, account('another'))).toBe('INVALID')
  expect(verifyBody(signed, account())).toBe('INVALID')
})

test('a signature is 64 hexadecimal digits, in either case', () => {
  expect(verify(canonical, signature.toUpperCase())).toBe('VALID')
  expect(verifyBody(call(canonical), account(secret))).toBe('MISSING')
  for (const text of ['', signature.slice(1), `${signature}0`, ` ${signature}`, 'g'.repeat(64)]) {
    expect([text, verify(canonical, text)]).toEqual([text, 'INVALID'])
  }
})

test('a query is valid by what it says, in any order and encoding, but once', () => {
  const signed = signText('{"a":"1","sessionID":"x y"}', secret)
  const of = (query: string) => verifyQuery(call('', signed, query), account(secret))
  for (const query of ['sessionID=x%20y&a=1', 'a=1&sessionID=x+y']) expect(of(query)).toBe('VALID')
  for (const query of ['sessionID=x%20z&a=1', 'sessionID=x+y', 'a=1&a=1&sessionID=x+y', '']) {
    expect([query, of(query)]).toEqual([query, 'INVALID'])
  }
  expect(verifyQuery(call('', undefined, 'a=1'), account(secret))).toBe('MISSING')
})
