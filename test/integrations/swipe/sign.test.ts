import { expect, test } from 'vitest'
import { canonicalJson, canonicalQuery, signText } from '../../../src/integrations/swipe/sign.ts'

const known = '9876ed3affd6596f3ddb9102a396718452cf83069904f3d001a2e91e164adc01'

test('the published example has the published signature', () => {
  const text = canonicalJson({ user_id: 123, amount: 100.5 })
  expect(text).toBe('{"amount":100.5,"user_id":123}')
  expect(signText(text, 'secret-key')).toBe(known)
  expect(signText('{"amount": 100.50, "user_id": 123}', 'secret-key')).not.toBe(known)
})

test.each([
  ['{"b":1,"a":2}', '{"a":2,"b":1}'],
  ['{ "amount" : 100.50 }', '{"amount":100.5}'],
  ['[1e3, 1E-7, -0, 0.1, 333333333.33333329]', '[1000,1e-7,0,0.1,333333333.3333333]'],
  ['{"a":[{"z":null,"y":true}],"A":{}}', '{"A":{},"a":[{"y":true,"z":null}]}'],
  // By UTF-16 units: a letter beyond the basic plane comes before one near its end.
  ['{"\\ufb33":1,"\\ud83d\\ude00":2,"\\u00f6":3,"1":4}', '{"1":4,"ö":3,"😀":2,"\ufb33":1}'],
  ['"\\u0041\\/\\u000f\\n\\u20ac\\""', '"A/\\u000f\\n€\\""'],
  ['{"__proto__":1}', '{"__proto__":1}'],
])('%s in canonical form', (text, canonical) => {
  expect(canonicalJson(JSON.parse(text))).toBe(canonical)
  expect(canonicalJson(JSON.parse(canonical))).toBe(canonical)
})

test('what JSON cannot say has no canonical form', () => {
  for (const value of [undefined, Number.NaN, JSON.parse('1e999'), 1n, { a: undefined }]) {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'SYNTAX' }))
  }
})

test('a query is signed as an object of texts', () => {
  expect(canonicalQuery('sessionID=gt_1&b=2%20%2B')).toBe('{"b":"2 +","sessionID":"gt_1"}')
  expect(canonicalQuery('')).toBe('{}')
  expect(() => canonicalQuery('a=1&a=2')).toThrow(expect.objectContaining({ code: 'SYNTAX' }))
})
