// Random histories of one player at one game: few keys, so that commands meet.
import * as fc from 'fast-check'
import type { Command } from '../../src/domain/money/types.ts'
import type { Commands, Seat } from './commands.ts'

/** Where they are played: in memory, or on a database. */
export interface Stage<Sitting extends Seat> {
  readonly commands: Commands
  round(seat: Sitting, key: string): { readonly id: string } | undefined
}

/** The next command, given those before it. */
export type Play = <Sitting extends Seat>(
  stage: Stage<Sitting>,
  seat: Sitting,
  before: readonly Command[],
) => Command

/** Few keys, so that commands meet. Bets, wins and rollbacks share them: one key space. */
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5')
const roundKey = fc.constantFrom('r1', 'r2')
const amountMinor = fc.constantFrom(0n, 40n, 130n, 300n)
const closesRound = fc.oneof(
  { arbitrary: fc.constant(false), weight: 3 },
  { arbitrary: fc.constant(true), weight: 1 },
)
const played = { key, roundKey, amountMinor, closesRound }

const refuse = fc.constantFrom('ACCEPT' as const, 'REFUSE' as const)
const paidTo = fc.constantFrom('CASH' as const, 'BONUS' as const)

const steps = {
  bet: fc.record({ ...played, betKind: fc.constantFrom('REAL' as const, 'REAL' as const, 'FREE' as const) }),
  win: fc.record({
    ...played,
    referenceKey: key,
    freeWinsTo: paidTo,
    settlesBet: fc.boolean(),
    afterSettlement: fc.constantFrom('PAY' as const, 'REFUSE' as const),
  }),
  rollback: fc.record({
    key,
    roundKey,
    closesRound: fc.oneof(closesRound, fc.constant('WHEN_QUIET' as const)),
    referenceKey: key,
    afterWin: fc.constantFrom('REFUSE' as const, 'REVERSE_REFERENCED' as const),
    unmatched: refuse,
  }),
  endRound: fc.record({ key, roundKey }),
  promo: fc.record({ key, amountMinor, paidTo }),
  cash: fc.record({ key, amountMinor }),
  adjust: fc.record({
    key,
    amountMinor: fc.constantFrom(-130n, -40n, 40n),
    account: fc.constantFrom('CASH' as const, 'BONUS' as const, 'OWED' as const),
  }),
  resolve: fc.record({
    key,
    kind: fc.constantFrom('CLOSE_ROUND' as const, 'VOID_ROUND' as const),
    roundKey,
  }),
}

/** The provider sends something again. */
const again = fc.nat(29).map(
  (back): Play =>
    ({ commands }, seat, before) => {
      return before[back % before.length] ?? commands.endRound(seat, { key: 'k1', roundKey: 'r1' })
    },
)

/** What the platform itself does between the provider's calls. */
const ofPlatform: fc.Arbitrary<Play> = fc.oneof(
  steps.promo.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.promo(seat, given),
  ),
  steps.cash.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.deposit(seat, given),
  ),
  steps.cash.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.withdraw(seat, given),
  ),
  steps.adjust.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.adjust(seat, given),
  ),
  steps.resolve.map(
    ({ roundKey: round, ...given }): Play =>
      (table, seat) =>
        table.commands.resolve(seat, { ...given, roundId: table.round(seat, round)?.id ?? 'none' }),
  ),
)

export const step: fc.Arbitrary<Play> = fc.oneof(
  steps.bet.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.bet(seat, given),
  ),
  steps.win.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.win(seat, given),
  ),
  steps.rollback.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.rollback(seat, given),
  ),
  steps.endRound.map(
    (given): Play =>
      ({ commands }, seat) =>
        commands.endRound(seat, given),
  ),
  ofPlatform,
  again,
  again,
)
