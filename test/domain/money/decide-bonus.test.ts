import { describe, expect, test } from 'vitest'
import type { BetCommand, WinCommand } from '../../../src/domain/money/types.ts'
import { openTable } from '../../support/gaming-table.ts'

/** A player with some cash and some bonus who has bet `key` b in round r. */
function betting(cashMinor: bigint, bonusMinor: bigint, given: Partial<BetCommand> = {}) {
  const table = openTable()
  const seat = table.seat({ cashMinor, bonusMinor })
  const outcome = table.play(table.commands.bet(seat, { key: 'b', ...given }))
  const win = (key: string, more: Partial<WinCommand> = {}) =>
    table.play(table.commands.win(seat, { key, referenceKey: 'b', ...more }))
  const rollback = (referenceKey: string) =>
    table.play(
      table.commands.rollback(seat, {
        key: `x ${referenceKey}`,
        referenceKey,
        afterWin: 'REVERSE_REFERENCED',
      }),
    )
  const balances = () => {
    const { cashMinor: cash, bonusMinor: bonus, owedMinor: owed } = table.wallet(seat)
    return [cash, bonus, owed]
  }
  return { table, seat, outcome, win, rollback, balances }
}

describe('a stake', () => {
  test('takes the cash first', () => {
    const { outcome, balances, table } = betting(150n, 80n)
    expect(outcome).toMatchObject({ verdict: 'OK', balanceMinor: 130n, bonusMinor: 80n })
    expect(balances()).toEqual([50n, 80n, 0n])
    expect(table.bet('b').bonusStakeMinor).toBe(0n)
  })

  test('takes of the bonus what the cash does not cover, down to the last unit of both', () => {
    const { outcome, balances, table } = betting(30n, 70n)
    expect(outcome).toMatchObject({ verdict: 'OK', balanceMinor: 0n, bonusMinor: 0n })
    expect(balances()).toEqual([0n, 0n, 0n])
    expect(table.bet('b').bonusStakeMinor).toBe(70n)
    expect(table.events('b')).toEqual(['RoundStarted', 'BetPlaced 100 kind REAL bonusMinor 70'])
    expect(table.accounts()).toEqual({ CASH: -30n, BONUS: -70n, STAKES: 100n })
  })

  test('of one unit more than both is refused and the true balance told', () => {
    const { outcome, balances } = betting(30n, 69n)
    expect(outcome).toMatchObject({ verdict: 'FUNDS', balanceMinor: 99n, bonusMinor: 69n })
    expect(balances()).toEqual([30n, 69n, 0n])
  })

  test.each(['FREE', 'PROMO'] as const)('of a %s bet takes nothing', (betKind) => {
    const { balances, table } = betting(0n, 0n, { betKind })
    expect(balances()).toEqual([0n, 0n, 0n])
    expect(table.bet('b')).toMatchObject({ kind: betKind, stakeMinor: 100n, bonusStakeMinor: 0n })
  })

  test('goes back to where it came from', () => {
    const { rollback, balances, table } = betting(30n, 90n)
    expect(rollback('b')).toMatchObject({ verdict: 'OK', balanceMinor: 120n, bonusMinor: 90n })
    expect(balances()).toEqual([30n, 90n, 0n])
    expect(table.accounts()).toEqual({})
  })
})

