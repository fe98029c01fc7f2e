import { describe, expect, test } from 'vitest'
import { parseMoment, readMoment } from '../../src/lib/moment.ts'

describe('a moment as PostgreSQL writes it is a Date that knows its text', () => {
  const moments = {
    '2026-11-01 12:30:00+00': '2026-11-01T12:30:00.000Z',
    '2026-11-01 12:30:00.5+00': '2026-11-01T12:30:00.500Z',
    '2026-02-28 23:59:59.123+00': '2026-02-28T23:59:59.123Z',
    '2026-02-28 23:59:59.123987+00': '2026-02-28T23:59:59.123Z',
    '1969-12-31 23:59:59.999+00': '1969-12-31T23:59:59.999Z',
    '0099-01-01 00:00:00+00': '0099-01-01T00:00:00.000Z',
    '2026-11-01 14:30:00+02': '2026-11-01T12:30:00.000Z',
    '10000-01-01 00:00:00+00': undefined,
    infinity: undefined,
  }
  for (const [text, iso] of Object.entries(moments)) {
    test(text, () => {
      const moment = readMoment(text)
      expect(moment.getTime()).toBe(new Date(iso ?? text).getTime())
      if (iso) expect([moment.toISOString(), JSON.stringify(moment)]).toEqual([iso, `"${iso}"`])
    })
  }
})

describe('a moment as people write it', () => {
  test.each([
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['2024-02-29T23:30-02:00', '2024-03-01T01:30:00.000Z'],
    ['2026-03-01T00:30:00.5+02:00', '2026-02-28T22:30:00.500Z'],
  ])('%s is one', (text, iso) => {
    expect(parseMoment('to', text).toISOString()).toBe(iso)
  })

  test.each(['2026-02-29', '2026-02-31T10:00Z', '2026-04-31', '2026-13-01', '2026-03-01T10:00', 20260301])(
    '%s is none',
    (text) => {
      expect(() => parseMoment('to', text)).toThrow('to is not a day or a moment with its zone')
    },
  )
})
