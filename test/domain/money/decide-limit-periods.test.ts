import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Limit } from '../../../src/domain/players/types.ts'
import { openTable } from '../../support/gaming-table.ts'
import { addLimit, limited } from '../../support/limited.ts'

describe('a period', () => {
  /** One bet of 100 before and one after; the table's sessions last that long. */
  const second = (period: Limit['period'], timeZone: string, first: string, next: string) => {
    const { seat, table, verdict } = limited({ period }, { timeZone })
    const [token] = table.state.sessions.keys()
    table.state.sessions.set(token ?? '', { ...seat.session, expiresAt: new Date('2100-01-01') })
    expect(verdict(100n, { at: new Date(first) })).toBe('OK')
    return verdict(100n, { at: new Date(next) })
  }

  test.each([
    // New York goes from UTC-5 to UTC-4 on 8 March 2026, and back on 1 November.
    ['DAY', 'America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-09T03:59:59.999Z', 'LIMIT'],
    ['DAY', 'America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z', 'OK'],
    ['DAY', 'America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T04:59:59.999Z', 'LIMIT'],
    ['DAY', 'America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z', 'OK'],
    // Beirut has no midnight on 29 March 2026: the day begins at one.
    ['DAY', 'Asia/Beirut', '2026-03-28T21:59:59.999Z', '2026-03-28T22:00:00.000Z', 'OK'],
    ['DAY', 'Asia/Beirut', '2026-03-28T22:00:00.000Z', '2026-03-29T20:59:59.999Z', 'LIMIT'],
    ['DAY', 'Asia/Kathmandu', '2026-05-01T18:14:59.999Z', '2026-05-01T18:15:00.000Z', 'OK'],
    // Sunday to Monday, over the change to summer time of 29 March.
    ['WEEK', 'Europe/Malta', '2026-03-22T23:00:00.000Z', '2026-03-29T21:59:59.999Z', 'LIMIT'],
    ['WEEK', 'Europe/Malta', '2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 'OK'],
    ['WEEK', 'Europe/Malta', '2025-12-28T23:00:00.000Z', '2026-01-04T22:59:59.999Z', 'LIMIT'],
    ['MONTH', 'Europe/Malta', '2026-03-31T21:59:59.999Z', '2026-03-31T22:00:00.000Z', 'OK'],
    ['MONTH', 'Europe/Malta', '2026-02-28T23:00:00.000Z', '2026-03-31T21:59:59.999Z', 'LIMIT'],
    ['MONTH', 'Pacific/Auckland', '2028-02-29T10:59:59.999Z', '2028-02-29T11:00:00.000Z', 'OK'],
    ['MONTH', 'UTC', '2026-03-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z', 'OK'],
  ] as const)('%s in %s: after %s, at %s, the second bet is %s', (period, zone, first, next, expected) => {
    expect(second(period, zone, first, next)).toBe(expected)
  })

  test('that is over keeps the stake that is taken back later; one that goes on gives it free', () => {
    const today = new Date('2026-03-04T12:00:00Z')
    const yesterday = new Date('2026-03-03T12:00:00Z')
    const table = openTable()
    const seat = table.seat({ cashMinor: 10_000n })
    addLimit(table, seat, { period: 'DAY' })
    addLimit(table, seat, { period: 'WEEK', amountMinor: 150n })
    const [token] = table.state.sessions.keys()
    table.state.sessions.set(token ?? '', { ...seat.session, expiresAt: new Date('2100-01-01') })
    const { bet, rollback } = table.commands
    table.play(bet(seat, { key: 'b1', amountMinor: 100n }), yesterday)
    expect(table.play(bet(seat, { key: 'b2', amountMinor: 60n }), today)).toMatchObject({
      limit: { period: 'WEEK' },
    })
    table.play(bet(seat, { key: 'b3', amountMinor: 50n }), today)
    table.play(rollback(seat, { key: 'x', referenceKey: 'b1' }), today)
    expect(table.play(bet(seat, { key: 'b4', amountMinor: 51n }), today)).toMatchObject({
      limit: { period: 'DAY', usedMinor: 50n },
    })
    expect(table.play(bet(seat, { key: 'b5', amountMinor: 50n }), today).verdict).toBe('OK')
  })

  test('does not begin anew when a clock goes back over midnight', () => {
    expect(second('DAY', 'UTC', '2026-03-02T00:00:00.000Z', '2026-03-01T23:59:59.999Z')).toBe('LIMIT')
  })
})

/** What happened, with its hour; the model below adds it up from the start each time. */
const hours = fc.constantFrom(0, 1, 5, 12, 30)
const amountMinor = fc.constantFrom(0n, 10n, 40n, 70n)
const step = fc.record({
  does: fc.constantFrom('bet' as const, 'bet' as const, 'free' as const, 'win' as const, 'undo' as const),
  of: fc.nat(9),
  amountMinor,
  hours,
})

const zone = 'Europe/Malta'
const localDay = (at: Date) => at.toLocaleDateString('sv-SE', { timeZone: zone })
const monday = (at: Date) => {
  const date = new Date(`${localDay(at)}T00:00:00Z`)
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString()
}
const keyOf = { DAY: localDay, WEEK: monday, MONTH: (at: Date) => localDay(at).slice(0, 7) }

interface Counted {
  readonly at: Date
  readonly staked: bigint
  readonly returned: bigint
  undone?: boolean
}

test('counters say what a sum over all that happened in the period says', () => {
  let refused = 0
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
      fc.constantFrom('STAKE' as const, 'LOSS' as const),
      fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const),
      (steps, kind, period) => {
        const { table, seat } = limited({ kind, period, amountMinor: 100n }, { timeZone: zone })
        const [token] = table.state.sessions.keys()
        table.state.sessions.set(token ?? '', { ...seat.session, expiresAt: new Date('2100-01-01') })
        const { bet, win, rollback } = table.commands
        const all = new Map<string, Counted>()
        let at = new Date('2026-03-27T12:00:00Z')
        const sum = () =>
          [...all.values()]
            .filter((one) => !one.undone && keyOf[period](one.at) === keyOf[period](at))
            .reduce((total, one) => total + one.staked - (kind === 'LOSS' ? one.returned : 0n), 0n)
        steps.forEach((one, index) => {
          at = new Date(at.getTime() + one.hours * 3_600_000)
          const key = `k${index}`
          const referenceKey = `k${one.of % (index + 1)}`
          const amounts = { key, amountMinor: one.amountMinor }
          if (one.does === 'bet' || one.does === 'free') {
            const real = one.does === 'bet'
            const over = real && one.amountMinor > 0n && sum() + one.amountMinor > 100n
            const betKind = real ? 'REAL' : 'FREE'
            const { verdict } = table.play(bet(seat, { ...amounts, betKind }), at)
            expect(verdict).toBe(over ? 'LIMIT' : 'OK')
            if (over) refused += 1
            if (real && !over) all.set(key, { at, staked: one.amountMinor, returned: 0n })
          } else if (one.does === 'win') {
            const { verdict } = table.play(win(seat, { ...amounts, referenceKey }), at)
            if (verdict === 'OK' && all.has(referenceKey)) {
              all.set(key, { at, staked: 0n, returned: one.amountMinor })
            }
          } else {
            const undo = rollback(seat, { key, referenceKey, afterWin: 'REVERSE_REFERENCED' })
            const undone = all.get(referenceKey)
            if (table.play(undo, at).verdict === 'OK' && undone) undone.undone = true
          }
        })
      },
    ),
    { numRuns: Number(process.env['HISTORIES'] ?? 200) },
  )
  expect(refused).toBeGreaterThan(20)
})
