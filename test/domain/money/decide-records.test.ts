// What a command leaves behind, to the last column: its transaction, its events' links, versions; and what it may not
// be decided on.
import { describe, expect, test } from 'vitest'
import { decide, refuse } from '../../../src/domain/money/decide.ts'
import { PutBack } from '../../../src/domain/money/deciding.ts'
import { transactionKeyOf } from '../../../src/domain/money/state.ts'
import type { Command } from '../../../src/domain/money/types.ts'
import { noon, openTable, stranger, type Table, type TableSeat } from '../../support/gaming-table.ts'

const rowOf = (table: Table, key: string, scopeId = table.desk.accountId) =>
  table.state.transactions.get(transactionKeyOf(scopeId, key)) ?? expect.fail(`no transaction ${key}`)

const eventsOf = (table: Table, key: string, scopeId?: string) => {
  const { id } = rowOf(table, key, scopeId)
  return table.pile.events.filter((event) => event.transactionId === id)
}

describe('the transaction of a command', () => {
  test('of a provider names everything that the command was about', () => {
    const table = openTable()
    const seat = table.seat({ cashMinor: 40n, bonusMinor: 60n })
    const providerTime = new Date(5)
    table.play(table.commands.bet(seat, { key: 'b', providerTime }))
    const bet = table.bet('b')
    const about = {
      scopeId: table.desk.accountId,
      brandId: table.desk.brandId,
      providerAccountId: table.desk.accountId,
      playerId: seat.playerId,
      walletId: seat.walletId,
      sessionId: seat.session.id,
      roundId: bet.roundId,
      betId: bet.id,
      currency: 'EUR',
      verdict: 'OK',
      reversedById: null,
      recordedAt: noon,
    }
    expect(rowOf(table, 'b')).toMatchObject({
      ...about,
      kind: 'BET',
      amountMinor: 100n,
      bonusMinor: 60n,
      jackpotMinor: null,
      referenceKey: null,
      providerTime,
      transactionKey: 'b',
    })
    const win = table.commands.win(seat, { key: 'w', referenceKey: 'b', jackpotMinor: 90n })
    table.play(win)
    expect(rowOf(table, 'w')).toMatchObject({
      ...about,
      kind: 'WIN',
      amountMinor: 100n,
      bonusMinor: 60n,
      jackpotMinor: 90n,
      referenceKey: 'b',
      providerTime: null,
      fingerprint: win.fingerprint,
    })
    expect(table.events('w')).toEqual(['WinRecorded 100 kind REAL bonusMinor 60 jackpotMinor 90'])
    table.play(table.commands.rollback(seat, { key: 'x', referenceKey: 'b', afterWin: 'REVERSE_REFERENCED' }))
    expect(rowOf(table, 'x')).toMatchObject({
      ...about,
      kind: 'ROLLBACK',
      amountMinor: null,
      bonusMinor: 60n,
      currency: null,
      referenceKey: 'b',
    })
  })

  test('of a win whose token is not known is about its bet', () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b' }))
    const lost = {
      ...table.commands.win(seat, { key: 'w', referenceKey: 'b' }),
      tokenHash: stranger.tokenHash,
    }
    const outcome = table.play(lost)
    const links = { playerId: seat.playerId, walletId: seat.walletId, sessionId: seat.session.id }
    expect(outcome).toMatchObject({ verdict: 'OK', ...links })
    expect(rowOf(table, 'w')).toMatchObject(links)
  })

  test.each([
    ['BONUS', 100n, 100n],
    ['CASH', 100n, null],
    ['BONUS', -5n, -5n],
  ] as const)('of a correction of %s by %i tells its bonus part', (account, amountMinor, bonusMinor) => {
    const table = openTable()
    const { brandId } = table.desk
    table.play(table.commands.adjust(table.seat({ bonusMinor: 5n }), { key: 'a', account, amountMinor }))
    expect(rowOf(table, 'a', brandId)).toMatchObject({ bonusMinor, providerAccountId: null, sessionId: null })
    const [event] = eventsOf(table, 'a', brandId)
    expect(event?.providerAccountId).toBeUndefined()
  })

  test('of a debt that is let off to the last unit is done', () => {
    const table = openTable()
    const seat = table.seat()
    const owe = (key: string, amountMinor: bigint) =>
      table.play(table.commands.adjust(seat, { key, account: 'OWED', amountMinor })).verdict
    expect([owe('a', -30n), owe('b', 31n), owe('c', 30n)]).toEqual(['OK', 'FUNDS', 'OK'])
    expect(table.wallet(seat).owedMinor).toBe(0n)
  })

  test.each([
    ['BONUS', 100n],
    ['CASH', null],
  ] as const)('of a gift to %s tells its bonus part', (paidTo, bonusMinor) => {
    const table = openTable()
    table.play(table.commands.promo(table.seat(), { key: 'p', paidTo }))
    expect(rowOf(table, 'p')).toMatchObject({ kind: 'PROMO', bonusMinor })
  })

  test('of a round that is voided tells the bonus of all its stakes, and when they were given back', () => {
    const table = openTable()
    const seat = table.seat({ cashMinor: 0n, bonusMinor: 150n })
    for (const [key, amountMinor] of [
      ['b1', 100n],
      ['b2', 50n],
    ] as const)
      table.play(table.commands.bet(seat, { key, amountMinor }))
    table.play(table.commands.bet(seat, { key: 'b3', betKind: 'FREE' }))
    const roundId = table.round(seat)?.id ?? expect.fail()
    table.play(table.commands.resolve(seat, { key: 'v', kind: 'VOID_ROUND', roundId }))
    expect(rowOf(table, 'v', table.desk.brandId)).toMatchObject({ bonusMinor: 150n, roundId, betId: null })
    expect(table.bet('b1')).toMatchObject({ status: 'VOIDED', settledAt: noon })
    expect(table.bet('b3').status).toBe('VOIDED')
    expect(table.wallet(seat)).toMatchObject({ cashMinor: 0n, bonusMinor: 150n })
    expect(table.round(seat)).toMatchObject({ status: 'COMPLETED', completedAt: noon })
  })
})

