import { describe, expect, test } from 'vitest'
import { parseCursor } from '../../src/live/cursor.ts'
import { Vector } from '../../src/live/vector.ts'
import { anEvent } from '../support/an-event.ts'
import { seeded } from '../support/random.ts'

const event = (lane: number, seq: bigint) =>
  anEvent({ lane, seq, id: `00000000-0000-7000-8000-0000${seq.toString(16).padStart(8, '0')}` })

describe('the cursor of a place in the journal', () => {
  test('says every lane in use, its number, and the end of the id there', () => {
    const vector = new Vector()
    vector.advance(event(7, 0x1234_5678n))
    vector.advance(event(0, 2n))
    expect(Buffer.from(vector.cursor(7), 'base64url').toString('hex')).toBe(
      ['0107', '00', '0000000000000002', '00000002', '07', '0000000012345678', '12345678'].join(''),
    )
  })

  test('reads back as the same place, for any order in which lanes come into use', () => {
    const random = seeded(1)
    for (let round = 0; round < 200; round += 1) {
      const vector = new Vector()
      const expected = new Map<number, bigint>()
      for (let step = 0; step < 20; step += 1) {
        const lane = random.int(64)
        const seq = (expected.get(lane) ?? 22_000n << 40n) + BigInt(random.int(9) + 1)
        vector.set(lane, seq, random.int(2 ** 32))
        expected.set(lane, seq)
        const read = parseCursor(vector.cursor(lane))
        const sorted = [...expected].sort(([a], [b]) => a - b)
        expect(read.vector.places()).toEqual(sorted.map(([lane, seq]) => ({ lane, seq })))
        expect(sorted.map(([lane]) => read.vector.mark(lane))).toEqual(sorted.map(([l]) => vector.mark(l)))
        expect(read.lane).toBe(lane)
      }
    }
  })

  test('the start of an empty journal has a cursor', () => {
    expect(parseCursor(new Vector().cursor())).toMatchObject({ lane: undefined })
    expect(parseCursor(new Vector().cursor()).vector.places()).toEqual([])
  })

  test('a place covers another when no lane is behind it', () => {
    const [a, b] = [new Vector(), new Vector()]
    a.set(1, 5n, 0)
    expect(a.covers(b)).toBe(true)
    b.set(1, 5n, 0)
    expect(a.covers(b)).toBe(true)
    b.set(2, 1n, 0)
    expect(a.covers(b)).toBe(false)
    a.set(2, 9n, 0)
    expect([a.covers(b), b.covers(a)]).toEqual([true, false])
  })

  test('a copy goes its own way', () => {
    const vector = new Vector()
    vector.set(1, 5n, 0)
    const copy = vector.clone()
    copy.set(1, 6n, 0)
    copy.set(0, 1n, 0)
    expect(vector.places()).toEqual([{ lane: 1, seq: 5n }])
  })

  test.each([
    ['an empty text', ''],
    ['no base64url', 'AQ=='],
    ['another version', Buffer.from([2, 255]).toString('base64url')],
    ['half a lane', Buffer.from([1, 255, 0, 0]).toString('base64url')],
    ['a last lane that it does not name', Buffer.from([1, 3]).toString('base64url')],
    ['a lane number beyond all lanes', cursorOf([64, 1n])],
    ['a lane named twice', cursorOf([1, 1n], [1, 2n])],
    ['lanes out of order', cursorOf([2, 1n], [1, 2n])],
    ['a number below one', cursorOf([1, 0n])],
    ['more than all lanes', 'A'.repeat(5000)],
  ])('is refused when it is %s', (_name, text) => {
    expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }))
  })
})

function cursorOf(...lanes: [number, bigint][]): string {
  const parts = lanes.map(([lane, seq]) => {
    const part = Buffer.alloc(13)
    part[0] = lane
    part.writeBigInt64BE(seq, 1)
    return part
  })
  return Buffer.concat([Buffer.from([1, 255]), ...parts]).toString('base64url')
}
