import { describe, expect, test } from 'vitest'
import { isUuid, uuidFloor, uuidv7 } from '../../src/lib/uuid.ts'

const at = new Date('2026-03-01T12:00:00.123Z')
const many = Array.from({ length: 5000 }, () => uuidv7(at))

describe('an id', () => {
  test('begins with its millisecond, says version 7, and has the variant of RFC 9562', () => {
    const time = at.getTime().toString(16).padStart(12, '0')
    for (const id of many) {
      expect(isUuid(id)).toBe(true)
      expect(id).toMatch(new RegExp(`^${time.slice(0, 8)}-${time.slice(8)}-7...-[89ab]`))
    }
  })

  test('is never made twice, over many blocks of random digits', () => {
    expect(new Set(many).size).toBe(many.length)
  })

  test('has every digit in every random place', () => {
    const random = Array.from({ length: 15 }, (_, place) => 20 + place + (place > 2 ? 1 : 0))
    for (const place of random) expect(new Set(many.map((id) => id.charAt(place))).size).toBe(16)
    expect(new Set(many.map((id) => id.charAt(19)))).toEqual(new Set(['8', '9', 'a', 'b']))
  })

  test('sorts after those that were made before it at the same millisecond, up to 2048 of them', () => {
    uuidv7(at.getTime() + 1)
    const ids = Array.from({ length: 2048 }, () => uuidv7(at))
    expect(ids.toSorted()).toEqual(ids)
  })

  test('made at a later millisecond sorts later, also when the earlier one is made again', () => {
    const [first, second, again] = [uuidv7(at), uuidv7(at.getTime() + 1), uuidv7(at)]
    expect([second > first, second > again]).toEqual([true, true])
    expect([first, second, again].map((id) => id >= uuidFloor(at))).toEqual([true, true, true])
    expect(again < uuidFloor(new Date(at.getTime() + 1))).toBe(true)
  })
})