describe('versions', () => {
  test('count the changes of bet and round, and the legs on the wallet', () => {
    const table = openTable()
    const seat = table.seat({ cashMinor: 50n, bonusMinor: 50n })
    table.play(table.commands.bet(seat, { key: 'b' }))
    expect([table.wallet(seat).version, table.bet('b').version]).toEqual([2n, 1n])
    table.play(table.commands.win(seat, { key: 'w', referenceKey: 'b', closesRound: true }))
    expect(table.wallet(seat).version).toBe(4n)
    expect(table.bet('b')).toMatchObject({ version: 3n, settledAt: noon })
    expect(table.round(seat)?.version).toBe(2n)
    expect(table.pile.legs.map(({ walletVersion }) => walletVersion).filter((one) => one !== null)).toEqual([
      1n,
      2n,
      3n,
      4n,
    ])
  })
})

describe('a rollback of a part', () => {
  const part = (wholeMinor: bigint | undefined, referenceKey = 'b') => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b' }))
    table.play(table.commands.rollback(seat, { key: 'y', referenceKey: 'unheard of' }))
    const rollback = table.commands.rollback(seat, { key: 'x', referenceKey })
    const { verdict } = table.play(wholeMinor === undefined ? rollback : { ...rollback, wholeMinor })
    return { verdict, stored: table.state.transactions.has(transactionKeyOf(table.desk.accountId, 'x')) }
  }

  test('is a mistake that leaves nothing', () => {
    expect(part(99n)).toEqual({ verdict: 'BAD_REQUEST', stored: false })
  })

  test('is none when it is the whole, when it names no amount, or when what it names has none', () => {
    expect(part(100n)).toEqual({ verdict: 'OK', stored: true })
    expect(part(undefined)).toEqual({ verdict: 'OK', stored: true })
    expect(part(7n, 'y')).toEqual({ verdict: 'OK', stored: true })
  })
})

describe('a bet that names no game', () => {
  test.each(['ENABLED', 'DISABLED'] as const)("is for the session's, which is %s", (gameStatus) => {
    const table = openTable()
    const seat = table.seat()
    const hash = seat.tokenHash.toString('hex')
    table.state.sessions.set(hash, { ...seat.session, gameStatus })
    const { gameCode: _, ...bet } = table.commands.bet(seat, { key: 'b' })
    const outcome = table.play(bet)
    expect(outcome.verdict).toBe(gameStatus === 'ENABLED' ? 'OK' : 'GAME')
    if (outcome.verdict === 'OK') expect(table.bet('b').gameId).toBe(seat.session.gameId)
  })
})

