import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayLiteral, parseArray } from '../../src/db/arrays.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('texts come back from an array as they went in', async () => {
  const texts = ['', 'plain', 'a"b', 'a\\b', '{x,y}', 'NULL', ' spaced ', 'zürich 🂡', '\\\\""']
  const [row] = await database.sql`select ${arrayLiteral(texts)}::text[] as back`
  expect(row?.['back']).toEqual(texts)
})

test('what PostgreSQL writes is read as it was, whatever is in it', async () => {
  const texts = ['', 'plain', 'a"b', 'a\\b', '{x,y}', 'NULL', ' spaced ', 'two\nlines\\\n', '\\\\""', ',']
  const [row] = await database.sql<{ back: string }[]>`select ${arrayLiteral(texts)}::text[]::text as back`
  expect(parseArray(row?.back ?? '', (text) => text)).toEqual(texts)
  expect(parseArray('{}', Number)).toEqual([])
  expect(parseArray('{1,NULL,-3}', Number)).toEqual([1, null, -3])
})

test('null, numbers, moments and bytes are written as PostgreSQL reads them', () => {
  expect(arrayLiteral([])).toBe('{}')
  expect(arrayLiteral([null, undefined, 5n, -1, true])).toBe('{NULL,NULL,5,-1,true}')
  expect(arrayLiteral([new Date(0), new Date(1), new Date(0)])).toBe(
    '{"1970-01-01T00:00:00.000Z","1970-01-01T00:00:00.001Z","1970-01-01T00:00:00.000Z"}',
  )
  expect(arrayLiteral([Buffer.from('hi')])).toBe('{"\\\\x6869"}')
})
