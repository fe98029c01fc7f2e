import { describe, expect, test } from 'vitest'
import { openTable, stranger } from '../../support/gaming-table.ts'

describe('a deposit', () => {
  test('brings money in from the cashier', () => {
    const table = openTable()
    const seat = table.seat()
    const command = table.commands.deposit(seat, { key: 'd', amountMinor: 40n })
    expect(table.play(command)).toMatchObject({
      verdict: 'OK',
      playerId: seat.playerId,
      walletId: seat.walletId,
      balanceMinor: 1040n,
    })
    expect(table.events('d', table.desk.brandId)).toEqual(['DepositRecorded 40'])
    expect(table.accounts()).toEqual({ CASH: 40n, CASHIER: -40n })
  })

  test('opens the wallet of its currency, once', () => {
    const table = openTable()
    const seat = table.seat()
    const yen = { amountMinor: 7n, currency: 'JPY' }
    const first = table.play(table.commands.deposit(seat, { key: 'd1', ...yen }))
    const second = table.play(table.commands.deposit(seat, { key: 'd2', ...yen }))
    expect(table.events('d1', table.desk.brandId)).toEqual(['WalletOpened', 'DepositRecorded 7'])
    expect(table.events('d2', table.desk.brandId)).toEqual(['DepositRecorded 7'])
    expect([second.walletId, second.balanceMinor]).toEqual([first.walletId, 14n])
    expect(table.wallet(seat).cashMinor).toBe(1000n)
  })

  test('of a blocked player is refused for good', () => {
    const table = openTable()
    const seat = table.seat({ status: 'BLOCKED' })
    const command = table.commands.deposit(seat, { key: 'd' })
    expect(table.play(command).verdict).toBe('PLAYER_BLOCKED')
    expect(table.play(command)).toMatchObject({ verdict: 'REPLAY', first: 'PLAYER_BLOCKED' })
    expect(table.wallet(seat).cashMinor).toBe(1000n)
    expect(table.pile.legs).toEqual([])
  })

  test("of an unknown player, or of another brand's, leaves nothing", () => {
    const table = openTable()
    const seat = table.seat()
    const unknown = table.commands.deposit(stranger, { key: 'd' })
    const other = { ...table.commands.deposit(seat, { key: 'd' }), brandId: stranger.playerId }
    expect(table.play(unknown).verdict).toBe('PLAYER_UNKNOWN')
    expect(table.play(other).verdict).toBe('PLAYER_UNKNOWN')
    expect(table.state.transactions.size + table.pile.events.length).toBe(0)
  })
})

describe('a withdrawal', () => {
  test('takes money out to the cashier, down to nothing', () => {
    const table = openTable()
    const seat = table.seat()
    const command = table.commands.withdraw(seat, { key: 'o', amountMinor: 1000n })
    expect(table.play(command)).toMatchObject({ verdict: 'OK', balanceMinor: 0n })
    expect(table.events('o', table.desk.brandId)).toEqual(['WithdrawalRecorded 1000'])
    expect(table.accounts()).toEqual({ CASH: -1000n, CASHIER: 1000n })
  })

  test('is open to a blocked player', () => {
    const table = openTable()
    const seat = table.seat({ status: 'BLOCKED' })
    expect(table.play(table.commands.withdraw(seat, { key: 'o' })).verdict).toBe('OK')
  })

  test.each([
    ['more than the cash', { amountMinor: 1001n }],
    ['of a currency without a wallet', { currency: 'USD' }],
  ])('of %s is refused for good and moves nothing', (_title, named) => {
    const table = openTable()
    const seat = table.seat()
    const command = table.commands.withdraw(seat, { key: 'o', ...named })
    expect(table.play(command).verdict).toBe('FUNDS')
    table.play(table.commands.deposit(seat, { key: 'd' }))
    expect(table.play(command)).toMatchObject({ verdict: 'REPLAY', first: 'FUNDS' })
    expect(table.accounts()).toEqual({ CASH: 100n, CASHIER: -100n })
    expect(table.state.wallets.size).toBe(1)
  })
})