describe('what belongs to a player who is not locked', () => {
  /** The same, with the player's lock gone. */
  const unlocked = (table: Table, { playerId }: TableSeat, command: Command) => {
    table.state.players.delete(playerId)
    return () => decide(table.state, command, noon)
  }

  test('is never decided upon', () => {
    for (const kind of ['bet', 'win', 'rollback', 'promo', 'endRound'] as const) {
      const table = openTable()
      const seat = table.seat()
      table.play(table.commands.bet(seat, { key: 'b' }))
      const lost = { tokenHash: stranger.tokenHash }
      const made: Record<typeof kind, Command> = {
        bet: table.commands.bet(seat, { key: 'n' }),
        win: { ...table.commands.win(seat, { key: 'n', referenceKey: 'b' }), ...lost },
        rollback: { ...table.commands.rollback(seat, { key: 'n', referenceKey: 'b' }), ...lost },
        promo: table.commands.promo(seat, { key: 'n' }),
        endRound: table.commands.endRound(seat, { key: 'n' }),
      }
      expect(unlocked(table, seat, made[kind]), kind).toThrow(PutBack)
    }
  })

  test('nor a round whose open bets were not all read', () => {
    const table = openTable()
    const seat = table.seat()
    table.play(table.commands.bet(seat, { key: 'b' }))
    table.state.completable.clear()
    const end = table.commands.endRound(seat, { key: 'e' })
    expect(() => decide(table.state, end, noon)).toThrow(PutBack)
    const win = table.commands.win(seat, { key: 'w', referenceKey: 'b', closesRound: true })
    expect(() => decide(table.state, win, noon)).toThrow(PutBack)
  })
})

describe('a refusal of a unit', () => {
  test('is remembered as the command would have been, without what it was decided on', () => {
    const table = openTable()
    const seat = table.seat()
    const bet = table.commands.bet(seat, { key: 'b' })
    const refused = {
      verdict: 'FUNDS' as const,
      brandId: table.desk.brandId,
      transactionId: 'of the trial',
      playerId: seat.playerId,
      walletId: seat.walletId,
      sessionId: seat.session.id,
      balanceMinor: 1n,
    }
    const { outcome, draft } = refuse(table.state, bet, refused, noon)
    const [row] = draft.transactions
    expect(row).toMatchObject({ verdict: 'FUNDS', transactionKey: 'b', walletId: seat.walletId })
    expect(outcome).toMatchObject({ verdict: 'FUNDS', balanceMinor: 1000n, transactionId: row?.id })
    expect(draft.events.map(({ type }) => type)).toEqual(['TransactionDeclined'])
  })

  test.each([
    ['REPLAY', 'FUNDS', 'first'],
    ['DUPLICATE_CONFLICT', undefined, 'first'],
    ['SESSION_INVALID', undefined, undefined],
  ] as const)('that is %s leaves nothing and names what was there', (verdict, first, transactionId) => {
    const table = openTable()
    const bet = table.commands.bet(table.seat(), { key: 'b' })
    const known = {
      verdict,
      brandId: table.desk.brandId,
      transactionId: 'first',
      ...(first ? { first } : {}),
    }
    const { outcome, draft } = refuse(table.state, bet, known, noon)
    expect([draft.transactions, draft.events]).toEqual([[], []])
    expect([outcome.verdict, outcome.first, outcome.transactionId]).toEqual([verdict, first, transactionId])
  })
})

test('the newest bet of a round is the one that came last, of those that stand', () => {
  const table = openTable()
  const seat = table.seat()
  const { bet, win, rollback } = table.commands
  // Of one moment, as the bets of a batch are.
  const keys = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']
  for (const key of keys) table.play(bet(seat, { key }))
  const [newest, middle] = keys.map((key) => table.bet(key)).toReversed()
  const pay = (key: string) => {
    const { referenceKey: _, ...unnamed } = win(seat, { key, settlesBet: true })
    return table.play(unnamed).betId
  }
  expect(pay('w1')).toBe(newest?.id)
  // Settled, it still stands; taken back, it does not.
  expect(pay('w2')).toBe(newest?.id)
  const referenceKey = newest?.transactionKey ?? ''
  table.play(rollback(seat, { key: 'x', referenceKey, afterWin: 'REVERSE_REFERENCED' }))
  expect(pay('w3')).toBe(middle?.id)
})
