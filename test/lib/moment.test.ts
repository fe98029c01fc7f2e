import { describe, expect, test } from 'vitest'
import { readMoment } from '../../src/lib/moment.ts'

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
