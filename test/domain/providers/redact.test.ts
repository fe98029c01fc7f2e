import { expect, test } from 'vitest'
import { redact } from '../../../src/domain/providers/redact.ts'
import { gameToken } from '../../../src/domain/sessions/game-token.ts'

const secret = 'canary0123456789abcdef'
const redacted = (text: string, secrets?: string[]) => redact(Buffer.from(text), secrets).toString()

test('the value of a token is replaced and nothing else', () => {
  expect(redacted(`{"token":"${secret}","amount":100000}`)).toBe('{"token":"[redacted]","amount":100000}')
})

test.each([
  ['a space before the colon', `{"token" : "${secret}"}`],
  ['no end', `{"token":"${secret}`],
  ['an escaped name', `{"tok\\u0065n":"${secret}"}`],
  ['an escaped value', `{"tok\\u0065n":"\\u0063${secret.slice(1)}"}`],
  ['single quotes', `{token: '${secret}'}`],
  ['a form', `a=1&token=${secret}&b=2`],
  ['a list', `{"token":["a","${secret}"]}`],
  ['an object', `{"token":{"a":1,"b":"${secret}"}}`],
  ['JSON within JSON', `"{\\"token\\":\\"${secret}\\"}"`],
  ['another name', `{"client_secret":"${secret}","apiKey":"x","PASSWORD":"${secret}"}`],
  ['a header', `Authorization: Bearer ${secret}`],
  ['a second place', `{"token":"${secret}","user":"${secret}"}`],
])('a secret is not left in %s', (_, text) => {
  expect(redacted(text)).not.toContain(secret)
  expect(redacted(text)).toContain('[redacted]')
})

test('a given secret is replaced wherever it stands', () => {
  expect(redacted(`{"bet":"on ${secret} red"}`, [secret])).toBe('{"bet":"on [redacted] red"}')
})

test('a game token is known by its form alone', () => {
  const token = gameToken(Buffer.from('key'), 'session')
  expect(redacted(`{"round":"${token}"}`)).toBe('{"round":"[redacted]"}')
  expect(redacted(`{"token":"${token}"}`)).toBe('{"token":"[redacted]"}')
})

test('bytes that are no UTF-8 pass unchanged', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x7b, 0xc3, 0xa9])
  expect(redact(bytes).equals(bytes)).toBe(true)
})

test.each(['token', 'token:"', 'token:\\"', 'token ', '"\\', "token='", 'secret:['])(
  'sixteen KiB of %s are not searched for ever',
  (part) => {
    const text = part.repeat((16 * 1024) / part.length)
    const start = performance.now()
    redacted(text)
    expect(performance.now() - start).toBeLessThan(5000)
  },
)
