import { describe, expect, test } from 'vitest'
import { bucketOf, mustBeTold, statusOf } from '../../../src/domain/reconciliation/compare.ts'
import type {
  BookedTransaction,
  ReportedTransaction,
  ToldStatus,
} from '../../../src/domain/reconciliation/types.ts'

const theirs = (given: Partial<ReportedTransaction> = {}): ReportedTransaction => ({
  transactionKey: 'k',
  kind: 'BET',
  status: 'SUCCESS',
  amount: '1.00',
  amountMinor: 100n,
  currency: 'EUR',
  round: null,
  player: null,
  game: null,
  at: new Date(0),
  ...given,
})

const ours = (given: Partial<BookedTransaction> = {}): BookedTransaction => ({
  transactionKey: 'k',
  id: 'i',
  kind: 'BET',
  verdict: 'OK',
  undone: false,
  amountMinor: 100n,
  currency: 'EUR',
  playerId: null,
  roundId: null,
  betId: 'b',
  recordedAt: new Date(0),
  ...given,
})

const standing = ours()
const declined = ours({ verdict: 'FUNDS' })
const undone = ours({ undone: true })
const tombstone = ours({
  kind: 'TOMBSTONE',
  verdict: 'TOMBSTONED',
  amountMinor: null,
  currency: null,
  betId: null,
})

describe('a bet', () => {
  test.each<[ToldStatus, string, BookedTransaction | undefined, string | undefined]>([
    ['SUCCESS', 'stands', standing, undefined],
    ['SUCCESS', 'was declined', declined, 'STATUS'],
    ['SUCCESS', 'was rolled back', undone, 'STATUS'],
    ['SUCCESS', 'was rolled back before it came', tombstone, 'STATUS'],
    ['SUCCESS', 'is unknown', undefined, 'MISSING_HERE'],
    ['DECLINED', 'stands', standing, 'STATUS'],
    ['DECLINED', 'was declined', declined, undefined],
    ['DECLINED', 'was rolled back', undone, undefined],
    ['DECLINED', 'is unknown', undefined, undefined],
    ['ROLLED_BACK', 'stands', standing, 'STATUS'],
    ['ROLLED_BACK', 'was declined', declined, undefined],
    ['ROLLED_BACK', 'was rolled back', undone, undefined],
    ['ROLLED_BACK', 'was rolled back before it came', tombstone, undefined],
    ['ROLLED_BACK', 'is unknown', undefined, undefined],
    ['UNDELIVERED', 'stands', standing, 'STATUS'],
    ['UNDELIVERED', 'was declined', declined, undefined],
    ['UNDELIVERED', 'is unknown', undefined, undefined],
  ])('that is %s there and %s here: %4$s', (status, _what, booked, bucket) => {
    expect(bucketOf(theirs({ status }), booked)).toBe(bucket)
  })
})

test.each(['WIN', 'ROLLBACK'] as const)('a %s that could not be delivered is still due', (kind) => {
  const undelivered = theirs({ kind, status: 'UNDELIVERED' })
  expect(bucketOf(undelivered, undefined)).toBe('MISSING_HERE')
  expect(bucketOf(undelivered, ours({ kind, verdict: 'REFERENCE_ROLLED_BACK' }))).toBe('STATUS')
  expect(bucketOf(undelivered, ours({ kind }))).toBeUndefined()
})

describe('of two that stand', () => {
  test.each([
    ['an amount', { amountMinor: 101n }, 'AMOUNT'],
    ['an amount that the currency cannot hold', { amount: '1.00001', amountMinor: null }, 'AMOUNT'],
    ['a currency, before the amount', { currency: 'USD', amountMinor: 101n }, 'CURRENCY'],
    ['a kind, before all else', { kind: 'WIN', currency: 'USD', amountMinor: 101n }, 'KIND'],
    ['a kind that nobody can compare', { kind: 'OTHER' }, undefined],
  ] as const)('%s differs', (_name, given, bucket) => {
    expect(bucketOf(theirs(given), standing)).toBe(bucket)
  })

  test('a rollback has no amount of its own', () => {
    const rollback = ours({ kind: 'ROLLBACK', amountMinor: null, currency: null })
    expect(bucketOf(theirs({ kind: 'ROLLBACK', amountMinor: 5n }), rollback)).toBeUndefined()
    expect(bucketOf(theirs({ kind: 'ROLLBACK', amount: null, currency: null }), rollback)).toBeUndefined()
  })

  test('a promotion is a win', () => {
    expect(bucketOf(theirs({ kind: 'WIN' }), ours({ kind: 'PROMO' }))).toBeUndefined()
  })
})

test.each([
  ['a bet that stands', standing, true],
  ['a bet that was declined', declined, false],
  ['a bet that was rolled back', undone, false],
  ['a win', ours({ kind: 'WIN' }), true],
  ['a rollback of something', ours({ kind: 'ROLLBACK' }), true],
  ['a rollback of nothing', ours({ kind: 'ROLLBACK', betId: null }), false],
  ['the end of a round', ours({ kind: 'END_ROUND' }), false],
  ['a tombstone', tombstone, false],
])('%s must be in the report: %3$s', (_name, booked, must) => {
  expect(mustBeTold(booked)).toBe(must)
})

test('a tombstone reads as rolled back', () => {
  expect(statusOf(tombstone)).toBe('ROLLED_BACK')
})