describe('a win', () => {
  test('is shared like the stake, the odd unit in cash', () => {
    const { win, balances, table } = betting(67n, 33n)
    win('w', { amountMinor: 10n })
    expect(balances()).toEqual([7n, 3n, 0n])
    expect(table.events('w')).toEqual(['WinRecorded 10 kind REAL bonusMinor 3'])
    expect(table.accounts()).toEqual({ CASH: -60n, BONUS: -30n, STAKES: 100n, HOUSE: -10n })
  })

  test('of a bet of zero is cash', () => {
    const { win, balances } = betting(0n, 50n, { amountMinor: 0n })
    win('w', { amountMinor: 10n })
    expect(balances()).toEqual([10n, 50n, 0n])
  })

  test('takes its jackpot part from the jackpots', () => {
    const { win, table } = betting(100n, 0n)
    expect(win('w', { amountMinor: 500n, jackpotMinor: 450n })).toMatchObject({ balanceMinor: 500n })
    expect(table.accounts()).toEqual({ CASH: 400n, STAKES: 100n, HOUSE: -50n, JACKPOTS: -450n })
    expect(table.bet('b')).toMatchObject({ payoutMinor: 500n, jackpotMinor: 450n })
  })

  test.each([
    ['CASH', [40n, 0n, 0n]],
    ['BONUS', [0n, 40n, 0n]],
  ] as const)('without a real stake goes to %s when the account says so', (freeWinsTo, expected) => {
    const { win, balances, table } = betting(0n, 0n, { betKind: 'FREE' })
    win('w', { amountMinor: 40n, freeWinsTo, closesRound: true })
    expect(balances()).toEqual(expected)
    expect(table.accounts()).toEqual({ [freeWinsTo]: 40n, PROMOTIONS: -40n })
  })

  test('that names no bet pays the newest bet of its round that stands', () => {
    const { table, seat, win, rollback } = betting(1000n, 0n)
    table.play(table.commands.bet(seat, { key: 'b2' }))
    rollback('b')
    const { referenceKey: _, ...unnamed } = table.commands.win(seat, { key: 'w', amountMinor: 7n })
    expect(table.play(unnamed)).toMatchObject({ verdict: 'OK', betId: table.bet('b2').id })
    expect(table.bet('b2').payoutMinor).toBe(7n)
    expect(win('w9', { roundKey: 'other' }).verdict).toBe('REFERENCE_UNKNOWN')
    const elsewhere = { ...unnamed, transactionKey: 'w2', roundKey: 'other' }
    expect(table.play(elsewhere).verdict).toBe('REFERENCE_UNKNOWN')
  })

  test('that names no bet of a round whose bets are all taken back is refused for good', () => {
    const { table, seat, rollback } = betting(1000n, 0n)
    rollback('b')
    const { referenceKey: _, ...unnamed } = table.commands.win(seat, { key: 'w' })
    expect(table.play(unnamed).verdict).toBe('REFERENCE_ROLLED_BACK')
    expect(table.stored('w')).toBe('REFERENCE_ROLLED_BACK')
  })

  test('settles its bet when the dialect says so, and then refuses another where it says that', () => {
    const { table, win } = betting(1000n, 0n)
    expect(win('w', { settlesBet: true }).verdict).toBe('OK')
    expect(table.bet('b')).toMatchObject({ status: 'SETTLED', result: 'WON', payoutMinor: 100n })
    expect(win('w2', { afterSettlement: 'REFUSE' }).verdict).toBe('ALREADY_SETTLED')
    expect(win('w3').verdict).toBe('OK')
    expect(table.bet('b')).toMatchObject({ payoutMinor: 200n, late: true })
  })
})

describe('a win that is reversed', () => {
  test('gives its parts back to where they came from', () => {
    const { table, win, rollback, balances } = betting(50n, 50n)
    win('w', { amountMinor: 100n, jackpotMinor: 60n })
    expect(balances()).toEqual([50n, 50n, 0n])
    rollback('w')
    expect(balances()).toEqual([0n, 0n, 0n])
    expect(table.accounts()).toEqual({ CASH: -50n, BONUS: -50n, STAKES: 100n })
    expect(table.bet('b')).toMatchObject({ payoutMinor: 0n, jackpotMinor: 0n })
  })

  test('takes cash for bonus that is spent, and owes the rest', () => {
    const { table, seat, win, rollback, balances } = betting(50n, 50n)
    win('w', { amountMinor: 100n })
    table.play(table.commands.bet(seat, { key: 'b2', roundKey: 'r2', amountMinor: 90n }))
    expect(balances()).toEqual([0n, 10n, 0n])
    rollback('w')
    expect(balances()).toEqual([0n, 0n, -90n])
    expect(table.events('x w')).toEqual(['WinRolledBack 100 kind REAL', 'DebtRecorded 90'])
  })
})

describe('a gift', () => {
  test('is paid out of the promotions, also to a blocked player whose session is over', () => {
    const table = openTable()
    const seat = table.seat({ status: 'BLOCKED', session: 'EXPIRED', cashMinor: 5n })
    expect(table.play(table.commands.promo(seat, { key: 'p' }))).toMatchObject({
      verdict: 'OK',
      balanceMinor: 105n,
    })
    expect(table.accounts()).toEqual({ CASH: 100n, PROMOTIONS: -100n })
    expect(table.events('p')).toEqual(['PromoRecorded 100 paidTo CASH'])
  })

  test('may go to the bonus', () => {
    const table = openTable()
    const seat = table.seat()
    const outcome = table.play(table.commands.promo(seat, { key: 'p', paidTo: 'BONUS' }))
    expect(outcome).toMatchObject({ balanceMinor: 1100n, bonusMinor: 100n })
  })

  test('to an unknown token leaves nothing; in another currency it is refused for good', () => {
    const table = openTable()
    const seat = table.seat()
    const lost = { ...table.commands.promo(seat, { key: 'p' }), tokenHash: Buffer.alloc(32) }
    expect(table.play(lost).verdict).toBe('SESSION_INVALID')
    expect(table.stored('p')).toBeUndefined()
    expect(table.play(table.commands.promo(seat, { key: 'p2', currency: 'USD' })).verdict).toBe('CURRENCY')
    expect(table.stored('p2')).toBe('CURRENCY')
  })
})
