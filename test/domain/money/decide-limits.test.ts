import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { putLimit } from '../../../src/domain/money/state.ts'
import type { Limit } from '../../../src/domain/players/types.ts'
import { uuidv7 } from '../../../src/lib/uuid.ts'
import { noon, openTable, type Table, type TableSeat } from '../../support/gaming-table.ts'

type Given = Partial<Limit> & { readonly of?: 'PLAYER' | 'BRAND' | 'GAME' }

function limit(table: Table, seat: TableSeat, { of = 'PLAYER', ...given }: Given): void {
  putLimit(table.state, {
    id: uuidv7(noon),
    brandId: table.desk.brandId,
    playerId: of === 'PLAYER' ? seat.playerId : null,
    gameId: of === 'GAME' ? seat.session.gameId : null,
    kind: 'STAKE',
    period: given.kind?.startsWith('STAKE_') ? null : 'DAY',
    currency: 'EUR',
    amountMinor: 100n,
    effectiveFrom: noon,
    pendingMinor: null,
    pendingFrom: null,
    ...given,
  })
}

/** A table with one player who is held to one limit. */
function limited(given: Given, seated: Parameters<Table['seat']>[0] = {}) {
  const table = openTable()
  const seat = table.seat({ cashMinor: 100_000n, ...seated })
  limit(table, seat, given)
  let number = 0
  const bet = (
    amountMinor: bigint,
    more: Partial<Parameters<Table['commands']['bet']>[1]> & { at?: Date } = {},
  ) => {
    const { at = noon, ...rest } = more
    number += 1
    return table.play(table.commands.bet(seat, { key: `b${number}`, amountMinor, ...rest }), at)
  }
  const verdict = (...args: Parameters<typeof bet>) => bet(...args).verdict
  return { table, seat, bet, verdict }
}

const levels = ['PLAYER', 'BRAND', 'GAME'] as const

describe('a limit on the stake', () => {
  test.each(levels)('of one bet, at level %s, takes exactly its amount and no more', (of) => {
    const { table, bet } = limited({ of, kind: 'STAKE_PER_BET' })
    expect(bet(100n)).toMatchObject({ verdict: 'OK' })
    const refused = { level: of, kind: 'STAKE_PER_BET', limitMinor: 100n, usedMinor: 0n }
    expect(bet(101n)).toMatchObject({ verdict: 'LIMIT', limit: refused })
    expect(table.stored('b2')).toBe('LIMIT')
    const facts = `limitLevel ${of} limitKind STAKE_PER_BET limitMinor 100 usedMinor 0`
    expect(table.events('b2')).toEqual([`TransactionDeclined 101 kind BET verdict LIMIT ${facts}`])
  })

  test.each(levels)('of one round, at level %s, counts the bets of that round alone', (of) => {
    const { verdict } = limited({ of, kind: 'STAKE_PER_ROUND' })
    expect([verdict(60n), verdict(40n), verdict(1n)]).toEqual(['OK', 'OK', 'LIMIT'])
    expect(verdict(100n, { roundKey: 'another' })).toBe('OK')
  })

  test('of one round is free again by what a rollback gives back', () => {
    const { table, seat, verdict } = limited({ kind: 'STAKE_PER_ROUND' })
    verdict(60n)
    table.play(table.commands.rollback(seat, { key: 'x', referenceKey: 'b1' }))
    expect([verdict(100n), verdict(1n)]).toEqual(['OK', 'LIMIT'])
  })

  test.each(['PLAYER', 'BRAND'] as const)('of a period, at level %s, counts all rounds, and no win', (of) => {
    const { table, seat, bet, verdict } = limited({ of })
    expect([verdict(60n), verdict(40n, { roundKey: 'r2' })]).toEqual(['OK', 'OK'])
    table.play(table.commands.win(seat, { key: 'w', referenceKey: 'b1', amountMinor: 500n }))
    const reached = { level: of, kind: 'STAKE', period: 'DAY', limitMinor: 100n, usedMinor: 100n }
    expect(bet(1n)).toMatchObject({ verdict: 'LIMIT', limit: reached })
  })

  test('is of one currency, one player and one game, and of real stakes', () => {
    const { table, seat, verdict } = limited({ kind: 'STAKE_PER_BET', of: 'GAME', gameId: 'another game' })
    limit(table, seat, { kind: 'STAKE_PER_BET', currency: 'USD' })
    limit(table, table.seat(), { kind: 'STAKE_PER_BET' })
    expect(verdict(101n)).toBe('OK')
    limit(table, seat, { kind: 'STAKE_PER_BET', amountMinor: 0n })
    expect([verdict(1n), verdict(0n)]).toEqual(['LIMIT', 'OK'])
    expect([verdict(101n, { betKind: 'FREE' }), verdict(101n, { betKind: 'PROMO' })]).toEqual(['OK', 'OK'])
  })

  test('counts bonus money like cash', () => {
    const { verdict } = limited({}, { cashMinor: 10n, bonusMinor: 500n })
    expect([verdict(100n), verdict(1n)]).toEqual(['OK', 'LIMIT'])
  })
})

