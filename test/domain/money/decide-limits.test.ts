import { describe, expect, test } from 'vitest'
import { noon, openTable } from '../../support/gaming-table.ts'
import { addLimit, limited } from '../../support/limited.ts'

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
    addLimit(table, seat, { kind: 'STAKE_PER_BET', currency: 'USD' })
    addLimit(table, table.seat(), { kind: 'STAKE_PER_BET' })
    expect(verdict(101n)).toBe('OK')
    addLimit(table, seat, { kind: 'STAKE_PER_BET', amountMinor: 0n })
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
    addLimit(table, seat, { kind: 'STAKE_PER_BET', amountMinor: 0n })
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
    addLimit(table, seat, { of: 'BRAND', amountMinor: 300n, kind: 'LOSS', period: 'MONTH' })
    addLimit(table, seat, { of: 'GAME', amountMinor: 400n, kind: 'STAKE_PER_BET' })
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

describe('a player who is excluded at their own wish', () => {
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
