import { expect, test } from 'vitest'
import { integerJson, NumberText, parseJson } from '../../src/integrations/strict-json.ts'

const parse = (text: string) => parseJson(Buffer.from(text))

test('a number keeps the digits it was written with', () => {
  expect(parse('{"amount":100000000000000000001}')).toEqual({
    amount: new NumberText('100000000000000000001'),
  })
  expect(parse('[1.50,1e3,-0]')).toEqual([
    new NumberText('1.50'),
    new NumberText('1e3'),
    new NumberText('-0'),
  ])
})

test('an integer is written digit by digit', () => {
  expect(JSON.stringify({ balance: integerJson(10n ** 20n) })).toBe('{"balance":100000000000000000000}')
})

test.each([
  ['a key twice', '{"a":1,"a":1}'],
  ['a key twice, once escaped', '{"a":1,"\\u0061":1}'],
  ['a key twice in a nested object', '{"x":[{"a":1,"a":2}]}'],
  ['nine levels', '[[[[[[[[[1]]]]]]]]]'],
  ['a trailing comma', '{"a":1,}'],
  ['two values', '1 2'],
  ['a byte order mark', '\ufeff{}'],
  ['nothing', ''],
])('%s is refused', (_, text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'SYNTAX' }))
})

test.each([
  '{"a":{"b":1},"b":[{"a":1},{"a":2}],"c":"{,\\"a\\""}',
  '[[[[[[[[1]]]]]]]]',
  '{"__proto__":1,"a":2}',
])('%s is read', (text) => {
  expect(() => parse(text)).not.toThrow()
})

test('a key named like a property of every object is an ordinary key', () => {
  expect(Object.hasOwn(parse('{"__proto__":true}') as object, '__proto__')).toBe(true)
})
