import { describe, expect, test } from 'vitest'
import type { BetCommand, Outcome } from '../../../src/domain/money/types.ts'
import { openTable, stranger, type Table, type TableSeat } from '../../support/gaming-table.ts'

const laidDown = (table: Table) => [table.state.bets.size, table.state.rounds.size, table.pile.legs.length]

describe('a bet', () => {
  test('debits the cash into the stakes in play and starts its round', () => {
    const table = openTable()
    const seat = table.seat()
    const outcome = table.play(table.commands.bet(seat, { key: 'b' }))
    expect(outcome).toMatchObject({ verdict: 'OK', balanceMinor: 900n, currency: 'EUR' })
    expect(outcome.transactionId).toBe(table.bet('b').transactionId)
    expect(outcome.betId).toBe(table.bet('b').id)
    expect(table.events('b')).toEqual(['RoundStarted', 'BetPlaced 100 kind REAL'])
    expect(table.accounts()).toEqual({ CASH: -100n, STAKES: 100n })
    expect(table.bet('b')).toMatchObject({ status: 'OPEN', result: null, stakeMinor: 100n, late: false })
    expect(table.round(seat)).toMatchObject({ status: 'OPEN', version: 1n })
  })

  test('takes the last of the cash, and joins a round that is open', () => {
    const table = openTable()
    const seat = table.seat({ cashMinor: 150n })
    table.play(table.commands.bet(seat, { key: 'b1' }))
    expect(table.play(table.commands.bet(seat, { key: 'b2', amountMinor: 50n }))).toMatchObject({
      verdict: 'OK',
      balanceMinor: 0n,
    })
    expect(table.events('b2')).toEqual(['BetPlaced 50 kind REAL'])
    expect(table.bet('b2').roundId).toBe(table.bet('b1').roundId)
  })

  test.each([0n, 1000n])('for free moves no money of %s', (cashMinor) => {
    const table = openTable()
    const seat = table.seat({ cashMinor })
    const outcome = table.play(table.commands.bet(seat, { key: 'b', betKind: 'FREE', closesRound: true }))
    expect(outcome).toMatchObject({ verdict: 'OK', balanceMinor: cashMinor })
    expect(table.pile.legs).toEqual([])
    expect(table.bet('b')).toMatchObject({
      kind: 'FREE',
      stakeMinor: 100n,
      status: 'SETTLED',
      result: 'LOST',
    })
  })

  test('that closes its round is settled as lost at once', () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b', closesRound: true }))
    expect(table.events('b')).toEqual([
      'RoundStarted',
      'BetPlaced 100 kind REAL',
      'LossRecorded 100 kind REAL',
      'RoundCompleted settledBets 1',
    ])
    expect(table.accounts()).toEqual({ CASH: -100n, HOUSE: 100n })
  })

  test('into a completed round takes it up again and is flagged late', () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b1', closesRound: true }))
    expect(table.play(table.commands.bet(seat, { key: 'b2' })).verdict).toBe('OK')
    expect(table.events('b2')).toEqual(['RoundStarted again true', 'BetPlaced 100 kind REAL late true'])
    expect(table.bet('b2')).toMatchObject({ late: true, roundId: table.bet('b1').roundId })
    expect(table.round(seat)).toMatchObject({ status: 'OPEN', completedAt: null, version: 3n })
    table.play(table.commands.endRound(seat, { key: 'e' }))
    expect(table.events('e')).toEqual(['LossRecorded 100 kind REAL', 'RoundCompleted settledBets 1'])
    expect(table.accounts()).toEqual({ CASH: -200n, HOUSE: 200n })
  })

  test('of two players under one round key makes two rounds', () => {
    const table = openTable()
    const [one, other] = [table.seat(), table.seat()]
    table.play(table.commands.bet(one, { key: 'b1' }))
    table.play(table.commands.bet(other, { key: 'b2' }))
    expect(table.bet('b1').roundId).not.toBe(table.bet('b2').roundId)
  })
})

interface Refusal {
  readonly verdict: Outcome['verdict']
  readonly seat?: Parameters<Table['seat']>[0]
  readonly bet?: (seat: TableSeat) => Partial<BetCommand>
}

const remembered: Record<string, Refusal> = {
  'over the cash by one': { verdict: 'FUNDS', bet: () => ({ amountMinor: 1001n }) },
  'of a blocked player': { verdict: 'PLAYER_BLOCKED', seat: { status: 'BLOCKED' } },
  'of a player whose block closed the session': {
    verdict: 'PLAYER_BLOCKED',
    seat: { status: 'BLOCKED', session: 'CLOSED' },
  },
  'in a closed session': { verdict: 'SESSION_EXPIRED', seat: { session: 'CLOSED' } },
  'at the very end of its session': { verdict: 'SESSION_EXPIRED', seat: { session: 'EXPIRED' } },
  'in another currency': { verdict: 'CURRENCY', bet: () => ({ currency: 'USD' }) },
  'on a disabled game': { verdict: 'GAME', bet: () => ({ gameCode: 'switched_off' }) },
  'on an unknown game': { verdict: 'GAME', bet: () => ({ gameCode: 'nothing' }) },
  'for free of a blocked player': {
    verdict: 'PLAYER_BLOCKED',
    seat: { status: 'BLOCKED' },
    bet: () => ({ betKind: 'FREE' }),
  },
}

const forgotten: Record<string, Refusal> = {
  'with an unknown token': { verdict: 'SESSION_INVALID', bet: () => ({ tokenHash: stranger.tokenHash }) },
  'with a token of another account': {
    verdict: 'SESSION_INVALID',
    bet: () => ({ providerAccountId: stranger.playerId }),
  },
  'that names another player': {
    verdict: 'SESSION_INVALID',
    bet: () => ({ playerExternalId: 'somebody else' }),
  },
}

describe('a refused bet', () => {
  test.each(Object.entries(remembered))('%s moves nothing and stays refused', (_title, refusal) => {
    const table = openTable()
    const seat = table.seat(refusal.seat)
    const command = table.commands.bet(seat, { key: 'b', closesRound: true, ...refusal.bet?.(seat) })
    const known = { verdict: refusal.verdict, balanceMinor: 1000n, walletId: seat.walletId }
    expect(table.play(command)).toMatchObject(known)
    expect(laidDown(table)).toEqual([0, 0, 0])
    expect(table.events('b')).toEqual([
      `TransactionDeclined ${command.amountMinor} kind BET verdict ${refusal.verdict}`,
    ])
    // What stood in its way goes away: the answer stays.
    table.state.players.set(seat.playerId, {
      ...(table.state.players.get(seat.playerId) ?? expect.fail()),
      status: 'ACTIVE',
    })
    table.play(table.commands.deposit(seat, { key: 'd' }))
    expect(table.play(command)).toMatchObject({ verdict: 'REPLAY', first: refusal.verdict })
    expect(laidDown(table)).toEqual([0, 0, 2])
  })

  test.each(Object.entries(forgotten))('%s leaves nothing and may be sent again', (_title, refusal) => {
    const table = openTable()
    const seat = table.seat()
    const right = table.commands.bet(seat, { key: 'b' })
    expect(table.play({ ...right, ...refusal.bet?.(seat) })).toEqual({
      verdict: refusal.verdict,
      brandId: table.desk.brandId,
    })
    expect([...laidDown(table), table.pile.events.length, table.state.transactions.size]).toEqual([
      0, 0, 0, 0, 0,
    ])
    expect(table.play(right).verdict).toBe('OK')
  })
})
