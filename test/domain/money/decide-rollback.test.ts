import { describe, expect, test } from 'vitest'
import type { Outcome, RollbackCommand } from '../../../src/domain/money/types.ts'
import { openTable, stranger, type Table, type TableSeat } from '../../support/gaming-table.ts'

/** A player with 1000, who may have placed bet b of 100 in round r and won w of 250. */
function begin(...steps: ('bet' | 'win' | 'close')[]) {
  const table = openTable()
  const seat = table.seat()
  const { bet, win, endRound, rollback } = table.commands
  const play = {
    bet: () => table.play(bet(seat, { key: 'b' })),
    win: () => table.play(win(seat, { key: 'w', referenceKey: 'b', amountMinor: 250n })),
    close: () => table.play(endRound(seat, { key: 'e' })),
  }
  for (const step of steps) expect(play[step]().verdict).toBe('OK')
  const back = (key: string, referenceKey: string, named: Partial<RollbackCommand> = {}) =>
    table.play(rollback(seat, { key, referenceKey, ...named }))
  return { table, seat, play, back }
}

const reverse = { afterWin: 'REVERSE_REFERENCED' } as const

describe('a rollback of a bet', () => {
  test('gives the stake back out of the stakes in play', () => {
    const { table, back } = begin('bet')
    expect(back('x', 'b')).toMatchObject({ verdict: 'OK', balanceMinor: 1000n, betId: table.bet('b').id })
    expect(table.events('x')).toEqual(['BetRolledBack 100 kind REAL'])
    expect(table.bet('b')).toMatchObject({ status: 'ROLLED_BACK', late: false, result: null })
    expect(table.accounts()).toEqual({})
  })

  test('for free gives nothing back', () => {
    const { table, seat, back } = begin()
    table.play(table.commands.bet(seat, { key: 'f', betKind: 'FREE' }))
    expect(back('x', 'f')).toMatchObject({ verdict: 'OK', balanceMinor: 1000n })
    expect(table.bet('f').status).toBe('ROLLED_BACK')
    expect(table.pile.legs).toEqual([])
  })

  test('gives it back once, however many ids ask', () => {
    const { table, back } = begin('bet')
    back('x1', 'b')
    expect(back('x1', 'b')).toMatchObject({ verdict: 'REPLAY', first: 'OK', balanceMinor: 1000n })
    expect(back('x2', 'b')).toMatchObject({ verdict: 'OK', balanceMinor: 1000n })
    expect(table.events('x2')).toEqual(['RollbackRecorded referenceKind BET referenceVerdict OK'])
  })

  test.each([
    ['lost', ['bet', 'close'], 900n],
    ['won', ['bet', 'win', 'close'], 1150n],
    ['paid, though its round is open', ['bet', 'win'], 1150n],
  ] as const)('that is %s is refused where results are final', (_title, steps, balanceMinor) => {
    const { table, seat, back } = begin(...steps)
    const [bet, legs] = [table.bet('b'), table.pile.legs.length]
    expect(back('x', 'b')).toMatchObject({ verdict: 'ALREADY_SETTLED', balanceMinor })
    expect(table.bet('b')).toEqual(bet)
    expect(table.pile.legs).toHaveLength(legs)
    expect(table.wallet(seat).cashMinor).toBe(balanceMinor)
    expect(back('x', 'b')).toMatchObject({ verdict: 'REPLAY', first: 'ALREADY_SETTLED' })
  })

  test('that was settled takes the stake from the house and is late, where it reverses what it names', () => {
    const { table, back } = begin('bet', 'close')
    expect(back('x', 'b', reverse)).toMatchObject({ verdict: 'OK', balanceMinor: 1000n })
    expect(table.events('x')).toEqual(['BetRolledBack 100 kind REAL late true'])
    expect(table.bet('b')).toMatchObject({ status: 'ROLLED_BACK', late: true })
    expect(table.accounts()).toEqual({})
  })

  test('and of its win undo everything, in either order', () => {
    for (const order of [
      ['b', 'w'],
      ['w', 'b'],
    ]) {
      const { table, back } = begin('bet', 'win', 'close')
      for (const name of order) expect(back(`x${name}`, name, reverse).verdict).toBe('OK')
      expect(table.accounts()).toEqual({})
      expect(table.bet('b')).toMatchObject({ status: 'ROLLED_BACK', payoutMinor: 0n })
    }
  })

  test('may close the round', () => {
    const { table, seat, back } = begin('bet')
    table.play(table.commands.bet(seat, { key: 'b2' }))
    expect(back('x', 'b', { closesRound: true }).verdict).toBe('OK')
    expect(table.events('x')).toEqual([
      'BetRolledBack 100 kind REAL',
      'LossRecorded 100 kind REAL',
      'RoundCompleted settledBets 1',
    ])
    expect(table.accounts()).toEqual({ CASH: -100n, HOUSE: 100n })
  })

  test('of a gift is refused, since it takes nothing back', () => {
    const { table, seat, back } = begin('bet')
    table.play(table.commands.promo(seat, { key: 'p' }))
    const before = table.accounts()
    expect(back('x', 'p', reverse).verdict).toBe('REFERENCE_UNKNOWN')
    expect(table.accounts()).toEqual(before)
  })

  test('that was voided is refused', () => {
    const { table, back } = begin('bet')
    table.state.bets.set(table.bet('b').id, { ...table.bet('b'), status: 'VOIDED' })
    expect(back('x', 'b', reverse).verdict).toBe('ALREADY_SETTLED')
  })

  test.each([
    ['with an unknown token', () => ({ tokenHash: stranger.tokenHash })],
    ['in an expired session', (table: Table, seat: TableSeat) => expire(table, seat)],
  ])('%s gives the stake back', (_title, named) => {
    const { table, seat, back } = begin('bet')
    expect(back('x', 'b', named(table, seat))).toMatchObject({
      verdict: 'OK',
      balanceMinor: 1000n,
      walletId: seat.walletId,
    })
  })

  test("with another player's token is not known, and may be sent again", () => {
    const { table, back } = begin('bet')
    const other = table.seat()
    expect(back('x', 'b', { tokenHash: other.tokenHash, closesRound: true }).verdict).toBe(
      'REFERENCE_UNKNOWN',
    )
    expect(table.bet('b').status).toBe('OPEN')
    expect(table.stored('x')).toBeUndefined()
    expect(back('x', 'b').verdict).toBe('OK')
  })
})