describe('a limit on losses', () => {
  test('counts stakes as lost until something comes back, and wins when they are paid', () => {
    const { table, seat, bet, verdict } = limited({ kind: 'LOSS' })
    expect([verdict(100n), verdict(1n)]).toEqual(['OK', 'LIMIT'])
    const { win } = table.commands
    expect(table.play(win(seat, { key: 'w1', referenceKey: 'b1', amountMinor: 30n })).verdict).toBe('OK')
    expect([verdict(31n), verdict(30n)]).toEqual(['LIMIT', 'OK'])
    table.play(win(seat, { key: 'w2', referenceKey: 'b1', amountMinor: 1000n }))
    // Ahead by 900: that may be lost, and the limit.
    expect([verdict(1001n), verdict(1000n), verdict(1n)]).toEqual(['LIMIT', 'OK', 'LIMIT'])
    expect(bet(1n)).toMatchObject({ limit: { kind: 'LOSS', period: 'DAY', usedMinor: 100n } })
  })

  test('is free again by a rollback, and used again by that of a win', () => {
    const { table, seat, verdict } = limited({ kind: 'LOSS' })
    const { win, rollback } = table.commands
    verdict(100n)
    table.play(win(seat, { key: 'w', referenceKey: 'b1', amountMinor: 40n }))
    table.play(rollback(seat, { key: 'x1', referenceKey: 'w', afterWin: 'REVERSE_REFERENCED' }))
    expect(verdict(1n)).toBe('LIMIT')
    table.play(rollback(seat, { key: 'x2', referenceKey: 'b1', afterWin: 'REVERSE_REFERENCED' }))
    expect(verdict(100n)).toBe('OK')
  })

  test('does not count wins of free bets, and is free again by a refund', () => {
    const { table, seat, verdict } = limited({ kind: 'LOSS' })
    verdict(100n)
    verdict(50n, { betKind: 'FREE', roundKey: 'free' })
    table.play(table.commands.win(seat, { key: 'w', roundKey: 'free', referenceKey: 'b2' }))
    expect(verdict(1n)).toBe('LIMIT')
    const roundId = table.round(seat)?.id ?? expect.fail()
    table.play(table.commands.resolve(seat, { key: 'void', kind: 'VOID_ROUND', roundId }))
    expect(verdict(100n, { roundKey: 'r2' })).toBe('OK')
  })
})

