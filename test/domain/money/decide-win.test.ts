import { describe, expect, test } from 'vitest'
import type { Outcome, WinCommand } from '../../../src/domain/money/types.ts'
import { openTable, stranger, type Table, type TableSeat } from '../../support/gaming-table.ts'

/** A player with one bet b of 100 in round r. */
function afterBet(given: Parameters<Table['seat']>[0] = {}) {
  const table = openTable()
  const seat = table.seat(given)
  table.play(table.commands.bet(seat, { key: 'b' }))
  const win = (key: string, named: Partial<WinCommand> = {}) =>
    table.play(table.commands.win(seat, { key, referenceKey: 'b', ...named }))
  return { table, seat, win }
}

describe('a win', () => {
  test('pays its bet, which stays open until the round ends', () => {
    const { table, seat, win } = afterBet()
    expect(win('w', { amountMinor: 250n })).toMatchObject({
      verdict: 'OK',
      balanceMinor: 1150n,
      betId: table.bet('b').id,
    })
    expect(table.events('w')).toEqual(['WinRecorded 250 kind REAL'])
    expect(table.bet('b')).toMatchObject({ status: 'OPEN', payoutMinor: 250n, late: false })
    expect(table.accounts()).toEqual({ CASH: 150n, STAKES: 100n, HOUSE: -250n })
    table.play(table.commands.endRound(seat, { key: 'e' }))
    expect(table.events('e')).toEqual(['BetSettled 250 kind REAL', 'RoundCompleted settledBets 1'])
    expect(table.bet('b')).toMatchObject({ status: 'SETTLED', result: 'WON', payoutMinor: 250n })
    expect(table.accounts()).toEqual({ CASH: 150n, HOUSE: -150n })
  })

  test('comes several times to one bet', () => {
    const { table, win } = afterBet()
    for (const key of ['w1', 'w2', 'w3']) win(key)
    expect(win('w4', { amountMinor: 7n, closesRound: true })).toMatchObject({
      verdict: 'OK',
      balanceMinor: 1207n,
    })
    expect(table.events('w4')).toEqual([
      'WinRecorded 7 kind REAL',
      'BetSettled 307 kind REAL',
      'RoundCompleted settledBets 1',
    ])
    expect(table.bet('b')).toMatchObject({ status: 'SETTLED', result: 'WON', payoutMinor: 307n })
  })

  test('that closes the round settles every open bet of it', () => {
    const { table, seat, win } = afterBet()
    table.play(table.commands.bet(seat, { key: 'b2', amountMinor: 30n }))
    win('w', { closesRound: true })
    expect(table.events('w').slice(1).sort()).toEqual([
      'BetSettled 100 kind REAL',
      'LossRecorded 30 kind REAL',
      'RoundCompleted settledBets 2',
    ])
    expect(table.accounts()).toEqual({ CASH: -30n, HOUSE: 30n })
  })

  test('of zero loses its bet, and after a paid win settles it as won', () => {
    const { table, seat, win } = afterBet()
    win('w', { amountMinor: 0n })
    expect(table.events('w')).toEqual(['LossRecorded 100 kind REAL'])
    expect(table.bet('b')).toMatchObject({ status: 'SETTLED', result: 'LOST' })
    table.play(table.commands.bet(seat, { key: 'b2' }))
    win('w2', { referenceKey: 'b2', amountMinor: 5n })
    win('w3', { referenceKey: 'b2', amountMinor: 0n })
    expect(table.events('w3')).toEqual(['BetSettled 5 kind REAL'])
    expect(table.accounts()).toEqual({ CASH: -195n, HOUSE: 195n })
  })

  test('of zero on a settled bet is only noted', () => {
    const { table, win } = afterBet()
    win('w1', { amountMinor: 0n })
    expect(win('w2', { amountMinor: 0n })).toMatchObject({ verdict: 'OK', balanceMinor: 900n })
    expect(table.events('w2')).toEqual(['ResultRecorded kind WIN'])
  })

  test('after the round is completed is late: paid, flagged, and turns a lost bet into a won one', () => {
    const { table, seat, win } = afterBet()
    table.play(table.commands.endRound(seat, { key: 'e' }))
    expect(table.bet('b').result).toBe('LOST')
    expect(win('w', { closesRound: true })).toMatchObject({ verdict: 'OK', balanceMinor: 1000n })
    expect(table.events('w')).toEqual(['WinRecorded 100 kind REAL late true'])
    expect(table.bet('b')).toMatchObject({
      status: 'SETTLED',
      result: 'WON',
      late: true,
      payoutMinor: 100n,
    })
    expect(table.round(seat)?.status).toBe('COMPLETED')
  })

  test('of a free bet is paid in cash', () => {
    const { table, seat, win } = afterBet()
    table.play(table.commands.bet(seat, { key: 'f', betKind: 'FREE', roundKey: 'free' }))
    win('w', { referenceKey: 'f', roundKey: 'free', closesRound: true })
    expect(table.accounts()).toEqual({ STAKES: 100n, PROMOTIONS: -100n })
  })

  const obstacles: Record<string, (table: Table, seat: TableSeat) => void> = {
    'the player is blocked': ({ state }, { playerId }) =>
      void state.players.set(playerId, {
        ...(state.players.get(playerId) ?? expect.fail()),
        status: 'BLOCKED',
      }),
    'the session is closed': ({ state }, { tokenHash, session }) =>
      void state.sessions.set(tokenHash.toString('hex'), { ...session, status: 'CLOSED' }),
    'the session has expired': ({ state }, { tokenHash, session }) =>
      void state.sessions.set(tokenHash.toString('hex'), { ...session, expiresAt: new Date(0) }),
    'the token is not known': ({ state }, { tokenHash }) =>
      void state.sessions.delete(tokenHash.toString('hex')),
    'the game is disabled': ({ state }) => state.games.clear(),
  }

  test.each(Object.entries(obstacles))('is paid though %s', (_title, happen) => {
    const { table, seat, win } = afterBet()
    happen(table, seat)
    expect(win('w', { closesRound: true })).toMatchObject({
      verdict: 'OK',
      balanceMinor: 1000n,
      walletId: seat.walletId,
    })
    expect(table.bet('b')).toMatchObject({ status: 'SETTLED', result: 'WON' })
  })
})

