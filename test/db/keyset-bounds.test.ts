import { describe, expect, test } from 'vitest'
import { boundsOf, type SortColumn } from '../../src/db/keyset-bounds.ts'
import { writeCursor } from '../../src/lib/page.ts'

const frame = { list: 'things', sort: 'KEY ASC', digest: 'x' }
const column = (type: SortColumn<never>['type']) => [{ sql: 't.a', type, of: () => '' }]

const read = (type: SortColumn<never>['type'], ...values: string[]) => {
  const wish = { size: 1, forward: true, after: writeCursor(frame, values), before: undefined }
  const bounds = boundsOf(frame, wish, column(type))
  return bounds instanceof Error ? bounds.message : bounds.after
}

describe('a value of a cursor', () => {
  test.for([
    ['uuid', '01940000-0000-7000-8000-000000000001'],
    ['int8', '9223372036854775807'],
    ['int8', '-9223372036854775808'],
    ['int4', '-2147483648'],
    ['numeric', '-1'],
    ['numeric', '1000000000000000000000000000000000000000000000000000'],
    ['text', ''],
    ['text', 'ö'.repeat(512)],
    ['timestamptz', '-infinity'],
    ['timestamptz', '2024-02-29T23:59:59.999Z'],
    ['timestamptz', '2024-02-29T23:59:59.999999Z'],
  ] as const)('of type %s may be %s', ([type, value]) => {
    expect(read(type, value)).toEqual([value])
  })

  test.for([
    ['uuid', '01940000-0000-7000-8000-00000000000'],
    ['int8', '9223372036854775808'],
    ['int8', '1.0'],
    ['int4', '2147483648'],
    ['numeric', 'NaN'],
    ['numeric', '1e9'],
    ['numeric', '9'.repeat(81)],
    ['text', 'a\0'],
    ['text', '\ud800'],
    ['text', 'a'.repeat(513)],
    ['timestamptz', 'infinity'],
    ['timestamptz', 'now'],
    ['timestamptz', '2026-02-30T00:00:00.000Z'],
    ['timestamptz', '0000-01-01T00:00:00.000Z'],
    ['timestamptz', '2026-01-01T25:00:00.000Z'],
  ] as const)('of type %s that is %j is refused before the database sees it', ([type, value]) => {
    expect(read(type, value)).toBe('after is not a cursor of this list')
  })

  test('too many, or none, are refused', () => {
    expect(read('int8')).toBe('after is not a cursor of this list')
    expect(read('int8', '1', '2')).toBe('after is not a cursor of this list')
  })
})