function expire(table: Table, { tokenHash, session }: TableSeat) {
  table.state.sessions.set(tokenHash.toString('hex'), { ...session, expiresAt: new Date(0) })
  return {}
}

describe('a rollback of a win', () => {
  test('takes it back, and a settled bet is lost again', () => {
    const { table, back } = begin('bet', 'win', 'close')
    expect(back('x', 'w', reverse)).toMatchObject({ verdict: 'OK', balanceMinor: 900n })
    expect(table.events('x')).toEqual(['WinRolledBack 250 kind REAL late true'])
    expect(table.bet('b')).toMatchObject({ status: 'SETTLED', result: 'LOST', payoutMinor: 0n })
    expect(table.accounts()).toEqual({ CASH: -100n, HOUSE: 100n })
  })

  test('of which the bet is still open leaves it open', () => {
    const { table, back } = begin('bet', 'win')
    back('x', 'w', reverse)
    expect(table.bet('b')).toMatchObject({ status: 'OPEN', result: null, payoutMinor: 0n })
  })

  test('leaves the other wins of the bet', () => {
    const { table, seat, back } = begin('bet', 'win')
    table.play(
      table.commands.win(seat, { key: 'w2', referenceKey: 'b', amountMinor: 40n, closesRound: true }),
    )
    expect(back('x', 'w', reverse).balanceMinor).toBe(940n)
    expect(table.bet('b')).toMatchObject({ result: 'WON', payoutMinor: 40n })
  })

  test('takes it once, with two ids', () => {
    const { table, back } = begin('bet', 'win')
    back('x1', 'w', reverse)
    expect(back('x2', 'w', reverse)).toMatchObject({ verdict: 'OK', balanceMinor: 900n })
    expect(table.events('x2')).toEqual(['RollbackRecorded referenceKind WIN referenceVerdict OK'])
  })

  test('is refused where results are final', () => {
    const { back } = begin('bet', 'win')
    expect(back('x', 'w')).toMatchObject({ verdict: 'ALREADY_SETTLED', balanceMinor: 1150n })
  })

  test('that was spent takes what is there; the rest is owed', () => {
    const { table, seat, back } = begin('bet', 'win', 'close')
    table.play(table.commands.withdraw(seat, { key: 'out', amountMinor: 1100n }))
    expect(back('x', 'w', reverse)).toMatchObject({ verdict: 'OK', balanceMinor: 0n })
    expect(table.events('x')).toEqual(['WinRolledBack 250 kind REAL late true', 'DebtRecorded 200'])
    expect(table.wallet(seat)).toMatchObject({ cashMinor: 0n, owedMinor: -200n })
    expect(table.accounts()).toEqual({ CASH: -1000n, OWED: -200n, HOUSE: 100n, CASHIER: 1100n })
  })
})