interface Refusal {
  readonly verdict: Outcome['verdict']
  readonly win?: (table: Table) => Partial<WinCommand>
  readonly first?: (table: Table, seat: TableSeat) => void
}

const rollBack = (table: Table, seat: TableSeat) =>
  void table.play(table.commands.rollback(seat, { key: 'x', referenceKey: 'b' }))

const forgotten: Record<string, Refusal> = {
  'of an unknown bet': { verdict: 'REFERENCE_UNKNOWN', win: () => ({ referenceKey: 'never' }) },
  'that names itself': { verdict: 'REFERENCE_UNKNOWN', win: () => ({ referenceKey: 'w' }) },
  "of another player's bet": {
    verdict: 'REFERENCE_UNKNOWN',
    win: (table) => ({ tokenHash: table.seat().tokenHash }),
  },
  'that names another player without a token': {
    verdict: 'REFERENCE_UNKNOWN',
    win: () => ({ tokenHash: stranger.tokenHash, playerExternalId: 'somebody else' }),
  },
  'that names a win': {
    verdict: 'REFERENCE_UNKNOWN',
    first: (table, seat) => void table.play(table.commands.win(seat, { key: 'w0', referenceKey: 'b' })),
    win: () => ({ referenceKey: 'w0' }),
  },
  'in another round': { verdict: 'REFERENCE_UNKNOWN', win: () => ({ roundKey: 'other' }) },
  'of a declined bet': {
    verdict: 'REFERENCE_UNKNOWN',
    first: (table, seat) => void table.play(table.commands.bet(seat, { key: 'poor', amountMinor: 10_000n })),
    win: () => ({ referenceKey: 'poor' }),
  },
}

const remembered: Record<string, Refusal> = {
  'of a bet rolled back': { verdict: 'REFERENCE_ROLLED_BACK', first: rollBack },
  'of a bet rolled back before it came': {
    verdict: 'REFERENCE_ROLLED_BACK',
    first: (table, seat) =>
      void table.play(table.commands.rollback(seat, { key: 'x', referenceKey: 'never' })),
    win: () => ({ referenceKey: 'never' }),
  },
  'in another currency': { verdict: 'CURRENCY', win: () => ({ currency: 'USD' }) },
  'of a voided bet': {
    verdict: 'ALREADY_SETTLED',
    first: (table) => void table.state.bets.set(table.bet('b').id, { ...table.bet('b'), status: 'VOIDED' }),
  },
}

describe('a refused win', () => {
  test.each(Object.entries({ ...forgotten, ...remembered }))('%s pays nothing', (_title, refusal) => {
    const { table, seat, win } = afterBet()
    refusal.first?.(table, seat)
    const wallet = table.wallet(seat)
    const bet = table.bet('b')
    const legs = table.pile.legs.length
    expect(win('w', { closesRound: true, ...refusal.win?.(table) }).verdict).toBe(refusal.verdict)
    expect(table.wallet(seat)).toEqual(wallet)
    expect(table.bet('b')).toEqual(bet)
    expect(table.round(seat)?.status).toBe('OPEN')
    expect(table.pile.legs.length).toBe(legs)
  })

  test.each(Object.entries(forgotten))('%s may be sent again', (_title, refusal) => {
    const { table, seat, win } = afterBet()
    refusal.first?.(table, seat)
    win('w', refusal.win?.(table))
    expect(table.stored('w')).toBeUndefined()
    expect(win('w').verdict).toBe('OK')
  })

  test.each(Object.entries(remembered))('%s stays refused', (_title, refusal) => {
    const { table, seat, win } = afterBet()
    refusal.first?.(table, seat)
    const named = refusal.win?.(table)
    const { transactionId } = win('w', named)
    expect(table.stored('w')).toBe(refusal.verdict)
    expect(table.events('w').map((line) => line.replace(/ \d+/, ''))).toEqual([
      `TransactionDeclined kind WIN verdict ${refusal.verdict}`,
    ])
    expect(win('w', named)).toMatchObject({ verdict: 'REPLAY', first: refusal.verdict, transactionId })
  })

  test('that would close its round settles none of its other bets', () => {
    const { table, seat, win } = afterBet()
    table.play(table.commands.bet(seat, { key: 'b2', amountMinor: 30n }))
    rollBack(table, seat)
    win('w', { closesRound: true })
    expect(table.events('w')).toEqual(['TransactionDeclined 100 kind WIN verdict REFERENCE_ROLLED_BACK'])
    expect([table.bet('b2').status, table.round(seat)?.status]).toEqual(['OPEN', 'OPEN'])
  })

  test('before its bet is paid when it comes again after it', () => {
    const table = openTable()
    const seat = table.seat()
    const win = table.commands.win(seat, { key: 'w', referenceKey: 'b' })
    expect(table.play(win).verdict).toBe('REFERENCE_UNKNOWN')
    table.play(table.commands.bet(seat, { key: 'b' }))
    expect(table.play(win)).toMatchObject({ verdict: 'OK', balanceMinor: 1000n })
  })
})
