import { describe, expect, test } from 'vitest'
import type { PlannedCall, Step } from '../../src/simulator/calls.ts'
import { type PlanOptions, plan } from '../../src/simulator/plan.ts'

const options: PlanOptions = {
  seed: '7',
  run: 'a',
  openingMinor: Array.from({ length: 40 }, () => 0n),
  gameCodes: ['book', 'wheel'],
  unitMinor: 100n,
  calls: 2_000,
  faultShare: 0.5,
}

const callsOf = (steps: readonly Step[]): PlannedCall[] =>
  steps.flatMap((step) => (step.kind === 'CALLS' ? step.calls : []))

const played = [...plan(options)]

/** What is played, without the ids it is played under. */
const shape = (steps: readonly Step[]) =>
  steps.map((step) => {
    if (step.kind !== 'CALLS') return { ...step, key: '' }
    const calls = step.calls.map((call) => [
      call.kind,
      call.trait,
      call.amountMinor,
      call.gameCode,
      call.expected,
    ])
    return { player: step.player, calls }
  })

describe('a plan', () => {
  test('is the same for the same seed', () => {
    expect([...plan(options)]).toEqual(played)
  })

  test('is the same play under other ids in another run', () => {
    const other = [...plan({ ...options, run: 'b' })]
    expect(shape(other)).toEqual(shape(played))
    const keys = new Set(callsOf(played).map((call) => call.transactionKey))
    expect(callsOf(other).filter((call) => keys.has(call.transactionKey))).toEqual([])
  })

  test('is another play for another seed', () => {
    expect(shape([...plan({ ...options, seed: '8' })])).not.toEqual(shape(played))
  })

  test.each([1, 2, 3, 10, 777])('of %i calls has exactly so many', (calls) => {
    expect(callsOf([...plan({ ...options, calls })])).toHaveLength(calls)
  })

  test('finishes every round it begins: each bet that takes effect is paid, lost or taken back', () => {
    const calls = callsOf(played)
    const closed = new Set(calls.flatMap((call) => (call.closesRound ? [call.roundKey] : [])))
    const sure = calls.filter(({ kind, expected }) => kind === 'BET' && expected[0] === 'RS_OK')
    expect(sure.filter((call) => !closed.has(call.roundKey))).toEqual([])
  })

  test('never lets a player stake more than there is', () => {
    expect(callsOf(played).filter(({ cashMinor }) => cashMinor !== undefined && cashMinor < 0n)).toEqual([])
  })

  test('without faults expects nothing but success', () => {
    const calls = callsOf([...plan({ ...options, faultShare: 0 })])
    expect(new Set(calls.flatMap(({ expected }) => expected))).toEqual(new Set(['RS_OK']))
  })

  test('has the faults that are asked for, and no others', () => {
    const calls = callsOf([...plan({ ...options, faults: ['CONFLICT'] })])
    expect(new Set(calls.map(({ trait }) => trait))).toEqual(new Set(['PLAIN', 'ROLLBACK', 'CONFLICT']))
  })
})