interface Effectless {
  readonly reference: string
  readonly first?: (table: Table, seat: TableSeat) => Outcome
  readonly facts: string
}

const effectless: Record<string, Effectless> = {
  'a declined bet': {
    reference: 'poor',
    first: ({ play, commands }, seat) => play(commands.bet(seat, { key: 'poor', amountMinor: 5000n })),
    facts: 'referenceKind BET referenceVerdict FUNDS',
  },
  'a rollback': {
    reference: 'x0',
    first: ({ play, commands }, seat) => play(commands.rollback(seat, { key: 'x0', referenceKey: 'b' })),
    facts: 'referenceKind ROLLBACK referenceVerdict OK',
  },
  'the end of a round': {
    reference: 'e',
    first: ({ play, commands }, seat) => play(commands.endRound(seat, { key: 'e' })),
    facts: 'referenceKind END_ROUND referenceVerdict OK',
  },
  'a declined win': {
    reference: 'usd',
    first: ({ play, commands }, seat) =>
      play(commands.win(seat, { key: 'usd', referenceKey: 'b', currency: 'USD' })),
    facts: 'referenceKind WIN referenceVerdict CURRENCY',
  },
  'what was rolled back before it came': {
    reference: 'never',
    first: ({ play, commands }, seat) => play(commands.rollback(seat, { key: 'x0', referenceKey: 'never' })),
    facts: 'referenceKind TOMBSTONE referenceVerdict TOMBSTONED',
  },
}

describe('a rollback of nothing', () => {
  test.each(Object.entries(effectless))('as %s is success without effect', (_title, given) => {
    const { table, seat, back } = begin('bet')
    given.first?.(table, seat)
    const [bet, wallet, legs] = [table.bet('b'), table.wallet(seat), table.pile.legs.length]
    expect(back('x', given.reference, reverse).verdict).toBe('OK')
    expect(table.events('x')).toEqual([`RollbackRecorded ${given.facts}`])
    expect([table.bet('b'), table.wallet(seat)]).toEqual([bet, wallet])
    expect(table.pile.legs).toHaveLength(legs)
  })

  test.each([
    ['of a player', false],
    ['of nobody', true],
  ])('%s leaves a tombstone, on which a later bet moves nothing', (_title, unknown) => {
    const { table, seat, play, back } = begin()
    const named = unknown ? { tokenHash: stranger.tokenHash } : {}
    expect(back('x', 'b', named).verdict).toBe('OK')
    expect(table.events('x')).toEqual(['RollbackRecorded tombstone true'])
    expect(table.stored('b')).toBe('TOMBSTONED')
    expect(play.bet()).toMatchObject({ verdict: 'TOMBSTONED', balanceMinor: 1000n })
    expect(play.bet().verdict).toBe('TOMBSTONED')
    expect(play.win().verdict).toBe('REFERENCE_ROLLED_BACK')
    expect(table.state.bets.size + table.pile.legs.length).toBe(0)
    expect(table.wallet(seat).version).toBe(0n)
  })

  test.each(['poor', 'never'])('closes the round when it says so: %s', (reference) => {
    const { table, seat, back } = begin('bet')
    table.play(table.commands.bet(seat, { key: 'poor', amountMinor: 5000n }))
    expect(back('x', reference, { closesRound: true }).verdict).toBe('OK')
    expect(table.round(seat)?.status).toBe('COMPLETED')
    expect(table.accounts()).toEqual({ CASH: -100n, HOUSE: 100n })
  })

  test('that names itself is success without effect, and stays so', () => {
    const { table, back } = begin('bet')
    const first = back('x', 'x')
    expect(first.verdict).toBe('OK')
    expect(table.stored('x')).toBe('OK')
    expect(back('x', 'x')).toMatchObject({
      verdict: 'REPLAY',
      first: 'OK',
      transactionId: first.transactionId,
    })
  })
})
