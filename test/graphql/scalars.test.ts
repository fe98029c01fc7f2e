import { expect, test } from 'vitest'
import { scalars } from '../../src/graphql/scalars.ts'
import { exactText } from '../../src/lib/exact-moment.ts'
import { globalId, readGlobalId, readPlace, readUuid } from '../../src/lib/global-id.ts'
import { stampText } from '../../src/lib/stamp.ts'

const read = (scalar: keyof typeof scalars, value: unknown): unknown => {
  try {
    return scalars[scalar].parseValue(value)
  } catch {
    return 'refused'
  }
}

test.for([
  ['DateTime', '2026-03-01T12:30:00Z', new Date('2026-03-01T12:30:00Z')],
  ['DateTime', '2026-03-01T12:30:00.123456+02:00', new Date('2026-03-01T10:30:00.123Z')],
  ['DateTime', '2026-02-30T12:30:00Z', 'refused'],
  ['DateTime', '2026-03-01', 'refused'],
  ['DateTime', '1969-12-31T23:59:59Z', 'refused'],
  ['DateTime', 1_772_368_200_000, 'refused'],
  ['Date', '2024-02-29', '2024-02-29'],
  ['Date', '2023-02-29', 'refused'],
  ['Decimal', '12.34', '12.34'],
  ['Decimal', 12.34, 'refused'],
  ['Decimal', '1e3', 'refused'],
  ['Decimal', '01', 'refused'],
  ['BigInt', '9007199254740993', 9007199254740993n],
  ['BigInt', 1, 'refused'],
  ['CurrencyCode', 'EUR', 'EUR'],
  ['CurrencyCode', 'eur', 'refused'],
  ['JSONObject', {}, 'refused'],
] as const)('%s takes %o', ([scalar, value, expected]) => {
  expect(read(scalar, value)).toEqual(expected)
})

test('amounts leave as strings, beyond what a number holds', () => {
  expect(scalars.BigInt.serialize(9007199254740993n)).toBe('9007199254740993')
})

test('a global id is read back only as it was written', () => {
  const uuid = '01940000-0000-7000-8000-000000000001'
  const id = globalId('Bet', uuid)
  expect(readGlobalId(id)).toEqual({ type: 'Bet', key: uuid })
  expect(readUuid('Bet', id)).toBe(uuid)
  expect(readUuid('Round', id)).toBeUndefined()
  for (const other of [`${id}=`, ` ${id}`, `Bet:${uuid}`, globalId('Bet', "'; --"), '']) {
    expect(readGlobalId(other), other).toBeUndefined()
  }
})

test('the place of an event or an entry is exact', () => {
  expect(readPlace('3.22750429290332161')).toEqual({ lane: 3, seq: 22750429290332161n, leg: undefined })
  expect(readPlace('3.7.1')).toEqual({ lane: 3, seq: 7n, leg: 1 })
  for (const other of ['3', '3.-7', '99999.1', '3.7.1.1']) expect(readPlace(other), other).toBeUndefined()
})

test('a moment keeps its microseconds where they matter', () => {
  const at = read('DateTime', '2026-03-01T12:30:00.123456789+02:00')
  expect(exactText(at as Date)).toBe('2026-03-01T10:30:00.123456Z')
  expect(JSON.stringify(at)).toBe('"2026-03-01T10:30:00.123456Z"')
  expect(exactText(new Date('2026-03-01T10:30:00.1Z'))).toBe('2026-03-01T10:30:00.100000Z')
})

test('a stamp keeps all its microseconds', () => {
  expect(stampText(1_772_368_200_000_007n)).toBe('2026-03-01T12:30:00.000007Z')
})
