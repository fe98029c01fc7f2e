import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command } from '../../../src/domain/money/types.ts'
import { openTable } from '../../support/gaming-table.ts'
import { step } from '../../support/histories.ts'
import { ReferenceModel } from '../../support/reference-model.ts'

const cash = 250n
const bonus = 60n

/** fast-check prints the seed and the path of a failure; both go here to play it again. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000)
/** More of them, for a long run. */
const histories = Number(process.env['HISTORIES'] ?? 200)

test(`random histories are answered and end as the reference model says (SEED=${seed})`, () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (history) => {
      const table = openTable()
      const seat = table.seat({ cashMinor: cash, bonusMinor: bonus })
      const model = new ReferenceModel(cash, bonus, (id) => table.state.rounds.get(id)?.roundKey)
      const before: Command[] = []
      for (const play of history) {
        const command = play(table, seat, before)
        before.push(command)
        const { verdict, first } = table.play(command)
        expect(first === undefined ? { verdict } : { verdict, first }).toEqual(model.play(command))
        seen.add(`${command.kind} ${verdict}`)
        const { cashMinor, bonusMinor, owedMinor } = table.wallet(seat)
        expect([cashMinor, bonusMinor, owedMinor]).toEqual([model.cash, model.bonus, -model.owed])
        expect(table.accounts()['STAKES'] ?? 0n).toBe(model.stakes)
      }
      const bets = [...table.state.bets.values()].map((bet) => [
        bet.transactionKey,
        bet.status,
        bet.payoutMinor,
      ])
      expect(bets).toEqual([...model.bets].map(([name, bet]) => [name, bet.state, bet.paid]))
      const rounds = [...table.state.rounds.values()].map((round) => [round.roundKey, round.status])
      expect(new Set(rounds)).toEqual(new Set(model.rounds))
      const sums = Object.values(table.accounts())
      expect(sums.reduce((total, sum) => total + sum, 0n)).toBe(0n)
    }),
    { numRuns: histories, seed },
  )
  // The histories are worth something: they come to each of these.
  expect([...seen]).toEqual(expect.arrayContaining(reached))
})

const reached = [
  ...['OK', 'FUNDS', 'TOMBSTONED', 'REPLAY', 'DUPLICATE_CONFLICT'].map((verdict) => `BET ${verdict}`),
  ...['OK', 'REFERENCE_UNKNOWN', 'REFERENCE_ROLLED_BACK', 'REPLAY'].map((verdict) => `WIN ${verdict}`),
  ...['OK', 'ALREADY_SETTLED', 'REPLAY', 'DUPLICATE_CONFLICT'].map((verdict) => `ROLLBACK ${verdict}`),
  ...['OK', 'REFERENCE_UNKNOWN', 'REPLAY'].map((verdict) => `END_ROUND ${verdict}`),
  ...['OK', 'FUNDS', 'REPLAY'].map((verdict) => `ADJUSTMENT ${verdict}`),
  'PROMO OK',
  'DEPOSIT OK',
  'WITHDRAWAL FUNDS',
  ...['OK', 'ALREADY_SETTLED'].map((verdict) => `VOID_ROUND ${verdict}`),
]

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  )
}

const story = ['bet', 'bet', 'win', 'win', 'rollback', 'rollback'] as const

test('every order of a bet, its win and its rollback, each sent twice, ends either won or as if nothing was', () => {
  const ends = new Map<string, number>()
  for (const order of permutations(story)) {
    const table = openTable()
    const seat = table.seat({ cashMinor: 1000n })
    const made = {
      bet: table.commands.bet(seat, { key: 'b' }),
      win: table.commands.win(seat, { key: 'w', referenceKey: 'b', amountMinor: 250n, closesRound: true }),
      rollback: table.commands.rollback(seat, { key: 'x', referenceKey: 'b' }),
    }
    for (const name of order) table.play(made[name])
    // Whoever was told to come again does.
    for (const name of story) table.play(made[name])
    const [bet] = table.state.bets.values()
    const end = `${table.wallet(seat).cashMinor} ${bet?.status ?? 'no bet'} ${bet?.payoutMinor ?? 0n}`
    ends.set(end, (ends.get(end) ?? 0) + 1)
    expect(table.accounts()['STAKES'] ?? 0n).toBe(0n)
  }
  // Of 720 orders half have a rollback before any bet; in the others the first of win and rollback decides.
  expect(Object.fromEntries(ends)).toEqual({
    '1000 no bet 0': 360,
    '1000 ROLLED_BACK 0': 208,
    '1150 SETTLED 250': 152,
  })
})