describe('the end of a round', () => {
  test('settles its open bets and completes it', () => {
    const table = openTable()
    const seat = table.seat()
    for (const key of ['b1', 'b2', 'b3']) table.play(table.commands.bet(seat, { key }))
    table.play(table.commands.win(seat, { key: 'w', referenceKey: 'b2', amountMinor: 5n }))
    table.play(table.commands.rollback(seat, { key: 'x', referenceKey: 'b3' }))
    expect(table.play(table.commands.endRound(seat, { key: 'e' }))).toMatchObject({
      verdict: 'OK',
      roundId: table.round(seat)?.id,
      balanceMinor: 805n,
    })
    expect(table.events('e').sort()).toEqual([
      'BetSettled 5 kind REAL',
      'LossRecorded 100 kind REAL',
      'RoundCompleted settledBets 2',
    ])
    expect(table.accounts()).toEqual({ CASH: -195n, HOUSE: 195n })
  })

  test('that is completed already is only noted', () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b', closesRound: true }))
    expect(table.play(table.commands.endRound(seat, { key: 'e' })).verdict).toBe('OK')
    expect(table.events('e')).toEqual(['ResultRecorded kind END_ROUND'])
    expect(table.round(seat)?.version).toBe(2n)
  })

  test.each([
    ['of an unknown round', { roundKey: 'other' }, 'REFERENCE_UNKNOWN'],
    ['with an unknown token', { tokenHash: stranger.tokenHash }, 'SESSION_INVALID'],
  ])('%s leaves nothing and may be sent again', (_title, named, verdict) => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b' }))
    expect(table.play(table.commands.endRound(seat, { key: 'e', ...named })).verdict).toBe(verdict)
    expect(table.stored('e')).toBeUndefined()
    expect(table.round(seat)?.status).toBe('OPEN')
    expect(table.play(table.commands.endRound(seat, { key: 'e' })).verdict).toBe('OK')
  })
})

/** A player with a bet b, and one command of each kind under a key. */
function six() {
  const table = openTable()
  const seat = table.seat()
  table.play(table.commands.bet(seat, { key: 'b' }))
  const made = (key: string) => ({
    bet: table.commands.bet(seat, { key }),
    win: table.commands.win(seat, { key, referenceKey: 'b' }),
    rollback: table.commands.rollback(seat, { key, referenceKey: 'b' }),
    endRound: table.commands.endRound(seat, { key }),
    deposit: table.commands.deposit(seat, { key }),
    withdraw: table.commands.withdraw(seat, { key }),
  })
  return { table, seat, made }
}

describe('a key', () => {
  const kinds = ['bet', 'win', 'rollback', 'endRound', 'deposit', 'withdraw'] as const

  test.each(kinds)('of a %s that comes again is answered as the first time and moves nothing', (kind) => {
    const { table, seat, made } = six()
    const first = table.play(made('k')[kind])
    expect(first.verdict).toBe('OK')
    const [wallet, events, legs] = [table.wallet(seat), table.pile.events.length, table.pile.legs.length]
    for (let times = 0; times < 3; times += 1) {
      expect(table.play(made('k')[kind])).toEqual({ ...first, verdict: 'REPLAY', first: 'OK' })
    }
    expect(table.wallet(seat)).toEqual(wallet)
    expect([table.pile.events.length, table.pile.legs.length]).toEqual([events, legs])
  })

  test.each(kinds)(
    'of a %s with other content is a conflict, changes nothing, and the first stays',
    (kind) => {
      const { table, seat, made } = six()
      const { transactionId } = table.play(made('k')[kind])
      const [wallet, events] = [table.wallet(seat), table.pile.events.length]
      const other = { ...made('k')[kind], fingerprint: Buffer.alloc(32) }
      expect(table.play(other)).toMatchObject({ verdict: 'DUPLICATE_CONFLICT', transactionId })
      expect(table.wallet(seat)).toEqual(wallet)
      expect(table.pile.events.length).toBe(events)
      expect(table.play(made('k')[kind])).toMatchObject({ verdict: 'REPLAY', first: 'OK' })
    },
  )

  test('is shared by all kinds of a scope, and by no other scope', () => {
    const { table, made } = six()
    table.play(made('k').bet)
    for (const kind of ['win', 'rollback', 'endRound'] as const) {
      expect(table.play(made('k')[kind]).verdict).toBe('DUPLICATE_CONFLICT')
    }
    expect(table.play(made('k').deposit).verdict).toBe('OK')
    expect(table.play(made('k').withdraw).verdict).toBe('DUPLICATE_CONFLICT')
  })
})