describe('a limit that is reached', () => {
  test('never stops a win, a rollback or the end of a round', () => {
    const { table, seat, verdict } = limited({ amountMinor: 100n })
    verdict(100n)
    const { win, rollback, endRound, bet } = table.commands
    limit(table, seat, { kind: 'STAKE_PER_BET', amountMinor: 0n })
    const played = [
      win(seat, { key: 'w', referenceKey: 'b1' }),
      endRound(seat, { key: 'e' }),
      rollback(seat, { key: 'x', referenceKey: 'b1', afterWin: 'REVERSE_REFERENCED' }),
    ].map((command) => table.play(command).verdict)
    expect(played).toEqual(['OK', 'OK', 'OK'])
    expect(table.play(bet(seat, { key: 'next' })).verdict).toBe('LIMIT')
  })

  test('is told again to the same call, and stays so when the limit is gone', () => {
    const { table, bet } = limited({ kind: 'LOSS', period: 'WEEK', amountMinor: 10n })
    expect(bet(11n).verdict).toBe('LIMIT')
    table.state.limits.clear()
    const again = bet(11n, { key: 'b1' })
    const limitTold = { level: 'PLAYER', kind: 'LOSS', period: 'WEEK' }
    expect(again).toMatchObject({ verdict: 'REPLAY', first: 'LIMIT' })
    expect(again.limit).toEqual(limitTold)
  })

  test('is the one of several that leaves the least', () => {
    const { table, seat, bet } = limited({ amountMinor: 500n })
    limit(table, seat, { of: 'BRAND', amountMinor: 300n, kind: 'LOSS', period: 'MONTH' })
    limit(table, seat, { of: 'GAME', amountMinor: 400n, kind: 'STAKE_PER_BET' })
    expect(bet(600n)).toMatchObject({ limit: { level: 'BRAND', kind: 'LOSS', period: 'MONTH' } })
    expect(bet(301n)).toMatchObject({ limit: { level: 'BRAND' } })
    expect(bet(300n).verdict).toBe('OK')
  })

  test('is as it is at the moment of the bet', () => {
    const hour = 3_600_000
    const at = (hours: number) => new Date(noon.getTime() + hours * hour)
    const pendingFrom = at(0.01)
    const higher = limited({ kind: 'STAKE_PER_BET', pendingMinor: 200n, pendingFrom })
    expect([higher.verdict(200n), higher.verdict(200n, { at: pendingFrom })]).toEqual(['LIMIT', 'OK'])
    expect(higher.verdict(201n, { at: pendingFrom })).toBe('LIMIT')
    const gone = limited({ kind: 'STAKE_PER_BET', pendingMinor: null, pendingFrom })
    expect([gone.verdict(101n), gone.verdict(101n, { at: pendingFrom })]).toEqual(['LIMIT', 'OK'])
  })
})

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
    limit(table, seat, { period: 'DAY' })
    limit(table, seat, { period: 'WEEK', amountMinor: 150n })
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

describe('a player who is excluded by the own wish', () => {
  const at = new Date(noon.getTime() + 1000)

  test('stakes and pays in nothing until it is over, and is paid', () => {
    const table = openTable()
    const seat = table.seat()
    const { bet, win, rollback, deposit, withdraw } = table.commands
    for (const key of ['b1', 'b2']) table.play(bet(seat, { key }))
    const player = table.state.players.get(seat.playerId) ?? expect.fail()
    table.state.players.set(seat.playerId, { ...player, excludedUntil: at })
    const during = [
      bet(seat, { key: 'b3' }),
      deposit(seat, { key: 'd1' }),
      win(seat, { key: 'w', referenceKey: 'b1' }),
      rollback(seat, { key: 'x', referenceKey: 'b2' }),
      withdraw(seat, { key: 'out' }),
    ].map((command) => table.play(command).verdict)
    expect(during).toEqual(['PLAYER_BLOCKED', 'PLAYER_BLOCKED', 'OK', 'OK', 'OK'])
    expect(table.play(bet(seat, { key: 'b4' }), at).verdict).toBe('OK')
    expect(table.play(deposit(seat, { key: 'd2' }), at).verdict).toBe('OK')
  })
})

test('a provider account that is switched off takes no bet, but pays and gives back', () => {
  const table = openTable()
  const seat = table.seat()
  const { bet, win, rollback } = table.commands
  for (const key of ['b1', 'b2']) table.play(bet(seat, { key }))
  const [token] = table.state.sessions.keys()
  table.state.sessions.set(token ?? '', { ...seat.session, accountStatus: 'DISABLED' })
  const verdicts = [
    bet(seat, { key: 'b1' }),
    bet(seat, { key: 'b3' }),
    win(seat, { key: 'w', referenceKey: 'b1' }),
    rollback(seat, { key: 'x', referenceKey: 'b2' }),
  ].map((command) => table.play(command).verdict)
  expect(verdicts).toEqual(['REPLAY', 'GAME', 'OK', 'OK'])
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
