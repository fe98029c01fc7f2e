import { describe, expect, test } from 'vitest'
import { betMoves, movedBet, movedRound, roundMoves } from '../../../src/domain/money/states.ts'
import { openTable, type Table, type TableSeat } from '../../support/gaming-table.ts'

const balances = (table: Table, seat: TableSeat) => {
  const { cashMinor, bonusMinor, owedMinor } = table.wallet(seat)
  return [cashMinor, bonusMinor, owedMinor]
}

describe('a correction', () => {
  test.each([
    ['CASH', -100n, [900n, 20n, 0n]],
    ['CASH', -1000n, [0n, 20n, 0n]],
    ['BONUS', 5n, [1000n, 25n, 0n]],
    ['BONUS', -20n, [1000n, 0n, 0n]],
    ['OWED', -30n, [1000n, 20n, -30n]],
  ] as const)('of %s by %i moves money against the adjustments', (account, amountMinor, expected) => {
    const table = openTable()
    const seat = table.seat({ bonusMinor: 20n, status: 'BLOCKED' })
    const outcome = table.play(table.commands.adjust(seat, { key: 'a', account, amountMinor }))
    expect(outcome.verdict).toBe('OK')
    expect(balances(table, seat)).toEqual(expected)
    expect(table.accounts()).toEqual({ [account]: amountMinor, ADJUSTMENTS: -amountMinor })
    expect(table.events('a', table.desk.brandId)).toEqual([
      `AdjustmentRecorded ${amountMinor} account ${account}`,
    ])
  })

  test.each([
    ['CASH', -1001n],
    ['BONUS', -21n],
    ['OWED', 1n],
  ] as const)('of %s by %i, beyond zero, is refused for good', (account, amountMinor) => {
    const table = openTable()
    const seat = table.seat({ bonusMinor: 20n })
    const outcome = table.play(table.commands.adjust(seat, { key: 'a', account, amountMinor }))
    expect(outcome).toMatchObject({ verdict: 'FUNDS', balanceMinor: 1020n, bonusMinor: 20n })
    expect(balances(table, seat)).toEqual([1000n, 20n, 0n])
    expect(table.stored('a', table.desk.brandId)).toBe('FUNDS')
  })

  test('opens a wallet in a new currency only to give', () => {
    const table = openTable()
    const seat = table.seat()
    const take = table.commands.adjust(seat, { key: 'a1', currency: 'USD', amountMinor: -1n })
    expect(table.play(take).verdict).toBe('FUNDS')
    const give = table.commands.adjust(seat, { key: 'a2', currency: 'USD', account: 'BONUS' })
    expect(table.play(give)).toMatchObject({ verdict: 'OK', balanceMinor: 100n, currency: 'USD' })
    expect(table.events('a2', table.desk.brandId)).toEqual([
      'WalletOpened',
      'AdjustmentRecorded 100 account BONUS',
    ])
  })

  test('of nobody of the brand leaves nothing', () => {
    const table = openTable()
    const stranger = { ...table.commands.adjust(table.seat(), { key: 'a' }), playerId: 'nobody' }
    expect(table.play(stranger).verdict).toBe('PLAYER_UNKNOWN')
    expect(table.stored('a', table.desk.brandId)).toBeUndefined()
  })
})

/** Three bets in a round: open, paid but open, taken back. */
function hanging() {
  const table = openTable()
  const seat = table.seat({ cashMinor: 260n, bonusMinor: 40n })
  const { bet, win, rollback } = table.commands
  for (const key of ['b1', 'b2', 'b3']) table.play(bet(seat, { key }))
  table.play(win(seat, { key: 'w', referenceKey: 'b1', amountMinor: 70n }))
  table.play(rollback(seat, { key: 'x', referenceKey: 'b2' }))
  const roundId = table.round(seat)?.id ?? expect.fail()
  const resolve = (kind: 'CLOSE_ROUND' | 'VOID_ROUND', key = 'op') =>
    table.play(table.commands.resolve(seat, { key, kind, roundId }))
  const statuses = () => ['b1', 'b2', 'b3'].map((key) => table.bet(key).status)
  return { table, seat, roundId, resolve, statuses }
}

describe('a round that an operator ends', () => {
  test('as it stands settles what is open', () => {
    const { table, seat, resolve, statuses } = hanging()
    expect(resolve('CLOSE_ROUND')).toMatchObject({ verdict: 'OK' })
    expect(statuses()).toEqual(['SETTLED', 'ROLLED_BACK', 'SETTLED'])
    expect([table.bet('b1').result, table.bet('b3').result]).toEqual(['WON', 'LOST'])
    expect(table.round(seat)?.status).toBe('COMPLETED')
    expect(table.accounts()['STAKES']).toBeUndefined()
  })

  test('by refund gives back the stakes on which nothing was paid, to where they came from', () => {
    const { table, seat, resolve, statuses } = hanging()
    expect(balances(table, seat)).toEqual([170n, 0n, 0n])
    expect(resolve('VOID_ROUND').verdict).toBe('OK')
    expect(statuses()).toEqual(['SETTLED', 'ROLLED_BACK', 'VOIDED'])
    expect(table.bet('b3').bonusStakeMinor).toBe(40n)
    expect(balances(table, seat)).toEqual([230n, 40n, 0n])
    expect(table.events('op', table.desk.brandId)).toEqual([
      'BetVoided 100 kind REAL',
      'BetSettled 70 kind REAL',
      'RoundCompleted settledBets 1',
    ])
    expect(table.accounts()['STAKES']).toBeUndefined()
  })

  test('is ended once; the same key again is a replay', () => {
    const { resolve } = hanging()
    resolve('VOID_ROUND')
    expect(resolve('VOID_ROUND')).toMatchObject({ verdict: 'REPLAY', first: 'OK' })
    expect(resolve('CLOSE_ROUND', 'op2').verdict).toBe('ALREADY_SETTLED')
  })

  test('must be a round of that player in that brand', () => {
    const { table, roundId } = hanging()
    const other = table.seat()
    const command = table.commands.resolve(other, { key: 'op', kind: 'CLOSE_ROUND', roundId })
    expect(table.play(command).verdict).toBe('REFERENCE_UNKNOWN')
    expect(table.play({ ...command, roundId: 'none' }).verdict).toBe('REFERENCE_UNKNOWN')
  })

  test('refuses a late win and a rollback of a bet whose stake was given back', () => {
    const { table, seat, resolve } = hanging()
    resolve('VOID_ROUND')
    const { win, rollback } = table.commands
    expect(table.play(win(seat, { key: 'w3', referenceKey: 'b3' })).verdict).toBe('ALREADY_SETTLED')
    const reverse = { referenceKey: 'b3', afterWin: 'REVERSE_REFERENCED' } as const
    expect(table.play(rollback(seat, { key: 'x3', ...reverse })).verdict).toBe('ALREADY_SETTLED')
    expect(table.events('w3')).toEqual(['TransactionDeclined 100 kind WIN verdict ALREADY_SETTLED'])
  })
})

describe('a rollback of a dialect that wants to know', () => {
  const refusing = (table: Table, seat: TableSeat, key: string, referenceKey: string) =>
    table.play(table.commands.rollback(seat, { key, referenceKey, unmatched: 'REFUSE' }))

  test('is told that the bet is unknown, for good, and leaves its tombstone', () => {
    const table = openTable()
    const seat = table.seat()
    expect(refusing(table, seat, 'x', 'b').verdict).toBe('REFERENCE_UNKNOWN')
    expect(refusing(table, seat, 'x', 'b')).toMatchObject({ verdict: 'REPLAY', first: 'REFERENCE_UNKNOWN' })
    expect(table.play(table.commands.bet(seat, { key: 'b' })).verdict).toBe('TOMBSTONED')
    expect(refusing(table, seat, 'x2', 'b').verdict).toBe('REFERENCE_UNKNOWN')
  })

  test('is told that the bet is taken back already, was declined, or is no bet', () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b' }))
    table.play(table.commands.bet(seat, { key: 'declined', amountMinor: 5000n }))
    expect(refusing(table, seat, 'x', 'b').verdict).toBe('OK')
    expect(refusing(table, seat, 'x2', 'b').verdict).toBe('ALREADY_SETTLED')
    expect(refusing(table, seat, 'x3', 'declined').verdict).toBe('REFERENCE_UNKNOWN')
    expect(refusing(table, seat, 'x4', 'x').verdict).toBe('REFERENCE_UNKNOWN')
  })
})

describe('a rollback that names another player than the bet is of', () => {
  test("moves nothing, leaves nothing, and stands in nobody's way", () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b' }))
    const rollback = table.commands.rollback(seat, { key: 'x', referenceKey: 'b', unmatched: 'REFUSE' })
    const lost = { ...rollback, tokenHash: Buffer.alloc(32), playerExternalId: 'somebody else' }
    expect(table.play(lost).verdict).toBe('REFERENCE_UNKNOWN')
    expect(table.stored('x')).toBeUndefined()
    expect(table.play({ ...lost, playerExternalId: seat.externalId }).verdict).toBe('OK')
    expect(table.bet('b').status).toBe('ROLLED_BACK')
  })
})

describe('the tables of moves', () => {
  test('let nothing leave what is final', () => {
    expect(betMoves.VOIDED).toEqual({})
    expect(Object.values(betMoves.ROLLED_BACK)).toEqual(['ROLLED_BACK'])
    expect(Object.values(roundMoves.COMPLETED)).toEqual(['OPEN'])
  })

  test('fail a rule that tries a move they lack', () => {
    expect(() => movedBet('VOIDED', 'pay')).toThrow('a bet that is VOIDED cannot pay')
    expect(() => movedBet('SETTLED', 'settle')).toThrow()
    expect(() => movedRound('OPEN', 'reopen')).toThrow('a round that is OPEN cannot reopen')
    expect(movedBet('OPEN', 'void')).toBe('VOIDED')
  })
})
